import { systemClock, type Clock } from "./clock.ts";

/** Keeps requests to one host apart, whoever makes them. */
export class Pace {
  readonly #clock: Clock;
  /** Host → when the next request may start, by the clock. */
  readonly #free = new Map<string, number>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /**
   * Waits until a request to `host` may start; the next one may start `delayMs` later.
   *
   * @throws the signal's reason
   */
  async turn(host: string, delayMs: number, signal: AbortSignal): Promise<void> {
    const now = this.#clock.now();
    const start = Math.max(now, this.#free.get(host) ?? now);
    this.#free.set(host, start + delayMs);
    if (start > now) await this.#clock.sleep(start - now, signal);
  }
}

/** The pace of all clients of this thread. */
export const sharedPace: Pace = new Pace(systemClock);
