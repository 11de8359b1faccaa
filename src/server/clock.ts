/** Time, and being called later; tests bring their own. */
export interface Clock {
  /** ms since some fixed moment; never goes back. */
  now(): number;
  /** Calls `run` once after `ms`; gives what takes that back. */
  after(ms: number, run: () => void): () => void;
}

/** The machine's clock; what waits for it keeps no process alive. */
export const systemClock: Clock = {
  now: () => performance.now(),
  after(ms, run) {
    const timer = setTimeout(run, ms);
    timer.unref();
    return () => clearTimeout(timer);
  },
};
