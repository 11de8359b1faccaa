import type { Continuation } from "../core/continuation.ts";
import type { ResetResult, StepResult } from "../core/env.ts";
import { LineWriter } from "./line-writer.ts";
import type { Output } from "./output.ts";
import { SeenObject, Track, type Note } from "./track.ts";

/** Track, what, result, how the newest observation goes on, and how long it took in ms (below 0: not known). */
const ENTRY = 5;

/** Lines that are noted and not yet written; with more, a step writes them all itself. */
const MOST_LINES = 1 << 14;

/** With more than this waiting, they are written between the steps of a client that never pauses, too. */
const MANY_LINES = 1 << 12;

/**
 * How long notes wait before they become lines, in ms. Whoever waits for the reply is woken on this processor as often as not, and would
 * wait for the writing, too, if it began at once.
 */
const PAUSE_MS = 2;

/** How long they wait when steps came in between: the client hardly pauses, so it is disturbed seldom rather than at each step. */
const LONG_PAUSE_MS = 25;

/** Lines written before others have their turn, and the part of what is more than many. */
const LINES_A_TURN = 32;
const PART_A_TURN = 8;

/** How long whole lines may wait for more, in ms. */
const FLUSH_MS = 100;

/** So many bytes are handed on without waiting. */
const BLOCK_BYTES = 1 << 18;

/**
 * The way of many environments' notes into one file.
 *
 * Noting keeps references. They become lines in turns of the loop of their own, a few at a time and not while steps come in, and lines
 * reach the file by writes that nobody waits for. Only a queue that is too long is written at once.
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
  /** Whether the clock was read in this turn of the loop. */
  #isTimed = false;
  /** Whether something was noted since the last lines were written. */
  #isFresh = false;
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

  /** Notes a step. @param shown how the newest observation goes on @param ms how long it took, where it had to be waited for */
  noteStep(
    track: Track,
    action: string | null,
    step: StepResult,
    shown: Continuation | undefined,
    ms = -1,
  ): void {
    if (!this.#isTimed) this.#wake();
    this.#push(track, action, this.#held(step), shown, ms);
    if (this.#tail > MOST_LINES * ENTRY) this.#writeAll();
  }

  /** Notes something else. @param result what a `begin` gave @param shown how its observation goes on */
  note(track: Track, note: Note, result?: ResetResult, shown?: Continuation, ms = -1): void {
    if (!this.#isTimed) this.#wake();
    this.#push(track, note, result && this.#held(result), shown, ms);
    if (this.#tail > MOST_LINES * ENTRY) this.#writeAll();
  }

  /** Ends an environment; settles when all of it is in the file. */
  async close(track: Track): Promise<void> {
    this.note(track, { kind: "close", fields: {} });
    await this.flush();
    await this.#output.leave();
  }

  /** Settles when all that was noted is in the file. */
  flush(): Promise<void> {
    this.#writeAll();
    return this.#output.drain();
  }

  /** Writes all that was noted, and returns when it is in the file: for a program that ends. */
  flushNow(): void {
    this.#writeAll();
    this.#output.drainNow();
  }

  /** A result that nobody changes any more: of an observation that is no text is taken at once what is written of it. */
  #held<T extends StepResult | ResetResult>(result: T): T {
    if (typeof result[0] === "string") return result;
    const [observation, ...rest] = result;
    return [new SeenObject(observation, this.#withObservations), ...rest] as unknown as T;
  }

  /** Has the notes written soon. The clock is read once a turn of the loop, not for each note. */
  #wake(): void {
    const at = Math.round((performance.now() - this.#start) * 1000) / 1000;
    this.#push(null, `,"at":${String(at)}`, undefined, undefined, 0);
    this.#isTimed = true;
    this.#isFresh = true;
    setImmediate(this.#endTurn);
    if (this.#isDue) return;
    this.#isDue = true;
    setTimeout(this.#turn, PAUSE_MS);
  }

  readonly #endTurn = (): void => {
    this.#isTimed = false;
  };

  #push(
    track: Track | null,
    what: unknown,
    result: unknown,
    shown: Continuation | undefined,
    ms: number,
  ): void {
    const queue = this.#queue;
    const tail = this.#tail;
    queue[tail] = track;
    queue[tail + 1] = what;
    queue[tail + 2] = result;
    queue[tail + 3] = shown;
    queue[tail + 4] = ms;
    this.#tail = tail + ENTRY;
  }

  readonly #giveBack = (bytes: Buffer): void => this.#lines.giveBack(bytes);

  readonly #turn = (): void => {
    this.#isFresh = false;
    const waiting = (this.#tail - this.#head) / ENTRY;
    const share = Math.ceil((waiting - MANY_LINES) / PART_A_TURN);
    this.#write(Math.max(LINES_A_TURN, share) * ENTRY);
    if (this.#tail === 0) this.#isDue = false;
    else setImmediate(this.#next);
    if (this.#lines.length > BLOCK_BYTES) this.#handOn();
    else if (this.#lines.length > 0) {
      this.#flush ??= setTimeout(() => this.#handOn(), FLUSH_MS).unref();
    }
  };

  /** Goes on, unless a step has come in between: its client is waiting for this processor. */
  readonly #next = (): void => {
    const isLong = (this.#tail - this.#head) / ENTRY > MANY_LINES;
    if (this.#isFresh && !isLong) setTimeout(this.#turn, LONG_PAUSE_MS);
    else this.#turn();
  };

  #writeAll(): void {
    this.#write(this.#tail);
    this.#handOn();
  }

  #write(count: number): void {
    const queue = this.#queue;
    const end = Math.min(this.#tail, this.#head + count);
    for (let i = this.#head; i < end; i += ENTRY) {
      this.#writeEntry(queue, i);
      queue[i] = queue[i + 1] = queue[i + 2] = queue[i + 3] = undefined;
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
    const shown = queue[i + 3] as Continuation | undefined;
    const ms = queue[i + 4] as number;
    if (track === null) {
      this.#at = what as string;
    } else if (what === null || typeof what === "string") {
      track.step(this.#lines, this.#at, what, result as StepResult, ms, shown);
    } else {
      const begun = result as ResetResult | undefined;
      track.note(this.#lines, this.#at, what as Note, begun, ms, shown);
    }
  }

  #handOn(): void {
    clearTimeout(this.#flush);
    this.#flush = undefined;
    if (this.#lines.length > 0) this.#output.write(this.#lines.take(), this.#giveBack);
  }
}
