/**
 * Columns of a table. Their values lie outside of JavaScript's heap, packed, and are decoded when they are asked for:
 * tests of programming tasks can be gigabytes of text, and a string on the heap would be looked at by every collection.
 */
import { deserialize } from "node:v8";

/** How the values of a chunk are packed; `value` is V8's own form of anything that can be cloned. */
export type Encoding = "text" | "bytes" | "value" | "number" | "boolean";

/** Consecutive values of one column; plain data that can be moved between threads. */
export interface Chunk {
  readonly encoding: Encoding;
  readonly length: number;
  /** What the values consist of, back to back; empty for numbers. */
  readonly bytes: Uint8Array;
  /** Where each value of `bytes` begins, and where the last one ends; empty for numbers. */
  readonly offsets: Uint32Array;
  /** The values that are numbers or 0 and 1; empty for others. */
  readonly numbers: Float64Array;
  /** 1 where there is no value; empty when there is one everywhere. */
  readonly missing: Uint8Array;
}

/** The values of one column, in chunks. */
export class Column {
  readonly length: number;
  readonly #chunks: readonly Chunk[];
  /** The row that each chunk starts with. */
  readonly #starts: readonly number[];

  constructor(chunks: readonly Chunk[]) {
    const starts: number[] = [];
    let length = 0;
    for (const chunk of chunks) {
      starts.push(length);
      length += chunk.length;
    }
    this.#chunks = chunks;
    this.#starts = starts;
    this.length = length;
  }

  /** Memory that the values take, in bytes. */
  get size(): number {
    return this.#chunks.reduce(
      (sum, { bytes, offsets, numbers, missing }) =>
        sum + bytes.byteLength + offsets.byteLength + numbers.byteLength + missing.byteLength,
      0,
    );
  }

  /** A value, decoded; null where there is none. @param row 0 … length - 1 */
  at(row: number): unknown {
    let low = 0;
    let high = this.#starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >>> 1;
      if ((this.#starts[middle] ?? 0) <= row) low = middle;
      else high = middle - 1;
    }
    const chunk = this.#chunks[low];
    return chunk === undefined ? null : decode(chunk, row - (this.#starts[low] ?? 0));
  }
}

function decode(chunk: Chunk, index: number): unknown {
  if (chunk.missing[index] === 1) return null;
  switch (chunk.encoding) {
    case "number":
      return chunk.numbers[index];
    case "boolean":
      return chunk.numbers[index] === 1;
    case "text":
    case "bytes":
    case "value":
      return unpack(chunk, index);
  }
}

function unpack({ encoding, bytes, offsets }: Chunk, index: number): unknown {
  const start = offsets[index] ?? 0;
  const end = offsets[index + 1] ?? start;
  if (encoding === "bytes") return bytes.slice(start, end);
  const part = Buffer.from(bytes.buffer, bytes.byteOffset + start, end - start);
  return encoding === "text" ? part.toString("utf8") : (deserialize(part) as unknown);
}
