/**
 * Columns of a table. Their values lie outside of JavaScript's heap, packed, and are decoded when they are asked for:
 * tests of programming tasks can be gigabytes of text, and a string on the heap would be looked at by every collection.
 */

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

/** Consecutive values of one column, wherever they lie. */
export interface Values {
  readonly length: number;
  /** Memory that they take now, in bytes. */
  readonly size: number;
  /** A value, decoded; null where there is none. @param index 0 … length - 1 */
  at(index: number): unknown;
}

/** The values of one column, in parts. */
export class Column {
  readonly length: number;
  readonly #parts: readonly Values[];
  /** The row that each part starts with. */
  readonly #starts: readonly number[];

  constructor(parts: readonly Values[]) {
    const starts: number[] = [];
    let length = 0;
    for (const part of parts) {
      starts.push(length);
      length += part.length;
    }
    this.#parts = parts;
    this.#starts = starts;
    this.length = length;
  }

  /** Memory that the values take, in bytes. */
  get size(): number {
    return this.#parts.reduce((sum, { size }) => sum + size, 0);
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
    return this.#parts[low]?.at(row - (this.#starts[low] ?? 0)) ?? null;
  }
}
