import type { Chunk } from "../columns/column.ts";

/** Offsets of a chunk are 32-bit numbers. */
const MOST_BYTES = 2 ** 32 - 1;
const NO_NUMBERS = new Float64Array(0);
const NO_BYTES = new Uint8Array(0);

/** Texts as bytes, each kept once under the number that it got; the numbers become a chunk. */
export class TextStore {
  #bytes: Uint8Array<ArrayBuffer>;
  #used = 0;
  readonly #ends: number[] = [];

  /** @param capacity bytes that are expected */
  constructor(capacity: number) {
    this.#bytes = new Uint8Array(capacity);
  }

  /** Copies a text. @returns its number: 0, 1, 2 … */
  add(text: Uint8Array): number {
    const end = this.#used + text.byteLength;
    if (end > this.#bytes.byteLength) {
      const larger = new Uint8Array(
        Math.min(MOST_BYTES, Math.max(end, this.#bytes.byteLength * 2)),
      );
      larger.set(this.#bytes.subarray(0, this.#used));
      this.#bytes = larger;
    }
    this.#bytes.set(text, this.#used);
    this.#used = end;
    return this.#ends.push(end) - 1;
  }

  /** The texts with these numbers, null for a missing one. The store is used up. */
  chunk(numbers: readonly (number | null)[]): Chunk {
    const { length } = numbers;
    const isPlain = length === this.#ends.length && numbers.every((number, i) => number === i);
    const offsets = new Uint32Array(length + 1);
    if (isPlain) {
      offsets.set(this.#ends, 1);
      return this.#chunkOf(length, this.#bytes, offsets, NO_BYTES);
    }
    const starts = [0, ...this.#ends];
    const sizeOf = (number: number | null): number =>
      number === null ? 0 : (starts[number + 1] ?? 0) - (starts[number] ?? 0);
    const total = numbers.reduce<number>((sum, number) => sum + sizeOf(number), 0);
    if (total > MOST_BYTES) throw new Error("a row group has a column of more than 4 GiB");
    const bytes = new Uint8Array(total);
    const missing = new Uint8Array(numbers.includes(null) ? length : 0);
    let used = 0;
    numbers.forEach((number, i) => {
      if (number === null) missing[i] = 1;
      else bytes.set(this.#bytes.subarray(starts[number], starts[number + 1]), used);
      used += sizeOf(number);
      offsets[i + 1] = used;
    });
    return this.#chunkOf(length, bytes, offsets, missing);
  }

  #chunkOf(length: number, bytes: Uint8Array, offsets: Uint32Array, missing: Uint8Array): Chunk {
    return { encoding: "text", length, bytes, offsets, numbers: NO_NUMBERS, missing };
  }
}
