/**
 * The form of a packed file: sections back to back, the checksum of each page of them, a description, and a trailer.
 *
 * | part | |
 * |---|---|
 * | sections | of each chunk: bytes and offsets, or numbers; then what is missing, unless nothing is |
 * | checksums | CRC-32 of each 4,096 bytes of the sections, uint32 each; the last page may be shorter |
 * | description | `Description` as JSON |
 * | trailer | uint32 each: bytes of the sections (lower, upper half), of the description, CRC-32 of checksums and description; then `GEMPACK1` |
 *
 * Numbers are in the machine's own order of bytes, which is part of the file's name.
 */
import type { Encoding } from "../columns/column.ts";

/** What ends a packed file. */
export const MAGIC = "GEMPACK1";
/** Bytes of the trailer. */
export const TRAILER_BYTES: number = 4 * 4 + MAGIC.length;

/** A chunk in a packed file: how it is packed, its values, where it begins, its packed bytes, whether some values are missing (1 or 0). */
export type PackedChunk = readonly [
  encoding: Encoding,
  length: number,
  start: number,
  bytes: number,
  hasMissing: 0 | 1,
];

/** What a packed file says of itself. */
export interface Description {
  /** The files that it was made from. */
  readonly sources: readonly string[];
  readonly rows: number;
  /** All columns that the files have, packed or not. */
  readonly names: readonly string[];
  readonly columns: Readonly<Record<string, readonly PackedChunk[]>>;
}
