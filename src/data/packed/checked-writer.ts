import { randomBytes } from "node:crypto";
import { closeSync, mkdirSync, openSync, renameSync, rmSync, writeSync } from "node:fs";
import { dirname } from "node:path";
import { crc32, PAGE_BYTES } from "./checksum.ts";
import { MAGIC, TRAILER_BYTES } from "./layout.ts";

/** Writes a file of checked pages under another name, and gives it its own when it is whole. */
export class CheckedWriter {
  /** Bytes of sections so far. */
  length = 0;
  readonly #path: string;
  readonly #partial: string;
  readonly #descriptor: number;
  #sums = new Uint32Array(1024);
  #sum = 0;

  /** @throws the file system's error when it cannot be written there */
  constructor(path: string) {
    this.#path = path;
    this.#partial = `${path}.${randomBytes(4).toString("hex")}.tmp`;
    mkdirSync(dirname(path), { recursive: true });
    this.#descriptor = openSync(this.#partial, "wx");
  }

  /** Adds bytes. @throws the file system's error; the writer is of no more use then, but to discard it */
  append(bytes: Uint8Array): void {
    for (let done = 0; done < bytes.byteLength;) {
      const page = Math.floor((this.length + done) / PAGE_BYTES);
      const part = bytes.subarray(done, (page + 1) * PAGE_BYTES - this.length);
      this.#addSum(page, part, (this.length + done) % PAGE_BYTES === 0);
      done += part.byteLength;
    }
    this.#write(bytes);
    this.length += bytes.byteLength;
  }

  /** Completes the file; from now on it can be found. @throws the file system's error, after which nothing is left */
  finish(description: string): void {
    try {
      const pages = Math.ceil(this.length / PAGE_BYTES);
      const sums = bytesOf(this.#sums.subarray(0, pages));
      const text = Buffer.from(description);
      const trailer = Buffer.alloc(TRAILER_BYTES);
      const sum = crc32?.(text, crc32(sums)) ?? 0;
      const halves = [this.length % 2 ** 32, Math.floor(this.length / 2 ** 32)];
      trailer.set(bytesOf(Uint32Array.from([...halves, text.byteLength, sum])));
      trailer.write(MAGIC, TRAILER_BYTES - MAGIC.length);
      for (const part of [sums, text, trailer]) this.#write(part);
      renameSync(this.#partial, this.#path);
    } catch (error) {
      this.discard();
      throw error;
    }
    closeSync(this.#descriptor);
  }

  /** Leaves nothing of it. */
  discard(): void {
    closeSync(this.#descriptor);
    rmSync(this.#partial, { force: true });
  }

  #addSum(page: number, part: Uint8Array, isNew: boolean): void {
    if (page >= this.#sums.length) {
      const larger = new Uint32Array(this.#sums.length * 2);
      larger.set(this.#sums);
      this.#sums = larger;
    }
    this.#sum = crc32?.(part, isNew ? 0 : this.#sum) ?? 0;
    this.#sums[page] = this.#sum;
  }

  #write(bytes: Uint8Array): void {
    for (let done = 0; done < bytes.byteLength;) {
      done += writeSync(this.#descriptor, bytes, done);
    }
  }
}

/** The same memory as bytes. */
export function bytesOf({ buffer, byteOffset, byteLength }: NodeJS.TypedArray): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength);
}
