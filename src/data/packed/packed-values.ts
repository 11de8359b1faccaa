import type { Encoding, Values } from "../columns/column.ts";
import { decodeValue } from "../columns/decode-value.ts";
import type { CheckedFile } from "./checked-file.ts";
import type { PackedChunk } from "./layout.ts";
import type { PageWindow } from "./page-window.ts";

/** A packed file that values are read from. */
export interface PackedFile {
  readonly file: CheckedFile;
  /** Says that reading failed, and forgets the file. @throws GEM_UNAVAILABLE always */
  readonly refuse: (error: unknown) => never;
}

/** Bytes of a value, on average, up to which values lie in memory as soon as one is asked for. */
const SHORT_BYTES = 16;

/** What lies in memory: where values are, or short ones themselves. */
interface Index {
  /** undefined: in the file. */
  readonly bytes: Uint8Array | undefined;
  readonly offsets: Uint32Array;
  readonly numbers: Float64Array;
  readonly missing: Uint8Array;
}

/** The values of a chunk in a packed file. Where they lie is read when the first is asked for, and each of them when it is, unless they are short. */
export class PackedValues implements Values {
  readonly length: number;
  readonly #encoding: Encoding;
  readonly #packed: PackedFile;
  readonly #chunk: PackedChunk;
  readonly #window: PageWindow;
  #index: Index | undefined;

  /** @param window the column's */
  constructor(packed: PackedFile, chunk: PackedChunk, window: PageWindow) {
    this.#packed = packed;
    this.#chunk = chunk;
    this.#window = window;
    this.#encoding = chunk[0];
    this.length = chunk[1];
  }

  get size(): number {
    if (this.#index === undefined) return 0;
    const { bytes, offsets, numbers, missing } = this.#index;
    return (bytes?.byteLength ?? 0) + offsets.byteLength + numbers.byteLength + missing.byteLength;
  }

  at(index: number): unknown {
    try {
      const { bytes, offsets, numbers, missing } = (this.#index ??= this.#readIndex());
      if (missing[index] === 1) return null;
      const encoding = this.#encoding;
      if (encoding === "number") return numbers[index];
      if (encoding === "boolean") return numbers[index] === 1;
      const from = offsets[index] ?? 0;
      const to = offsets[index + 1] ?? from;
      if (bytes !== undefined) return decodeValue(encoding, bytes, from, to);
      const place = this.#chunk[2];
      const found = this.#window.read(place + from, place + to);
      return decodeValue(encoding, found.bytes, found.start, found.start + to - from);
    } catch (error) {
      return this.#packed.refuse(error);
    }
  }

  #readIndex(): Index {
    const { file } = this.#packed;
    const [encoding, length, start, bytes, hasMissing] = this.#chunk;
    const isNumeric = encoding === "number" || encoding === "boolean";
    const numbersAt = start + bytes;
    const offsetsAt = numbersAt + (isNumeric ? length * 8 : 0);
    const missingAt = offsetsAt + (isNumeric ? 0 : (length + 1) * 4);
    const isShort = bytes <= length * SHORT_BYTES;
    return {
      bytes: isShort ? new Uint8Array(file.readCopy(start, numbersAt)) : undefined,
      numbers: new Float64Array(file.readCopy(numbersAt, offsetsAt)),
      offsets: new Uint32Array(file.readCopy(offsetsAt, missingAt)),
      missing: new Uint8Array(file.readCopy(missingAt, missingAt + hasMissing * length)),
    };
  }
}
