import { GemError, show } from "../errors.ts";
import {
  badRange,
  checkCount,
  checkEnd,
  checkInteger,
  invalidArgument,
  MAX_RANGE,
  rangeWidth,
} from "./arguments.ts";
import { MT_WORDS, Mt19937 } from "./mt19937.ts";
import { seedWords } from "./seed-words.ts";
import { itemAt, swap, type MutableArrayLike } from "./sequence.ts";
import { isRecord, readStateWords, type StateWords } from "./state-words.ts";
import { cumulate, pickWeighted, type ChoicesOptions } from "./weights.ts";

const TWO_32 = 2 ** 32;

/** Up to this population size `sample` keeps a working copy, for small samples. */
const SMALL_POPULATION = 21;

/** A snapshot of a `PythonRandom` as plain data. */
export interface PythonRandomState {
  /** The twister's state words, shape [624]. */
  readonly words: Uint32Array;
  /** How many words of the current block are used up, 0 … 624. */
  readonly index: number;
  /** The second half of the last pair that `gauss` made, or null when it is used up. */
  readonly gauss_next: number | null;
}

/** A snapshot as `setState` takes it: from a wire its words may come as bytes or plain numbers. */
export interface PythonRandomStateInput extends Omit<PythonRandomState, "words"> {
  readonly words: StateWords;
}

/**
 * CPython's `random.Random`: from the same seed, the same calls give the same values and leave the same state.
 *
 * Sizes, bounds and weights are checked before anything is drawn; a wrong one throws GEM_INVALID_ARGUMENT.
 *
 * Source: CPython 3.11, `Lib/random.py` and `Modules/_randommodule.c`.
 */
export class PythonRandom {
  readonly #mt: Mt19937;
  #gaussNext: number | null = null;

  /**
   * @param source a seed as for `seed`, or a started twister to draw from
   * @throws GEM_INVALID_SEED
   */
  constructor(source: bigint | number | Mt19937) {
    if (source instanceof Mt19937) {
      this.#mt = source;
    } else {
      this.#mt = new Mt19937();
      this.seed(source);
    }
  }

  /**
   * Starts anew from an integer of any size; a negative one counts as its absolute value.
   *
   * @throws GEM_INVALID_SEED when it is not an integer, or a number beyond ±(2^53 - 1)
   */
  seed(seed: bigint | number): void {
    this.#mt.initByArray(seedWords(seed));
    this.#gaussNext = null;
  }

  /** A float64 from [0, 1) with 53 random bits. */
  random(): number {
    const high = this.#mt.nextUint32() >>> 5;
    const low = this.#mt.nextUint32() >>> 6;
    return (high * 67_108_864 + low) / 9_007_199_254_740_992;
  }

  /** An integer of `k` random bits, `k` ≥ 0. */
  getrandbits(k: number): bigint {
    checkCount("k", k);
    let digits = "";
    for (let left = k; left > 0; left -= 32) {
      const word = this.bits32(Math.min(left, 32));
      digits = word.toString(16).padStart(8, "0") + digits;
    }
    return digits === "" ? 0n : BigInt(`0x${digits}`);
  }

  /** `getrandbits` as a number, for `k` from 1 to 32. */
  bits32(k: number): number {
    if (!Number.isInteger(k) || k < 1 || k > 32) {
      throw invalidArgument(`k must be an integer from 1 to 32, got ${show(k)}. See getrandbits.`);
    }
    return this.#mt.nextUint32() >>> (32 - k);
  }

  /** An integer from [0, n), for `n` from 1 to 2^53. It draws even when `n` is 1. */
  randbelow(n: number): number {
    if (!Number.isInteger(n) || n < 1 || n > MAX_RANGE) {
      throw invalidArgument(`n must be an integer from 1 to 2^53, got ${show(n)}.`);
    }
    return this.#below(n);
  }

  /** An integer from [a, b], both included. */
  randint(a: number, b: number): number {
    checkInteger("a", a);
    checkInteger("b", b);
    const width = rangeWidth(a, b + 1);
    if (!(width >= 1)) throw badRange(`randint(${a}, ${b})`, width);
    return a + this.#below(width);
  }

  /** An integer from `range(start)`, or from `range(start, stop, step)`. */
  randrange(start: number, stop?: number, step = 1): number {
    const first = stop === undefined ? 0 : start;
    const end = stop ?? start;
    checkEnd("start", first);
    checkEnd("stop", end);
    checkInteger("step", step);
    if (step === 0) throw invalidArgument("step must not be 0.");
    const width = step > 0 ? rangeWidth(first, end) : rangeWidth(end, first);
    if (!(width >= 1)) throw badRange(`randrange(${first}, ${end}, ${step})`, width);
    const stride = Math.abs(step);
    const rest = width % stride;
    const count = (width - rest) / stride + (rest > 0 ? 1 : 0);
    return first + step * this.#below(count);
  }

