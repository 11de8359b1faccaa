/** Packs the values of a column, one by one. */
import { serialize } from "node:v8";
import type { Chunk, Encoding } from "./column.ts";

/** Values and bytes after which a chunk is complete. */
const CHUNK_VALUES = 65_536;
const CHUNK_BYTES = 32 * 1024 * 1024;
const FIRST_BYTES = 16_384;
const NO_BYTES = new Uint8Array(0);
const NO_OFFSETS = new Uint32Array(0);
const NO_NUMBERS = new Float64Array(0);

/** Makes chunks of values; a chunk ends when it is large, or when a value of another type comes. */
export class ColumnBuilder {
  /** Values so far. */
  length = 0;
  readonly #emit: (chunk: Chunk) => void;
  #encoding: Encoding | undefined;
  #count = 0;
  #missing: number[] = [];
  #bytes = Buffer.alloc(0);
  #used = 0;
  #ends: number[] = [];
  #numbers: number[] = [];

  /** @param emit gets each complete chunk; its buffers belong to the receiver */
  constructor(emit: (chunk: Chunk) => void) {
    this.#emit = emit;
  }

  /** Adds a value. */
  push(value: unknown): void {
    this.length += 1;
    if (value === null || value === undefined) {
      this.#addMissing();
      return;
    }
    const encoding = encodingOf(value);
    if (this.#encoding !== encoding && this.#encoding !== undefined) this.flush();
    this.#encoding = encoding;
    if (encoding === "number") this.#numbers.push(Number(value));
    else if (encoding === "boolean") this.#numbers.push(value === true ? 1 : 0);
    else this.#addBytes(encoding, value);
    this.#count += 1;
    if (this.#count >= CHUNK_VALUES || this.#used >= CHUNK_BYTES) this.flush();
  }

  /** Adds a chunk that is packed already. */
  pushChunk(chunk: Chunk): void {
    this.flush();
    this.length += chunk.length;
    if (chunk.length > 0) this.#emit(chunk);
  }

  /** Adds missing values until there are `length`. */
  padTo(length: number): void {
    while (this.length < length) this.push(null);
  }

  /** Ends the chunk. */
  flush(): void {
    const length = this.#count;
    if (length === 0) return;
    const encoding = this.#encoding ?? "value";
    const isPacked = encoding !== "number" && encoding !== "boolean";
    const missing = this.#missing.length === 0 ? NO_BYTES : new Uint8Array(length);
    for (const index of this.#missing) missing[index] = 1;
    this.#emit({
      encoding,
      length,
      bytes: isPacked ? Uint8Array.from(this.#bytes.subarray(0, this.#used)) : NO_BYTES,
      offsets: isPacked ? offsetsOf(this.#ends) : NO_OFFSETS,
      numbers: isPacked ? NO_NUMBERS : Float64Array.from(this.#numbers),
      missing,
    });
    this.#encoding = undefined;
    this.#count = 0;
    this.#used = 0;
    this.#missing = [];
    this.#ends = [];
    this.#numbers = [];
  }

  #addMissing(): void {
    this.#missing.push(this.#count);
    // Whatever the encoding will be, each value has its place in both forms.
    this.#numbers.push(0);
    this.#ends.push(this.#used);
    this.#count += 1;
    if (this.#count >= CHUNK_VALUES) this.flush();
  }

  #addBytes(encoding: Encoding, value: unknown): void {
    if (typeof value === "string") {
      this.#reserve(value.length * 3);
      this.#used += this.#bytes.write(value, this.#used, "utf8");
    } else {
      const bytes =
        encoding === "value" || !(value instanceof Uint8Array) ? serialize(value) : value;
      this.#reserve(bytes.byteLength);
      this.#bytes.set(bytes, this.#used);
      this.#used += bytes.byteLength;
    }
    this.#ends.push(this.#used);
  }

  #reserve(bytes: number): void {
    const needed = this.#used + bytes;
    if (needed <= this.#bytes.byteLength) return;
    const larger = Buffer.allocUnsafeSlow(
      Math.max(needed, this.#bytes.byteLength * 2, FIRST_BYTES),
    );
    larger.set(this.#bytes.subarray(0, this.#used));
    this.#bytes = larger;
  }
}

function offsetsOf(ends: readonly number[]): Uint32Array {
  const offsets = new Uint32Array(ends.length + 1);
  offsets.set(ends, 1);
  return offsets;
}

function encodingOf(value: unknown): Encoding {
  if (typeof value === "string") return "text";
  if (typeof value === "number") return "number";
  if (typeof value === "boolean") return "boolean";
  if (typeof value === "bigint" && isSafe(value)) return "number";
  return value instanceof Uint8Array ? "bytes" : "value";
}

/** Whether an integer is exact as a number. */
function isSafe(value: bigint): boolean {
  return value >= BigInt(Number.MIN_SAFE_INTEGER) && value <= BigInt(Number.MAX_SAFE_INTEGER);
}

/** A value with its integers as numbers where these are exact, at every depth. */
export function plainIntegers(value: unknown): unknown {
  if (typeof value === "bigint") return isSafe(value) ? Number(value) : value;
  if (Array.isArray(value)) return value.map(plainIntegers);
  if (typeof value !== "object" || value === null) return value;
  if (ArrayBuffer.isView(value) || value instanceof Date) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, plainIntegers(item)]));
}
