import { decodeValue } from "./decode-value.ts";
import type { Chunk, Values } from "./column.ts";

/** The values of a chunk in memory. */
export class ChunkValues implements Values {
  readonly length: number;
  readonly #chunk: Chunk;

  constructor(chunk: Chunk) {
    this.#chunk = chunk;
    this.length = chunk.length;
  }

  get size(): number {
    const { bytes, offsets, numbers, missing } = this.#chunk;
    return bytes.byteLength + offsets.byteLength + numbers.byteLength + missing.byteLength;
  }

  at(index: number): unknown {
    const { encoding, bytes, offsets, numbers, missing } = this.#chunk;
    if (missing[index] === 1) return null;
    if (encoding === "number") return numbers[index];
    if (encoding === "boolean") return numbers[index] === 1;
    const start = offsets[index] ?? 0;
    return decodeValue(encoding, bytes, start, offsets[index + 1] ?? start);
  }
}
