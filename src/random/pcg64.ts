import { GemError, show } from "../errors.ts";
import { SeedSequence } from "./seed-sequence.ts";
import { isRecord, isUint32, readStateWords, type StateWords } from "./state-words.ts";

/** Words of the state, then of the increment. */
const WORDS = 8;
const BASE_16 = 2 ** 16;

/** A snapshot of a `Pcg64` as plain data. */
export interface Pcg64State {
  /** The 128-bit state, then the 128-bit increment, lowest word first, shape [8]. */
  readonly words: Uint32Array;
  /** Whether `uinteger` waits to be the next 32-bit output. */
  readonly has_uint32: boolean;
  /** The upper half of the 64-bit output that was last split into 32-bit ones; 0 before the first. */
  readonly uinteger: number;
}

/** A snapshot as `setState` takes it: from a wire its words may come as bytes or plain numbers. */
export interface Pcg64StateInput extends Omit<Pcg64State, "words"> {
  readonly words: StateWords;
}

/**
 * NumPy's `PCG64`: a 128-bit linear congruential generator with the XSL-RR output function.
 *
 * Source: M. E. O'Neill, "PCG", HMC-CS-2014-0905; NumPy 2.4, `numpy/random/src/pcg64`.
 */
export class Pcg64 {
  readonly #words = new Uint32Array(WORDS);
  #low = 0;
  #high = 0;
  #hasBuffered = false;
  #buffered = 0;

  /** Starts from `SeedSequence(seed)`, as NumPy does. @throws GEM_INVALID_SEED */
  constructor(seed: bigint | number) {
    const entropy = new SeedSequence(seed).generateState(WORDS);
    const [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0, g = 0, h = 0] = entropy;
    // The increment is twice the 128-bit number e f g h (64-bit halves, each low word first) plus one.
    this.#words.set(
      [(g << 1) | 1, (h << 1) | (g >>> 31), (e << 1) | (h >>> 31), (f << 1) | (e >>> 31)],
      4,
    );
    this.#step();
    this.#addToState(c, d, a, b);
    this.#step();
  }

  /** The next 32-bit output: the lower half of a 64-bit one, then its upper half. */
  nextUint32(): number {
    if (this.#hasBuffered) {
      this.#hasBuffered = false;
      return this.#buffered;
    }
    this.#advance();
    this.#hasBuffered = true;
    this.#buffered = this.#high;
    return this.#low;
  }

  /** The next 64-bit output; a buffered 32-bit half waits on. */
  nextUint64(): bigint {
    this.#advance();
    return (BigInt(this.#high) << 32n) | BigInt(this.#low);
  }

  /** A float64 from [0, 1) made of the upper 53 bits of the next 64-bit output; a buffered 32-bit half waits on. */
  nextDouble(): number {
    this.#advance();
    return (this.#high * 2_097_152 + (this.#low >>> 11)) / 9_007_199_254_740_992;
  }

  /** A snapshot; later draws do not change it. */
  getState(): Pcg64State {
    return {
      words: this.#words.slice(),
      has_uint32: this.#hasBuffered,
      uinteger: this.#buffered,
    };
  }

  /**
   * Continues from a snapshot, which is copied.
   *
   * @throws GEM_INVALID_STATE when it is no snapshot of a `Pcg64`; this generator is unchanged then
   */
  setState(state: Pcg64StateInput): void {
    const given: unknown = state;
    const fields = isRecord(given) ? given : {};
    const { has_uint32: hasBuffered, uinteger: buffered } = fields;
    const words = readStateWords(fields["words"], WORDS, "PCG64");
    if (((words[4] ?? 0) & 1) === 0) throw invalidState("The increment", "odd", words[4]);
    if (typeof hasBuffered !== "boolean") {
      throw invalidState("has_uint32", "true or false", hasBuffered);
    }
    if (!isUint32(buffered)) {
      throw invalidState("uinteger", "an integer from 0 to 2^32 - 1", buffered);
    }
    this.#words.set(words);
    this.#hasBuffered = hasBuffered;
    this.#buffered = buffered;
  }

  /** A generator in the same state that goes on by itself. */
  copy(): Pcg64 {
    const twin = new Pcg64(0);
    twin.setState(this.getState());
    return twin;
  }

  /** Steps and leaves the 64-bit output in `#low` and `#high`. */
  #advance(): void {
    this.#step();
    const words = this.#words;
    const top = words[3] ?? 0;
    const low = (words[2] ?? 0) ^ (words[0] ?? 0);
    const high = top ^ (words[1] ?? 0);
    const swapped = top >>> 31 === 1;
    const from = swapped ? high : low;
    const into = swapped ? low : high;
    const shift = (top >>> 26) & 31;
    // A shift by 32 does not exist, so the other word goes left in two parts.
    this.#low = ((from >>> shift) | ((into << 1) << (31 - shift))) >>> 0;
    this.#high = ((into >>> shift) | ((from << 1) << (31 - shift))) >>> 0;
  }

  /**
   * state = state · 0x2360ED051FC65DA44385DF649FCCF645 + increment, mod 2^128.
   *
   * Schoolbook multiplication of 32-bit words by 16-bit digits: each column sums at most four products below 2^48, which
   * float64 holds exactly.
   */
  #step(): void {
    const words = this.#words;
    const a = words[0] ?? 0;
    const b = words[1] ?? 0;
    const c = words[2] ?? 0;
    const d = words[3] ?? 0;
    const t0 = a * 0xf645 + (words[4] ?? 0);
    const t1 = a * 0x9fcc + Math.floor(t0 / BASE_16);
    const t2 = a * 0xdf64 + b * 0xf645 + (words[5] ?? 0) + Math.floor(t1 / BASE_16);
    const t3 = a * 0x4385 + b * 0x9fcc + Math.floor(t2 / BASE_16);
    const t4 = a * 0x5da4 + b * 0xdf64 + c * 0xf645 + (words[6] ?? 0) + Math.floor(t3 / BASE_16);
    const t5 = a * 0x1fc6 + b * 0x4385 + c * 0x9fcc + Math.floor(t4 / BASE_16);
    const t6 =
      a * 0xed05 +
      b * 0x5da4 +
      c * 0xdf64 +
      d * 0xf645 +
      (words[7] ?? 0) +
      Math.floor(t5 / BASE_16);
    const t7 = a * 0x2360 + b * 0x1fc6 + c * 0x4385 + d * 0x9fcc + Math.floor(t6 / BASE_16);
    words[0] = (t0 & 0xffff) | (t1 << 16);
    words[1] = (t2 & 0xffff) | (t3 << 16);
    words[2] = (t4 & 0xffff) | (t5 << 16);
    words[3] = (t6 & 0xffff) | (t7 << 16);
  }

  #addToState(...addend: readonly number[]): void {
    let carry = 0;
    addend.forEach((word, i) => {
      const sum = (this.#words[i] ?? 0) + word + carry;
      this.#words[i] = sum;
      carry = sum >= 2 ** 32 ? 1 : 0;
    });
  }
}

function invalidState(what: string, allowed: string, value: unknown): GemError {
  return new GemError(
    "GEM_INVALID_STATE",
    `${what} of a PCG64 state must be ${allowed}, got ${show(value)}. Pass what getState() returned.`,
  );
}
