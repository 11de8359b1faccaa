import { PAGE_BYTES } from "./checksum.ts";
import type { CheckedFile } from "./checked-file.ts";

/** Bytes that are read at once by who reads on from where the last reading ended. */
const AHEAD_BYTES = 65_536;
/** Bytes of memory that are kept at most after a reading of less. */
const KEPT_BYTES: number = AHEAD_BYTES + 2 * PAGE_BYTES;

/** Bytes of a file, found by its window. */
export interface Found {
  readonly bytes: Uint8Array;
  /** Where what was asked for begins in them. */
  readonly start: number;
}

/** What was read last of a file: neighbouring values are read together, others alone. */
export class PageWindow {
  readonly #file: CheckedFile;
  #buffer = new Uint8Array(0);
  /** The part of the file that is in the buffer, as far as it is known to be there. */
  #from = 0;
  #to = 0;

  constructor(file: CheckedFile) {
    this.#file = file;
  }

  /** Memory that it takes, in bytes. */
  get size(): number {
    return this.#buffer.byteLength;
  }

  /** What lies between two places of the file; good until the next call. @throws as `CheckedFile.read` */
  read(start: number, end: number): Found {
    if (start < this.#from || end > this.#to) this.#fill(start, end);
    return { bytes: this.#buffer, start: start - this.#from };
  }

  #fill(start: number, end: number): void {
    const goesOn = this.#to > 0 && start >= this.#from && start <= this.#to;
    const to = Math.min(goesOn ? Math.max(end, start + AHEAD_BYTES) : end, this.#file.length);
    const room = to - start + 2 * PAGE_BYTES;
    // A large value's buffer is not kept for small ones.
    const isLarge = this.#buffer.byteLength > KEPT_BYTES && room <= KEPT_BYTES;
    if (this.#buffer.byteLength < room || isLarge) this.#buffer = new Uint8Array(room);
    // What a failed reading leaves is nothing.
    this.#to = 0;
    this.#from = this.#file.read(start, to, this.#buffer);
    this.#to = to;
  }
}
