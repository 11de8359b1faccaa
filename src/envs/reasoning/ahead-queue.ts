import type { Dataset } from "./dataset.ts";
import type { Flight, Range } from "./flight.ts";

/** Requests that are under way at a time; the others can still be taken back by a reset that needs an item now. */
const FLIGHTS = 2;
const MAX_WAITING = 4096;

/** What an `AheadQueue` asks of the source it works for. */
export interface AheadWork {
  /** Whether a range's first item is there or on its way. */
  isThere(range: Range): boolean;
  /** Asks for a range. */
  send(range: Range): Flight;
  /** How many items to ask for at once. */
  batch(dataset: Dataset): number;
}

/** Ranges of items that nobody waits for yet, asked for in turn. */
export class AheadQueue {
  readonly #work: AheadWork;
  readonly #waiting = new Map<string, Range>();
  #flying = 0;

  constructor(work: AheadWork) {
    this.#work = work;
  }

  /** Adds a range; one of the same dataset and seed is widened to hold both. */
  add(range: Range): void {
    const key = `${range.seed.toString()} ${range.dataset.key}`;
    const other = this.#waiting.get(key) ?? range;
    const start = Math.min(range.start, other.start);
    const end = Math.max(range.start + range.count, other.start + other.count);
    const oldest = this.#waiting.keys().next();
    if (other === range && this.#waiting.size >= MAX_WAITING && oldest.done !== true) {
      this.#waiting.delete(oldest.value);
    }
    this.#waiting.set(key, { ...range, start, count: end - start });
    this.#fly();
  }

  #fly(): void {
    while (this.#flying < FLIGHTS) {
      const range = this.#take();
      if (range === undefined) return;
      this.#flying += 1;
      void this.#follow(range);
    }
  }

  async #follow(range: Range): Promise<void> {
    const came = await this.#work.send(range).landed();
    this.#flying -= 1;
    const rest = range.count - came;
    // After a failure nothing more is asked for: a reset that needs the item will tell.
    if (came > 0 && rest > 0) this.add({ ...range, start: range.start + came, count: rest });
    else this.#fly();
  }

  /** The first items that are not there of the range that waits longest; the rest of it goes to the end. */
  #take(): Range | undefined {
    for (const [key, range] of this.#waiting) {
      this.#waiting.delete(key);
      let { start, count } = range;
      while (count > 0 && this.#work.isThere({ ...range, start, count })) {
        start += 1;
        count -= 1;
      }
      if (count === 0) continue;
      const batch = Math.min(count, this.#work.batch(range.dataset));
      if (batch < count) {
        this.#waiting.set(key, { ...range, start: start + batch, count: count - batch });
      }
      return { ...range, start, count: batch };
    }
    return undefined;
  }
}
