import { randomBytes } from "node:crypto";
import { closeSync, fstatSync, mkdirSync, openSync, readSync, write, writeSync } from "node:fs";
import { dirname } from "node:path";
import { threadId } from "node:worker_threads";
import { GemError, show } from "../errors.ts";
import { FORMAT_VERSION, type HeaderLine } from "./format.ts";
import { LineWriter } from "./line-writer.ts";

/** Lines to write, and who takes their memory back when they are written or dropped. */
interface Block {
  readonly bytes: Buffer;
  readonly release?: (bytes: Buffer) => void;
}

/** Told when writing to a file has failed, once a file. */
export type Complain = (path: string, error: Error) => void;

/** Bytes that may wait to be written; beyond, a write is waited for, so that memory stays bounded. */
const MOST_WAITING = 1 << 24;

/** How long the end of a program waits for a write that is under way, in ms. */
const LAST_WRITE_MS = 2000;

const NEWLINE = 0x0a;

/** Counts of all files of this thread. */
export const outputCounts = { bytes: 0, errors: 0 };

/**
 * A file of lines that any number of processes and threads append to, each its own blocks of whole lines.
 *
 * One write is under way at a time, in the background. When one fails, what comes later is dropped: a recording never harms what it records.
 */
export class Output {
  readonly path: string;
  readonly #complain: Complain;
  readonly #worker: string;
  readonly #package: string;
  #fd: number | undefined;
  #writer = "";
  #keys = 0;
  #users = 0;
  #waiting: Block[] = [];
  #waitingBytes = 0;
  /** The write that is under way, and the file's length when it began. */
  #writing: { readonly bytes: Buffer; readonly from: number } | undefined;
  #hasFailed = false;
  #drained: (() => void)[] = [];

  /**
   * Opens the file, and makes its folder.
   *
   * @param worker which worker writes, for the header
   * @throws GEM_INVALID_ARGUMENT when it cannot be written
   */
  constructor(path: string, worker: string, version: string, complain: Complain) {
    this.path = path;
    this.#worker = worker;
    this.#package = version;
    this.#complain = complain;
    this.#open();
  }

  /** A name for an environment that nobody else uses in this file. */
  newKey(): string {
    return `${this.#writer}.${String(this.#keys++)}`;
  }

  /** One more environment is written here. @throws GEM_INVALID_ARGUMENT when the file was closed and cannot be opened again */
  enter(): void {
    if (this.#fd === undefined) this.#open();
    this.#users += 1;
  }

  /** One fewer is; after the last the file is closed. */
  async leave(): Promise<void> {
    this.#users -= 1;
    if (this.#users > 0) return;
    await this.drain();
    if (this.#users === 0) this.#close();
  }

  /** Has a block of whole lines written. @param release gets it back when its bytes are not needed any more */
  write(bytes: Buffer, release?: (bytes: Buffer) => void): void {
    if (this.#hasFailed || this.#fd === undefined) {
      release?.(bytes);
      return;
    }
    this.#waiting.push(release === undefined ? { bytes } : { bytes, release });
    this.#waitingBytes += bytes.length;
    if (this.#waitingBytes > MOST_WAITING) this.drainNow();
    else this.#next();
  }

  /** Settles when nothing waits to be written. */
  drain(): Promise<void> {
    if (this.#writing === undefined) return Promise.resolve();
    return new Promise((resolve) => this.#drained.push(resolve));
  }

  /** Writes what waits, and returns when it is written. */
  drainNow(): void {
    const { length } = this.#waiting;
    if (this.#fd === undefined || (length === 0 && this.#writing === undefined)) return;
    this.#awaitWriting(this.#fd);
    const blocks = this.#waiting;
    this.#waiting = [];
    this.#waitingBytes = 0;
    try {
      for (const { bytes } of blocks) writeAll(this.#fd, bytes);
    } catch (error) {
      this.#fail(error);
    }
  }

  #open(): void {
    try {
      mkdirSync(dirname(this.path), { recursive: true });
      this.#fd = openSync(this.path, "a+");
      this.#writer = randomBytes(4).toString("hex");
      this.#keys = 0;
      this.#hasFailed = false;
      writeAll(this.#fd, this.#header(this.#fd));
    } catch (error) {
      this.#close();
      const reason = error instanceof Error ? error.message : String(error);
      throw new GemError(
        "GEM_INVALID_ARGUMENT",
        `A recording cannot be written to ${show(this.path)}: ${reason}. Name a file in a folder that you may write to, with room on its disk.`,
      );
    }
  }

  #header(fd: number): Buffer {
    const header: HeaderLine = {
      kind: "header",
      format: FORMAT_VERSION,
      package: this.#package,
      writer: this.#writer,
      pid: process.pid,
      worker: this.#worker,
      node: process.version,
      platform: `${process.platform}-${process.arch}`,
      time: new Date().toISOString(),
    };
    const lines = new LineWriter(1024);
    lines.raw(JSON.stringify(header).slice(0, -1));
    lines.endLine();
    return isTorn(fd) ? Buffer.concat([Buffer.from("\n"), lines.take()]) : lines.take();
  }

  #next(): void {
    const fd = this.#fd;
    if (this.#writing !== undefined || fd === undefined) return;
    const block = this.#waiting.shift();
    if (block === undefined) {
      const drained = this.#drained;
      this.#drained = [];
      for (const resolve of drained) resolve();
      return;
    }
    const { bytes } = block;
    this.#waitingBytes -= bytes.length;
    this.#writing = { bytes, from: sizeOf(fd) };
    write(fd, bytes, (error, written) => {
      this.#writing = undefined;
      outputCounts.bytes += written;
      if (error !== null) {
        this.#fail(error);
      } else if (written < bytes.length) {
        // The disk has taken a part only; the rest goes first.
        this.#waiting.unshift({ bytes: bytes.subarray(written) });
        this.#waitingBytes += bytes.length - written;
      } else {
        block.release?.(bytes);
      }
      this.#next();
    });
  }

  /** Waits for the write that is under way: it goes on without this thread, and is done when the file has grown. */
  #awaitWriting(fd: number): void {
    if (this.#writing === undefined) return;
    const { bytes, from } = this.#writing;
    const end = performance.now() + LAST_WRITE_MS;
    const pause = new Int32Array(new SharedArrayBuffer(4));
    while (fstatSync(fd).size < from + bytes.length && performance.now() < end) {
      Atomics.wait(pause, 0, 0, 1);
    }
  }

  #fail(error: unknown): void {
    outputCounts.errors += 1;
    this.#waiting = [];
    this.#waitingBytes = 0;
    if (this.#hasFailed) return;
    this.#hasFailed = true;
    this.#complain(this.path, error instanceof Error ? error : new Error(String(error)));
  }

  #close(): void {
    if (this.#fd !== undefined) closeSync(this.#fd);
    this.#fd = undefined;
  }
}

function writeAll(fd: number, block: Buffer): void {
  for (let at = 0; at < block.length;) at += writeSync(fd, block, at);
  outputCounts.bytes += block.length;
}

function sizeOf(fd: number): number {
  try {
    return fstatSync(fd).size;
  } catch {
    return 0;
  }
}

/** Whether the last line has no end: whoever wrote it was killed. */
function isTorn(fd: number): boolean {
  const stats = fstatSync(fd);
  if (!stats.isFile() || stats.size === 0) return false;
  const last = Buffer.alloc(1);
  readSync(fd, last, 0, 1, stats.size - 1);
  return last[0] !== NEWLINE;
}

/** What a header calls the thread that writes, where nobody says otherwise. */
export function threadName(): string {
  return `thread ${String(threadId)}`;
}
