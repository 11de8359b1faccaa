import { GemError } from "../errors.ts";
import type { Clock } from "./clock.ts";

/** What a worker tells the main thread when a client has asked for draining. */
export interface DrainOrder {
  /** How long it may take, in ms; undefined: as long as it takes. */
  readonly drainWithinMs: number | undefined;
}

/** What the main thread tells workers: make nothing new, and say when nothing is left. */
export const DRAIN = "drain";

/** What a draining worker tells the main thread: its clients have nothing any more. */
export const DRAINED = "drained";

/** Whether a worker's message says that a client asked for draining. */
export function isDrainOrder(message: unknown): message is DrainOrder {
  return typeof message === "object" && message !== null && "drainWithinMs" in message;
}

/** What a client gets to hear that wants something new from a server that drains. */
export function draining(): GemError {
  return new GemError(
    "GEM_DRAINING",
    "This server takes nothing new, because it is about to end (gem drain). Make it on another one: list several in GEM_SERVER.",
  );
}

/** A server's way to its end: nothing new begins, and when the last worker has nothing left, or the time is up, it ends. */
export class Draining {
  readonly #workers: number;
  readonly #clock: Clock;
  readonly #begin: () => void;
  readonly #end: () => void;
  readonly #drained = new Set<number>();
  #cancel: (() => void) | undefined;
  #hasBegun = false;

  /**
   * @param begin called once, when it begins
   * @param end called when there is nothing left, or the time is up
   */
  constructor(workers: number, clock: Clock, begin: () => void, end: () => void) {
    this.#workers = workers;
    this.#clock = clock;
    this.#begin = begin;
    this.#end = end;
  }

  /** Begins, or changes how long it may take. */
  order({ drainWithinMs }: DrainOrder): void {
    this.#cancel?.();
    this.#cancel =
      drainWithinMs === undefined ? undefined : this.#clock.after(drainWithinMs, this.#end);
    if (this.#hasBegun) return;
    this.#hasBegun = true;
    this.#begin();
  }

  /** A worker has nothing left. */
  note(worker: number): void {
    this.#drained.add(worker);
    if (this.#drained.size === this.#workers) this.#end();
  }
}
