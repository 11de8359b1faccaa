import { rmSync } from "node:fs";
import { UNIX_SCHEME } from "../transport/unix.ts";
import { errorFields, type Log } from "./log.ts";
import type { Rules } from "./rules.ts";
import { PRESENCE, WorkerThread } from "./worker-thread.ts";

/** A worker that dies more often than this within `CRASH_WINDOW_MS` is given up, and the server with it. */
export const MOST_CRASHES = 5;

const CRASH_WINDOW_MS = 60_000;

/**
 * Keeps a server's workers alive: one that dies is followed at once by another at the same address.
 *
 * The new one knows no session, so clients notice and make their environments again. Only the end of a thread counts, never its
 * silence: a worker that computes for minutes is busy, not dead.
 */
export class Supervisor {
  readonly #endpoints: readonly string[];
  readonly #rules: Rules;
  readonly #log: Log;
  readonly #giveUp: () => void;
  readonly #onSay: (index: number, message: unknown) => void;
  readonly #threads = new Map<number, WorkerThread>();
  readonly #crashes = new Map<number, number[]>();
  /** Those that have accepted connections once: what ends them later is no mistake of who started the server. */
  readonly #haveStarted = new Set<number>();
  #closing = false;
  #draining = false;

  /**
   * @param giveUp called when a worker cannot be kept alive; the log says why
   * @param onSay gets what workers say
   */
  constructor(
    endpoints: readonly string[],
    rules: Rules,
    log: Log,
    giveUp: () => void,
    onSay: (index: number, message: unknown) => void = () => undefined,
  ) {
    this.#endpoints = endpoints;
    this.#rules = rules;
    this.#log = log;
    this.#giveUp = giveUp;
    this.#onSay = onSay;
  }

  /** Starts a worker. @returns settles when it accepts connections; rejects when it ends before */
  start(index: number): Promise<void> {
    const data = { index, endpoints: this.#endpoints, rules: this.#rules };
    const thread = new WorkerThread(
      data,
      (error) => this.#crashed(index, error),
      (message) => this.#onSay(index, message),
    );
    this.#threads.set(index, thread);
    if (this.#draining) thread.drain();
    void thread.ready.then(
      () => this.#haveStarted.add(index),
      () => undefined,
    );
    return thread.ready;
  }

  /** Asks a worker to take no more clients, if it has none. */
  retire(index: number): void {
    this.#threads.get(index)?.retire();
  }

  /** Tells all workers to make nothing new, those too that start later. */
  drain(): void {
    this.#draining = true;
    for (const thread of this.#threads.values()) thread.drain();
  }

  /** Stops all workers. */
  async close(): Promise<void> {
    this.#closing = true;
    await Promise.all([...this.#threads.values()].map((thread) => thread.close()));
  }

  #crashed(index: number, error: unknown): void {
    if (this.#closing) return;
    const now = performance.now();
    const crashes = (this.#crashes.get(index) ?? []).filter((at) => now - at < CRASH_WINDOW_MS);
    crashes.push(now);
    this.#crashes.set(index, crashes);
    this.#onSay(index, PRESENCE.idle);
    const fields = { worker: index, crashes: crashes.length, ...errorFields(error) };
    if (!this.#haveStarted.has(index)) {
      this.#log("error", `Worker ${index} could not start; the server ends.`, fields);
      this.#giveUp();
    } else if (crashes.length > MOST_CRASHES) {
      const often = `${crashes.length} times within a minute`;
      this.#log("error", `Worker ${index} died ${often}; the server ends.`, fields);
      this.#giveUp();
    } else {
      this.#log("error", `Worker ${index} died; another one takes its place.`, fields);
      this.#makeRoom(index);
      this.start(index).catch(() => undefined);
    }
  }

  /** Removes the socket that a dead worker may have left at its address. */
  #makeRoom(index: number): void {
    const address = this.#endpoints[index] ?? "";
    if (address.startsWith(UNIX_SCHEME)) {
      rmSync(address.slice(UNIX_SCHEME.length), { force: true });
    }
  }
}
