/** Number of 32-bit words in the state of a Mersenne Twister. */
export const MT_WORDS = 624;

const SHIFT = 397;
const UPPER = 0x8000_0000;
const LOWER = 0x7fff_ffff;

/** The words that `init_by_array` starts from; they depend on no seed. */
const START = firstWords(19_650_218);

/**
 * The Mersenne Twister MT19937 with 32-bit output, as in CPython's `random` module. It holds zeros, and gives zeros, until
 * it is started with `initByArray` or `setState`.
 *
 * Source: Matsumoto and Nishimura, "Mersenne Twister", ACM TOMACS 8(1), 1998, with their 2002 initialisation.
 */
export class Mt19937 {
  readonly #words = new Uint32Array(MT_WORDS);
  #index = MT_WORDS;

  /** Starts from a key: at least one 32-bit word. */
  initByArray(key: Uint32Array): void {
    const words = this.#words;
    words.set(START);
    let previous = words[0] ?? 0;
    let i = 1;
    let k = 0;
    for (let count = Math.max(MT_WORDS, key.length); count > 0; count--) {
      const mixed = Math.imul(previous ^ (previous >>> 30), 1_664_525);
      previous = (((words[i] ?? 0) ^ mixed) + (key[k] ?? 0) + k) >>> 0;
      words[i] = previous;
      if (++i === MT_WORDS) {
        words[0] = previous;
        i = 1;
      }
      if (++k === key.length) k = 0;
    }
    for (let count = MT_WORDS - 1; count > 0; count--) {
      const mixed = Math.imul(previous ^ (previous >>> 30), 1_566_083_941);
      previous = (((words[i] ?? 0) ^ mixed) - i) >>> 0;
      words[i] = previous;
      if (++i === MT_WORDS) {
        words[0] = previous;
        i = 1;
      }
    }
    words[0] = UPPER;
    this.#index = MT_WORDS;
  }

  /** The next output, 0 … 2^32 - 1. */
  nextUint32(): number {
    if (this.#index >= MT_WORDS) this.#twist();
    let y = this.#words[this.#index++] ?? 0;
    y ^= y >>> 11;
    y ^= (y << 7) & 0x9d2c_5680;
    y ^= (y << 15) & 0xefc6_0000;
    return (y ^ (y >>> 18)) >>> 0;
  }

  /** How many words of the current block are used up, 0 … 624. */
  get index(): number {
    return this.#index;
  }

  /** A copy of the state words, shape [624]. */
  copyWords(): Uint32Array {
    return this.#words.slice();
  }

  /** Continues from 624 words, which are copied, and an index 0 … 624; the caller has checked both. */
  setState(words: ArrayLike<number>, index: number): void {
    this.#words.set(words);
    this.#index = index;
  }

  /** A twister that goes on from here by itself. */
  copy(): Mt19937 {
    const twin = new Mt19937();
    twin.setState(this.#words, this.#index);
    return twin;
  }

  #twist(): void {
    const words = this.#words;
    const wrap = MT_WORDS - SHIFT;
    let current = words[0] ?? 0;
    for (let i = 0; i < MT_WORDS - 1; i++) {
      const next = words[i + 1] ?? 0;
      const far = words[i < wrap ? i + SHIFT : i - wrap] ?? 0;
      words[i] = far ^ twisted(current, next);
      current = next;
    }
    words[MT_WORDS - 1] = (words[SHIFT - 1] ?? 0) ^ twisted(current, words[0] ?? 0);
    this.#index = 0;
  }
}

/** The top bit of one word and the rest of the next, shifted and, when odd, mixed with the twister's matrix. */
function twisted(current: number, next: number): number {
  const y = (current & UPPER) | (next & LOWER);
  return (y >>> 1) ^ (-(y & 1) & 0x9908_b0df);
}

function firstWords(seed: number): Uint32Array {
  const words = new Uint32Array(MT_WORDS);
  let previous = seed;
  words[0] = previous;
  for (let i = 1; i < MT_WORDS; i++) {
    previous = (Math.imul(previous ^ (previous >>> 30), 1_812_433_253) + i) >>> 0;
    words[i] = previous;
  }
  return words;
}