  /** One item of a sequence that is not empty. */
  choice<T>(sequence: ArrayLike<T>): T {
    if (sequence.length === 0) throw invalidArgument("choice() needs at least one item.");
    return itemAt(sequence, this.#below(sequence.length));
  }

  /** `k` items, drawn with replacement. */
  choices<T>(population: ArrayLike<T>, k = 1, options: ChoicesOptions = {}): T[] {
    checkCount("k", k);
    const n = population.length;
    const sums = cumulate(n, options);
    if (n === 0 && k > 0) throw invalidArgument("choices() needs at least one item.");
    const picked: T[] = [];
    for (let i = 0; i < k; i++) {
      const draw = this.random();
      picked.push(itemAt(population, sums ? pickWeighted(sums, draw) : Math.floor(draw * n)));
    }
    return picked;
  }

  /** `k` different items of a sequence, or of `range(population)` when the population is a number. */
  sample(population: number, k: number): number[];
  sample<T>(population: ArrayLike<T>, k: number): T[];
  sample(population: ArrayLike<unknown> | number, k: number): unknown[] {
    const isRange = typeof population === "number";
    const n = isRange ? population : population.length;
    checkRangeLength(n);
    checkCount("k", k);
    if (k > n) {
      throw invalidArgument(`sample() cannot take ${k} items from ${n}. Pass k from 0 to ${n}.`);
    }
    const indices = n <= copyLimit(k) ? this.#sampleFromCopy(n, k) : this.#sampleByRetry(n, k);
    return isRange ? indices : indices.map((index) => population[index]);
  }

  /** Puts the items of an array into random order, in place. */
  shuffle<T>(items: MutableArrayLike<T>): void {
    for (let i = items.length - 1; i > 0; i--) swap(items, i, this.#below(i + 1));
  }

  /** A float64 between `a` and `b`. */
  uniform(a: number, b: number): number {
    return a + (b - a) * this.random();
  }

  /**
   * A float64 from the normal distribution. It draws two numbers at every other call.
   *
   * The stream's position is CPython's; the value's last bits may differ, because the logarithm, sine and cosine of the
   * platform that CPython runs on may.
   */
  gauss(mu = 0, sigma = 1): number {
    let z = this.#gaussNext;
    this.#gaussNext = null;
    if (z === null) {
      const angle = this.random() * 2 * Math.PI;
      const radius = Math.sqrt(-2 * Math.log(1 - this.random()));
      z = Math.cos(angle) * radius;
      this.#gaussNext = Math.sin(angle) * radius;
    }
    return mu + z * sigma;
  }

  /** A snapshot; later draws do not change it. */
  getState(): PythonRandomState {
    return { words: this.#mt.copyWords(), index: this.#mt.index, gauss_next: this.#gaussNext };
  }

  /**
   * Continues from a snapshot, which is copied.
   *
   * @throws GEM_INVALID_STATE when it is no snapshot of a `PythonRandom`; this generator is unchanged then
   */
  setState(state: PythonRandomStateInput): void {
    const given: unknown = state;
    const fields = isRecord(given) ? given : {};
    const { index, gauss_next: gaussNext } = fields;
    const words = readStateWords(fields["words"], MT_WORDS, "PythonRandom");
    if (typeof index !== "number" || !Number.isInteger(index) || index < 0 || index > MT_WORDS) {
      throw invalidState("index", `an integer from 0 to ${MT_WORDS}`, index);
    }
    if (gaussNext !== null && (typeof gaussNext !== "number" || !Number.isFinite(gaussNext))) {
      throw invalidState("gauss_next", "null or a finite number", gaussNext);
    }
    this.#mt.setState(words, index);
    this.#gaussNext = gaussNext;
  }

  /** A generator in the same state that goes on by itself. */
  copy(): PythonRandom {
    const twin = new PythonRandom(this.#mt.copy());
    twin.#gaussNext = this.#gaussNext;
    return twin;
  }

  /** Draws as many bits as `n` itself has, until they are below `n`: a power of two rejects half of the draws. */
  #below(n: number): number {
    if (n >= TWO_32) return this.#belowWide(n);
    const mt = this.#mt;
    const unused = Math.clz32(n);
    let drawn = mt.nextUint32() >>> unused;
    while (drawn >= n) drawn = mt.nextUint32() >>> unused;
    return drawn;
  }

  /** As `#below` for 33 to 54 bits: the low word is drawn first, the bits are the top ones of the second. */
  #belowWide(n: number): number {
    const unused = Math.clz32(Math.floor(n / TWO_32));
    for (;;) {
      const low = this.#mt.nextUint32();
      const drawn = (this.#mt.nextUint32() >>> unused) * TWO_32 + low;
      if (drawn < n) return drawn;
    }
  }

  #sampleFromCopy(n: number, k: number): number[] {
    const pool = Array.from({ length: n }, (_, i) => i);
    const picked: number[] = [];
    for (let left = n; left > n - k; left--) {
      const j = this.#below(left);
      picked.push(itemAt(pool, j));
      pool[j] = itemAt(pool, left - 1);
    }
    return picked;
  }

  #sampleByRetry(n: number, k: number): number[] {
    const picked = new Set<number>();
    while (picked.size < k) picked.add(this.#below(n));
    return [...picked];
  }
}

/** The largest population from which `sample` takes `k` items out of a working copy. */
function copyLimit(k: number): number {
  if (k <= 5) return SMALL_POPULATION;
  let table = 4;
  while (table < 3 * k) table *= 4;
  return SMALL_POPULATION + table;
}

function checkRangeLength(n: number): void {
  if (Number.isInteger(n) && n >= 0 && n <= MAX_RANGE) return;
  throw invalidArgument(`The population of sample() must be 0 to 2^53 in size, got ${show(n)}.`);
}

function invalidState(name: string, allowed: string, value: unknown): GemError {
  return new GemError(
    "GEM_INVALID_STATE",
    `${name} of a PythonRandom state must be ${allowed}, got ${show(value)}. Pass what getState() returned.`,
  );
}
