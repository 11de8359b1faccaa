import type { Dataset } from "./dataset.ts";
import type { Item } from "./item.ts";

/** Items of a dataset by position: `count` of them from `start` on. */
export interface Range {
  readonly dataset: Dataset;
  readonly seed: bigint;
  readonly start: number;
  readonly count: number;
}

/** A request for items that has no answer yet. */
export class Flight {
  /** Whether nobody waited for it when it was sent, so that it may wait itself. */
  readonly isAhead: boolean;
  readonly #items: Promise<readonly Item[]>;

  constructor(isAhead: boolean, items: Promise<readonly Item[]>) {
    this.isAhead = isAhead;
    this.#items = items;
    // Whoever waits gets the error; a flight without waiters may fail unseen.
    items.catch(() => undefined);
  }

  /** How many items came; none when it failed. */
  async landed(): Promise<number> {
    const items = await this.#items.catch((): readonly Item[] => []);
    return items.length;
  }

  /**
   * An item of the range by its position in it, or undefined when it is not among those that came.
   *
   * @throws what the request failed with, for the first item of one that was waited for
   */
  async item(position: number): Promise<Item | undefined> {
    try {
      return (await this.#items)[position];
    } catch (error) {
      if (position > 0 || this.isAhead) return undefined;
      throw error;
    }
  }

  /** As `item`, but gives up after a while, since what is done ahead may have to wait for others. */
  async itemWithin(position: number, ms: number): Promise<Item | undefined> {
    let timer: NodeJS.Timeout | undefined;
    const patience = new Promise<undefined>((resolve) => {
      timer = setTimeout(() => {
        resolve(undefined);
      }, ms);
    });
    try {
      return await Promise.race([this.item(position), patience]);
    } finally {
      clearTimeout(timer);
    }
  }
}
