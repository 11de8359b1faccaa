import { closeSync, fstatSync, openSync, readSync } from "node:fs";
import { crc32, PAGE_BYTES } from "./checksum.ts";
import { MAGIC, TRAILER_BYTES } from "./layout.ts";

/** Bytes at the end of a file that are read at once: as a rule checksums, description and trailer. */
const TAIL_BYTES = 65_536;

/** That a file is not as it was written. */
export class DamagedFile extends Error {}

/** What is open is closed when nobody can read it any more. */
const closing = new FinalizationRegistry<number>((descriptor) => closeSync(descriptor));

/** A file of checked pages, open for reading. It stays readable when it is removed or replaced. */
export class CheckedFile {
  readonly path: string;
  /** The description's text. */
  readonly description: string;
  readonly #descriptor: number;
  /** Bytes of sections. */
  readonly length: number;
  readonly #sums: Uint32Array;
  /** 1 for each page that was as it should be. */
  readonly #checked: Uint8Array;

  /** @throws the file system's error, or DamagedFile */
  constructor(path: string) {
    this.path = path;
    this.#descriptor = openSync(path, "r");
    try {
      const { length, sums, description } = readEnd(this.#descriptor);
      this.length = length;
      this.#sums = sums;
      this.#checked = new Uint8Array(sums.length);
      this.description = description;
    } catch (error) {
      closeSync(this.#descriptor);
      throw error;
    }
    closing.register(this, this.#descriptor, this);
  }

  /** Memory that it takes, in bytes. */
  get size(): number {
    return this.#sums.byteLength + this.#checked.byteLength;
  }

  /**
   * Reads at least what lies between two places: pages that nobody has read yet as a whole, to check them.
   *
   * @param end beyond the sections for as much as there is
   * @param buffer room for what is asked for and two pages
   * @returns the place that the buffer begins with
   * @throws DamagedFile, or the file system's error
   */
  read(start: number, end: number, buffer: Uint8Array): number {
    const first = Math.floor(start / PAGE_BYTES);
    const beyond = Math.ceil(Math.min(end, this.length) / PAGE_BYTES);
    let isChecked = true;
    for (let page = first; page < beyond; page++) isChecked &&= this.#checked[page] === 1;
    const from = isChecked ? start : first * PAGE_BYTES;
    const to = Math.min(isChecked ? end : beyond * PAGE_BYTES, this.length);
    const bytes = buffer.subarray(0, to - from);
    readFully(this.#descriptor, bytes, from);
    if (!isChecked) this.#check(first, bytes);
    return from;
  }

  /** Bytes from one place to another, in memory of their own. @throws DamagedFile, or the file system's error */
  readCopy(start: number, end: number): ArrayBuffer {
    if (start === end) return new ArrayBuffer(0);
    const bytes = new Uint8Array(end - start + 2 * PAGE_BYTES);
    const from = this.read(start, end, bytes);
    return bytes.buffer.slice(start - from, end - from);
  }

  /** Ends reading at once, where waiting for the collection of garbage is too long. */
  close(): void {
    closing.unregister(this);
    closeSync(this.#descriptor);
  }

  #check(first: number, bytes: Uint8Array): void {
    for (let page = first, at = 0; at < bytes.byteLength; page++, at += PAGE_BYTES) {
      const sum = crc32?.(bytes.subarray(at, at + PAGE_BYTES));
      if (sum !== this.#sums[page]) throw new DamagedFile(`page ${page} has another checksum`);
      this.#checked[page] = 1;
    }
  }
}

/** What ends a file of checked pages. @throws DamagedFile, or the file system's error */
function readEnd(descriptor: number): {
  readonly length: number;
  readonly sums: Uint32Array;
  readonly description: string;
} {
  const { size } = fstatSync(descriptor);
  const tail = Buffer.alloc(Math.min(size, TAIL_BYTES));
  readFully(descriptor, tail, size - tail.byteLength);
  const trailer = Uint8Array.from(tail.subarray(-TRAILER_BYTES));
  if (tail.toString("latin1", tail.byteLength - MAGIC.length) !== MAGIC) {
    throw new DamagedFile("its end is missing");
  }
  const [low = 0, high = 0, textBytes = 0, sum] = new Uint32Array(trailer.buffer, 0, 4);
  const length = high * 2 ** 32 + low;
  const sumBytes = Math.ceil(length / PAGE_BYTES) * 4;
  if (length + sumBytes + textBytes + TRAILER_BYTES !== size) {
    throw new DamagedFile("it has another size than it says");
  }
  const needed = sumBytes + textBytes;
  let end = tail.subarray(0, -TRAILER_BYTES);
  if (needed > end.byteLength) {
    end = Buffer.alloc(needed);
    readFully(descriptor, end, length);
  } else {
    end = end.subarray(end.byteLength - needed);
  }
  if (crc32?.(end) !== sum) throw new DamagedFile("its description has another checksum");
  return {
    length,
    sums: new Uint32Array(Uint8Array.from(end.subarray(0, sumBytes)).buffer),
    description: end.toString("utf8", sumBytes),
  };
}

function readFully(descriptor: number, into: Uint8Array, position: number): void {
  for (let done = 0; done < into.byteLength;) {
    const read = readSync(descriptor, into, done, into.byteLength - done, position + done);
    if (read === 0) throw new DamagedFile("it was cut short");
    done += read;
  }
}
