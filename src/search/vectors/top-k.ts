import type { Ranked } from "../index/store.ts";

/** Keeps the best of many rows; of equals the one that came first. */
export class TopK {
  readonly #limit: number;
  /** Best first. */
  readonly #kept: Ranked[] = [];
  #least = -Infinity;

  constructor(limit: number) {
    this.#limit = limit;
  }

  offer(row: number, score: number): void {
    if (!(score > this.#least)) return;
    const kept = this.#kept;
    let [low, high] = [0, kept.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((kept[middle]?.score ?? 0) >= score) low = middle + 1;
      else high = middle;
    }
    kept.splice(low, 0, { row, score });
    if (kept.length > this.#limit) kept.pop();
    if (kept.length === this.#limit) this.#least = kept[kept.length - 1]?.score ?? -Infinity;
  }

  ranked(): Ranked[] {
    return this.#kept;
  }
}

/** The best of several lists, best first. */
export function mergeRanked(lists: readonly (readonly Ranked[])[], topk: number): Ranked[] {
  return lists
    .flat()
    .sort((a, b) => b.score - a.score || a.row - b.row)
    .slice(0, topk);
}
