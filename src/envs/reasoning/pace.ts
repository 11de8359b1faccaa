const LARGEST = 64;
const MAX_KEYS = 1000;

/**
 * How many pieces of work to ask for at once: twice as many as long as all of them get done within a request's budget, else as
 * many as were. So cheap work goes in batches, and slow work one by one, spread over the processes.
 */
export class Pace {
  readonly #sizes = new Map<string, number>();

  /** How many to ask for, from 1 to 64. */
  of(key: string): number {
    return this.#sizes.get(key) ?? 1;
  }

  /** Takes note of how many of those that were asked for were done. */
  note(key: string, asked: number, done: number): void {
    if (this.#sizes.size >= MAX_KEYS && !this.#sizes.has(key)) this.#sizes.clear();
    if (done < asked) this.#sizes.set(key, Math.max(1, done));
    else if (asked === this.of(key)) this.#sizes.set(key, Math.min(LARGEST, 2 * asked));
  }
}
