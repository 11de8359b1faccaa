import { GemError, show } from "../errors.ts";
import { isExactInteger, seedWords } from "./seed-words.ts";

const POOL_WORDS = 4;
const HASH_START = 0x43b0_d7e5;
const HASH_MULTIPLIER = 0x931e_8875;
const OUTPUT_START = 0x8b51_f9dd;
const OUTPUT_MULTIPLIER = 0x58f3_8ded;
const MIX_LEFT = 0xca01_f9dd;
const MIX_RIGHT = 0x4973_f715;

/**
 * NumPy's `SeedSequence` without spawning: turns an integer into well-mixed words for seeding generators.
 *
 * Source: NumPy 2.4, `numpy/random/bit_generator.pyx`, after M. E. O'Neill's `seed_seq_fe`.
 */
export class SeedSequence {
  readonly #pool = new Uint32Array(POOL_WORDS);

  /** @throws GEM_INVALID_SEED when the entropy is not a non-negative integer, or a number beyond 2^53 - 1 */
  constructor(entropy: bigint | number) {
    if (isExactInteger(entropy) && entropy < 0) {
      throw new GemError(
        "GEM_INVALID_SEED",
        `A seed of a NumPy generator must be a non-negative integer, got ${show(entropy)}.`,
      );
    }
    this.#fill(seedWords(entropy));
  }

  /** The first `count` output words; the same at every call. */
  generateState(count: number): Uint32Array {
    let constant = OUTPUT_START;
    const words = new Uint32Array(count);
    for (let i = 0; i < count; i++) {
      const word = (this.#pool[i % POOL_WORDS] ?? 0) ^ constant;
      constant = Math.imul(constant, OUTPUT_MULTIPLIER);
      words[i] = fold(Math.imul(word, constant));
    }
    return words;
  }

  #fill(entropy: Uint32Array): void {
    const pool = this.#pool;
    let constant = HASH_START;
    const hash = (word: number): number => {
      const mixed = word ^ constant;
      constant = Math.imul(constant, HASH_MULTIPLIER);
      return fold(Math.imul(mixed, constant));
    };
    for (let i = 0; i < POOL_WORDS; i++) pool[i] = hash(entropy[i] ?? 0);
    for (let source = 0; source < POOL_WORDS; source++) {
      for (let target = 0; target < POOL_WORDS; target++) {
        if (source !== target) pool[target] = mix(pool[target] ?? 0, hash(pool[source] ?? 0));
      }
    }
    for (const word of entropy.subarray(POOL_WORDS)) {
      for (let target = 0; target < POOL_WORDS; target++) {
        pool[target] = mix(pool[target] ?? 0, hash(word));
      }
    }
  }
}

function mix(left: number, right: number): number {
  return fold(Math.imul(left, MIX_LEFT) - Math.imul(right, MIX_RIGHT));
}

function fold(word: number): number {
  return (word ^ (word >>> 16)) >>> 0;
}
