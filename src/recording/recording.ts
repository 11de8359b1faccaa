import type { ResetResult, StepResult } from "../core/env.ts";
import { LineWriter } from "./line-writer.ts";
import type { Output } from "./output.ts";
import { Track, type Note } from "./track.ts";

/** What is noted and not yet written, in entries of `ENTRY` places; beyond this, a step writes it itself. */
const MOST_WAITING = 1 << 16;

/** Track, what, result, and how long it took in ms (below 0: not known). */
const ENTRY = 4;

/** Lines written before others have their turn, and the part of a longer queue. */
const LINES_A_TURN = 16;
const PART_A_TURN = 8;

/** How long whole lines may wait for more, in ms. */
const FLUSH_MS = 100;

/** So many bytes are handed on without waiting. */
const BLOCK_BYTES = 1 << 18;

/**
 * The way of many environments' notes into one file.
 *
 * Noting keeps references: one `push`. They become lines in turns of the loop of their own, a few at a time, and lines reach the file by
 * writes that nobody waits for. Only a queue that is too long is written at once.
 */
export class Recording {
  readonly #output: Output;
  readonly #lines = new LineWriter();
  readonly #withObservations: boolean;
  readonly #start = performance.now();
  /** A block that is used again and again: what has been written is taken out of it. */
  readonly #queue: unknown[] = [];
  #head = 0;
  #tail = 0;
  #isDue = false;
  #at = "";
  #flush: NodeJS.Timeout | undefined;

  /** @param withObservations whether observations are written whole */
  constructor(output: Output, withObservations: boolean) {
    this.#output = output;
    this.#withObservations = withObservations;
  }

  /** Begins an environment. @param fields of its line */
  open(fields: Note["fields"]): Track {
    this.#output.enter();
    const track = new Track(this.#output.newKey(), this.#withObservations);
    this.note(track, { kind: "env", fields });
    return track;
  }

  /** Notes a step. @param ms how long it took, where it had to be waited for */
  noteStep(track: Track, action: string | null, step: StepResult, ms = -1): void {
    if (!this.#isDue) this.#wake();
    this.#push(track, action, step, ms);
    if (this.#tail > MOST_WAITING) this.#write(this.#tail);
  }

  /** Notes something else. @param result what a `begin` gave */
  note(track: Track, note: Note, result?: ResetResult, ms = -1): void {
    if (!this.#isDue) this.#wake();
    this.#push(track, note, result, ms);
  }

  /** Ends an environment; settles when all of it is in the file. */
  async close(track: Track): Promise<void> {
    this.note(track, { kind: "close", fields: {} });
    await this.flush();
    await this.#output.leave();
  }

  /** Settles when all that was noted is in the file. */
  flush(): Promise<void> {
    this.#write(this.#tail);
    this.#handOn();
    return this.#output.drain();
  }

  /** Writes all that was noted, and returns when it is in the file: for a program that ends. */
  flushNow(): void {
    this.#write(this.#tail);
    this.#handOn();
    this.#output.drainNow();
  }

  /** Has the notes written soon. The clock is read once a turn of the loop, not for each note. */
  #wake(): void {
    this.#isDue = true;
    this.#noteTime();
    setImmediate(this.#turn);
  }

  #noteTime(): void {
    const at = Math.round((performance.now() - this.#start) * 1000) / 1000;
    this.#push(null, `,"at":${String(at)}`, undefined, 0);
  }

  #push(track: Track | null, what: unknown, result: unknown, ms: number): void {
    const queue = this.#queue;
    const tail = this.#tail;
    queue[tail] = track;
    queue[tail + 1] = what;
    queue[tail + 2] = result;
    queue[tail + 3] = ms;
    this.#tail = tail + ENTRY;
  }

  readonly #giveBack = (bytes: Buffer): void => this.#lines.giveBack(bytes);

  readonly #turn = (): void => {
    const waiting = this.#tail - this.#head;
    const share = Math.ceil(waiting / ENTRY / PART_A_TURN);
    this.#write(Math.max(LINES_A_TURN, share) * ENTRY);
    if (this.#tail > 0) {
      this.#noteTime();
      setImmediate(this.#turn);
    } else {
      this.#isDue = false;
    }
    if (this.#lines.length > BLOCK_BYTES) this.#handOn();
    else if (this.#lines.length > 0) {
      this.#flush ??= setTimeout(() => this.#handOn(), FLUSH_MS).unref();
    }
  };

  #write(count: number): void {
    const queue = this.#queue;
    const end = Math.min(this.#tail, this.#head + count);
    for (let i = this.#head; i < end; i += ENTRY) {
      this.#writeEntry(queue, i);
      queue[i] = queue[i + 1] = queue[i + 2] = undefined;
    }
    this.#head = end;
    if (end < this.#tail) return;
    this.#head = 0;
    this.#tail = 0;
  }

  #writeEntry(queue: readonly unknown[], i: number): void {
    const track = queue[i] as Track | null;
    const what = queue[i + 1];
    const result = queue[i + 2];
    const ms = queue[i + 3] as number;
    if (track === null) {
      this.#at = what as string;
    } else if (what === null || typeof what === "string") {
      track.step(this.#lines, this.#at, what, result as StepResult, ms);
    } else {
      track.note(this.#lines, this.#at, what as Note, result as ResetResult | undefined, ms);
    }
  }

  #handOn(): void {
    clearTimeout(this.#flush);
    this.#flush = undefined;
    if (this.#lines.length > 0) this.#output.write(this.#lines.take(), this.#giveBack);
  }
}
