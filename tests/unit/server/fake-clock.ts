import type { Clock } from "../../../src/server/clock.ts";

/** A clock that goes on when it is told to. */
export class FakeClock implements Clock {
  #now = 0;
  readonly #waiting = new Set<{ readonly at: number; readonly run: () => void }>();

  /** How many wait to be called. */
  get waiting(): number {
    return this.#waiting.size;
  }

  now(): number {
    return this.#now;
  }

  after(ms: number, run: () => void): () => void {
    const entry = { at: this.#now + ms, run };
    this.#waiting.add(entry);
    return () => this.#waiting.delete(entry);
  }

  /** Lets time pass, in one leap. */
  advance(ms: number): void {
    this.#now += ms;
    const due = [...this.#waiting].filter(({ at }) => at <= this.#now);
    for (const entry of due.sort((a, b) => a.at - b.at)) {
      if (this.#waiting.delete(entry)) entry.run();
    }
  }
}
