import type { Readable } from "node:stream";
import { hostLogSink } from "./host-settings.ts";

const WINDOW_MS = 60_000;
const WINDOW_BYTES = 65_536;
const LINE_BYTES = 4096;
const NEWLINE = 0x0a;

/**
 * What a host prints, on its way to the log: line by line, at most 64 KB a minute; the rest is counted. Memory stays the same however
 * much is printed.
 */
export class HostLog {
  readonly #facts: Readonly<Record<string, unknown>>;
  /** The beginnings of lines that have not ended, by stream. */
  readonly #open = new Map<string, Buffer>();
  /** The last line that says something: what a process that ends at once has died of. */
  lastLine = "";
  #windowEnd = 0;
  #left = WINDOW_BYTES;
  #dropped = 0;

  /** @param facts stand beside every line */
  constructor(facts: Readonly<Record<string, unknown>>) {
    this.#facts = facts;
  }

  /** Reads a stream to its end. */
  read(stream: Readable, name: string): void {
    stream.on("data", (chunk: Buffer) => this.#take(name, chunk));
    stream.once("end", () => this.#finish(name));
    // A stream that breaks has nothing more to say.
    stream.on("error", () => undefined);
  }

  #take(name: string, chunk: Buffer): void {
    const now = performance.now();
    if (now >= this.#windowEnd) {
      this.#reportDropped();
      this.#windowEnd = now + WINDOW_MS;
      this.#left = WINDOW_BYTES;
    }
    // Of what there is no room for only the end counts: it may hold the reason why the process ends.
    const from = Math.max(0, chunk.length - Math.max(this.#left, LINE_BYTES));
    this.#dropped += from;
    let position = from;
    for (;;) {
      const newline = chunk.indexOf(NEWLINE, position);
      if (newline < 0) break;
      this.#line(name, chunk.subarray(position, newline));
      position = newline + 1;
    }
    this.#keep(name, chunk.subarray(position));
  }

  #keep(name: string, rest: Buffer): void {
    if (rest.length === 0) return;
    const before = this.#open.get(name);
    const room = LINE_BYTES - (before?.length ?? 0);
    this.#dropped += Math.max(0, rest.length - room);
    const part = rest.subarray(0, Math.max(0, room));
    this.#open.set(name, before === undefined ? Buffer.from(part) : Buffer.concat([before, part]));
  }

  #line(name: string, rest: Buffer): void {
    this.#keep(name, rest);
    const bytes = this.#open.get(name);
    this.#open.delete(name);
    if (bytes === undefined) return;
    const text = bytes.toString("utf8").trimEnd();
    if (text === "") return;
    this.lastLine = text;
    if (bytes.length > this.#left) {
      this.#left = 0;
      this.#dropped += bytes.length;
      return;
    }
    this.#left -= bytes.length;
    hostLogSink()(text, { ...this.#facts, stream: name });
  }

  #finish(name: string): void {
    this.#line(name, Buffer.alloc(0));
    this.#reportDropped();
  }

  #reportDropped(): void {
    if (this.#dropped === 0) return;
    const message = `${this.#dropped} bytes more were printed; ${WINDOW_BYTES} a minute are kept.`;
    this.#dropped = 0;
    hostLogSink()(message, this.#facts);
  }
}
