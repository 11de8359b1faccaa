import { setTimeout as timeout } from "node:timers/promises";

/** Time, and waiting for it; tests bring their own. */
export interface Clock {
  /** ms since some fixed moment; never goes back. */
  now(): number;
  /** ms since 1970, by the machine's calendar. */
  date(): number;
  /** Waits for `ms`, or until the signal aborts. @throws the signal's reason */
  sleep(ms: number, signal: AbortSignal): Promise<void>;
}

/** The machine's clock. */
export const systemClock: Clock = {
  now: () => performance.now(),
  date: () => Date.now(),
  async sleep(ms, signal) {
    signal.throwIfAborted();
    await timeout(ms, undefined, { signal }).catch(() => undefined);
    signal.throwIfAborted();
  },
};
