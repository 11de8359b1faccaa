import { badRange, checkCount, checkEnd, checkInteger, rangeWidth } from "./arguments.ts";
import { Pcg64, type Pcg64State, type Pcg64StateInput } from "./pcg64.ts";
import { swap, type MutableArrayLike } from "./sequence.ts";

const TWO_32 = 2 ** 32;
const TWO_64 = 1n << 64n;

/** A snapshot of a `NumpyGenerator` as plain data. */
export type NumpyGeneratorState = Pcg64State;

/**
 * NumPy's `numpy.random.default_rng(seed)`: from the same seed, the same calls give the same values and leave the same state.
 *
 * Sizes and bounds are checked before anything is drawn; a wrong one throws GEM_INVALID_ARGUMENT.
 *
 * Source: NumPy 2.4, `numpy/random/_generator.pyx` and `numpy/random/src/distributions`.
 */
export class NumpyGenerator {
  readonly #pcg: Pcg64;

  /**
   * @param source a non-negative integer seed of any size, or a generator of bits to draw from
   * @throws GEM_INVALID_SEED when the seed is anything else, or a number beyond 2^53 - 1
   */
  constructor(source: bigint | number | Pcg64) {
    this.#pcg = source instanceof Pcg64 ? source : new Pcg64(source);
  }

  /** A 32-bit output, 0 … 2^32 - 1. */
  nextUint32(): number {
    return this.#pcg.nextUint32();
  }

  /** A 64-bit output, 0 … 2^64 - 1. */
  nextUint64(): bigint {
    return this.#pcg.nextUint64();
  }

  /** A float64 from [0, 1) with 53 random bits. */
  random(): number {
    return this.#pcg.nextDouble();
  }

  /** An integer from [0, low), or from [low, high); a range of one draws nothing. */
  integers(low: number, high?: number): number {
    const first = high === undefined ? 0 : low;
    const end = high ?? low;
    checkInteger("low", first);
    checkEnd("high", end);
    const size = rangeWidth(first, end);
    if (!(size >= 1)) throw badRange(`integers(${first}, ${end})`, size);
    if (size === 1) return first;
    if (size < TWO_32) return first + this.#below32(size);
    return first + (size === TWO_32 ? this.#pcg.nextUint32() : this.#below64(size));
  }

  /** The numbers 0 … n - 1, or a copy of an array, in random order. */
  permutation(n: number): number[];
  permutation<T>(items: ArrayLike<T>): T[];
  permutation(source: ArrayLike<unknown> | number): unknown[] {
    let items: unknown[];
    if (typeof source === "number") {
      checkCount("n", source);
      items = Array.from({ length: source }, (_, i) => i);
    } else {
      items = Array.from(source);
    }
    this.shuffle(items);
    return items;
  }

  /** Puts the items of an array into random order, in place. */
  shuffle<T>(items: MutableArrayLike<T>): void {
    for (let i = items.length - 1; i > 0; i--) swap(items, i, this.#upTo(i));
  }

  /** A snapshot; later draws do not change it. */
  getState(): NumpyGeneratorState {
    return this.#pcg.getState();
  }

  /**
   * Continues from a snapshot, which is copied.
   *
   * @throws GEM_INVALID_STATE when it is no snapshot of a `NumpyGenerator`; this one is unchanged then
   */
  setState(state: Pcg64StateInput): void {
    this.#pcg.setState(state);
  }

  /** A generator in the same state that goes on by itself. */
  copy(): NumpyGenerator {
    return new NumpyGenerator(this.#pcg.copy());
  }

  /** Masked rejection, which shuffles use: bits of as many as `max` has are drawn until they are not above it. */
  #upTo(max: number): number {
    const mask = 0xffff_ffff >>> Math.clz32(max);
    let drawn = (this.#pcg.nextUint32() & mask) >>> 0;
    while (drawn > max) drawn = (this.#pcg.nextUint32() & mask) >>> 0;
    return drawn;
  }

  /** Lemire's method with 32-bit outputs, for `n` below 2^32: the upper half of output · n, rejecting a few lower halves. */
  #below32(n: number): number {
    const threshold = (TWO_32 - n) % n;
    for (;;) {
      const drawn = this.#pcg.nextUint32();
      if (Math.imul(drawn, n) >>> 0 >= threshold) return upperHalf(drawn, n);
    }
  }

  /** Lemire's method with 64-bit outputs. */
  #below64(size: number): number {
    const n = BigInt(size);
    const threshold = (TWO_64 - n) % n;
    for (;;) {
      const product = this.#pcg.nextUint64() * n;
      if (BigInt.asUintN(64, product) >= threshold) return Number(product >> 64n);
    }
  }
}

/** The upper 32 bits of the 64-bit product of two 32-bit numbers. */
function upperHalf(a: number, b: number): number {
  const upper = (a >>> 16) * b;
  const lower = (a & 0xffff) * b;
  return Math.floor((upper + Math.floor(lower / 2 ** 16)) / 2 ** 16);
}
