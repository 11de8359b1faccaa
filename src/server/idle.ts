import type { Clock } from "./clock.ts";

/** Notices that a server has had no client for a while, over all its workers. */
export class IdleWatch {
  readonly #idleMs: number;
  readonly #clock: Clock;
  readonly #onIdle: () => void;
  readonly #busy = new Set<number>();
  #cancel: () => void;

  /** Begins at once: a server that nobody comes to is idle, too. */
  constructor(idleMs: number, clock: Clock, onIdle: () => void) {
    this.#idleMs = idleMs;
    this.#clock = clock;
    this.#onIdle = onIdle;
    this.#cancel = clock.after(idleMs, onIdle);
  }

  /** A worker has clients, or none any more. */
  note(worker: number, isBusy: boolean): void {
    if (isBusy) this.#busy.add(worker);
    else this.#busy.delete(worker);
    this.#cancel();
    this.#cancel =
      this.#busy.size > 0 ? () => undefined : this.#clock.after(this.#idleMs, this.#onIdle);
  }
}
