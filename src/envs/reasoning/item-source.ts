import type { MaybePromise } from "../../core/maybe-promise.ts";
import { GemError, show } from "../../errors.ts";
import { AheadQueue } from "./ahead-queue.ts";
import type { Dataset } from "./dataset.ts";
import { Flight, type Range } from "./flight.ts";
import type { Item } from "./item.ts";
import { Pace } from "./pace.ts";
import { Recent } from "./recent.ts";
import { isRuleName } from "./rules.ts";
import { specOf, type Run } from "./run.ts";

const CACHE_BYTES = 32 * 2 ** 20;
/** What an item costs besides its characters, in bytes. */
const OVERHEAD = 250;
/** How long a process goes on with further items when somebody waits for the first, and when nobody does. */
const BUDGET_MS = { waited: 2, ahead: 10 };
/** How long a reset waits for an item that is being made ahead before it asks for it itself. */
const PATIENCE_MS = 250;

/**
 * Items by dataset, seed and index, for all environments of a thread: each is generated once while it is in use, and the next
 * ones are generated ahead.
 */
export class ItemSource {
  readonly #run: Run;
  readonly #cache: Recent<Item>;
  readonly #pace = new Pace();
  /** What is on its way: with whom, and at which position. */
  readonly #flights = new Map<string, readonly [flight: Flight, position: number]>();
  readonly #queue: AheadQueue;

  /** @param cacheBytes how much of memory the items may take */
  constructor(run: Run, cacheBytes: number = CACHE_BYTES) {
    this.#run = run;
    this.#cache = new Recent(cacheBytes, bytesOf);
    this.#queue = new AheadQueue({
      isThere: ({ dataset, seed, start }) => this.#isThere(dataset, seed, start),
      send: (range) => this.#send(`rg:${range.dataset.name}`, range, true),
      batch: (dataset) => this.#pace.of(dataset.key),
    });
  }

  /**
   * An item, at once when it is there.
   *
   * @param owner for whom, for messages: an environment's id
   * @param range the item's dataset, seed and index, and how many from it on are likely to be asked for next
   * @throws GEM_INVALID_OPTION when the library refuses the dataset's options; what `HostPool.run` throws
   */
  item(owner: string, range: Range): MaybePromise<Item> {
    const item = this.#cache.get(keyOf(range.dataset, range.seed, range.start));
    return item ?? this.#fetch(owner, range);
  }

  /** Sees to it that the items of a range are there when they are asked for; fewer of them where each takes long. */
  ahead({ dataset, seed, start, count }: Range): void {
    const end = Math.min(dataset.size, start + Math.min(count, 2 * this.#pace.of(dataset.key)));
    if (start >= end) return;
    // A batch at a time: while the first half of what is wanted is there, nothing is asked for. Items come from the first on, so
    // the two ends of that half tell.
    const middle = start + Math.floor((end - start) / 2);
    if (this.#isThere(dataset, seed, start) && this.#isThere(dataset, seed, middle)) return;
    this.#queue.add({ dataset, seed, start, count: end - start });
  }

  async #fetch(owner: string, range: Range): Promise<Item> {
    const key = keyOf(range.dataset, range.seed, range.start);
    const place = this.#flights.get(key);
    if (place !== undefined) {
      const [flight, position] = place;
      const item = flight.isAhead
        ? await flight.itemWithin(position, PATIENCE_MS)
        : await flight.item(position);
      if (item !== undefined) return item;
      const other = this.#flights.get(key)?.[0];
      if (other !== undefined && other !== flight) return this.#fetch(owner, range);
    }
    const count = Math.min(range.count, this.#pace.of(range.dataset.key));
    const item = await this.#send(owner, { ...range, count }, false).item(0);
    if (item !== undefined) return item;
    throw new GemError("GEM_INTERNAL", `The library gave no item of ${range.dataset.name}.`);
  }

  /** Asks for the items of a range, up to the first but one that is there or on its way. */
  #send(owner: string, { dataset, seed, start, count }: Range, isAhead: boolean): Flight {
    let end = start + 1;
    const last = Math.min(dataset.size, start + count);
    while (end < last && !this.#isThere(dataset, seed, end)) end += 1;
    const range = { dataset, seed, start, count: end - start };
    const flight = new Flight(isAhead, this.#receive(owner, range, isAhead));
    const keys = Array.from({ length: range.count }, (_, i) => keyOf(dataset, seed, start + i));
    for (const [position, key] of keys.entries()) this.#flights.set(key, [flight, position]);
    void flight.landed().then(() => {
      for (const key of keys) if (this.#flights.get(key)?.[0] === flight) this.#flights.delete(key);
    });
    return flight;
  }

  async #receive(owner: string, range: Range, isAhead: boolean): Promise<readonly Item[]> {
    const { dataset, seed, start, count } = range;
    const budget = isAhead ? BUDGET_MS.ahead : BUDGET_MS.waited;
    const args = [specOf(dataset, seed), start, count, budget];
    let maker: number | undefined;
    const onPlaced = (process: number): void => void (maker = process);
    const reply = await this.#run("items", args, { owner, ahead: isAhead, onPlaced });
    const items = readItems(reply, seed, start, maker);
    this.#pace.note(dataset.key, count, items.length);
    for (const [position, item] of items.entries()) {
      this.#cache.add(keyOf(dataset, seed, start + position), item);
    }
    return items;
  }

  /** Whether an item is there or on its way. */
  #isThere(dataset: Dataset, seed: bigint, index: number): boolean {
    const key = keyOf(dataset, seed, index);
    return this.#cache.has(key) || this.#flights.has(key);
  }
}

function keyOf({ key, slides }: Dataset, seed: bigint, index: number): string {
  if (slides) return `${(seed + BigInt(index)).toString()} ${key}`;
  return `${seed.toString()} ${String(index)} ${key}`;
}

function bytesOf(key: string, { question, answer }: Item): number {
  return 2 * (key.length + question.length + (answer?.length ?? 0)) + OVERHEAD;
}

function readItems(
  reply: unknown,
  seed: bigint,
  start: number,
  maker: number | undefined,
): readonly Item[] {
  if (Array.isArray(reply)) return reply.map((item, i) => readItem(item, seed, start + i, maker));
  throw new GemError("GEM_INTERNAL", `The library's items are ${show(reply)}.`);
}

function readItem(reply: unknown, seed: bigint, index: number, maker: number | undefined): Item {
  if (Array.isArray(reply)) {
    const [question, answer, rule] = reply as readonly unknown[];
    if (typeof question === "string") {
      const own = typeof answer === "string" ? answer : null;
      const known = own !== null && isRuleName(rule) ? rule : null;
      return { question, answer: own, rule: known, maker, seed, index };
    }
  }
  throw new GemError("GEM_INTERNAL", `An item of the library is ${show(reply)}.`);
}
