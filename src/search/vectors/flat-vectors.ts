import type { Ranked } from "../index/store.ts";
import type { VectorIndex } from "../local-engine.ts";
import { GemError } from "../../errors.ts";
import type { Executor } from "../threads/jobs.ts";
import { mergeRanked } from "./top-k.ts";

/** Queries that one pass over the vectors answers. */
const MOST_AT_ONCE = 64;
/** Rows below which a part is not worth a thread of its own. */
const LEAST_PART = 4096;

interface Asked {
  readonly vector: Float32Array;
  readonly topk: number;
  readonly resolve: (ranked: readonly Ranked[]) => void;
  readonly reject: (error: unknown) => void;
}

/** Compares with every vector, so nothing is missed: all threads share the rows, and queries that come meanwhile share the next pass. */
export class FlatVectors implements VectorIndex {
  readonly #executor: Executor;
  readonly #rows: number;
  readonly #dimensions: number;
  #waiting: Asked[] = [];
  #isScanning = false;

  constructor(executor: Executor, rows: number, dimensions: number) {
    this.#executor = executor;
    this.#rows = rows;
    this.#dimensions = dimensions;
  }

  async nearest(
    queries: readonly Float32Array[],
    topk: number,
    signal: AbortSignal,
  ): Promise<readonly (readonly Ranked[])[]> {
    for (const { length } of queries) {
      if (length === this.#dimensions) continue;
      throw new GemError(
        "GEM_UNAVAILABLE",
        `The embedding model gave a vector of ${length} numbers; the index has vectors of ${this.#dimensions}.`,
      );
    }
    signal.throwIfAborted();
    let giveUp = (): void => undefined;
    const aborted = new Promise<never>((_, reject) => {
      giveUp = () => reject(signal.reason as Error);
      signal.addEventListener("abort", giveUp, { once: true });
    });
    const asked = queries.map((vector) => this.#ask(vector, topk));
    try {
      return await Promise.race([Promise.all(asked), aborted]);
    } finally {
      signal.removeEventListener("abort", giveUp);
    }
  }

  #ask(vector: Float32Array, topk: number): Promise<readonly Ranked[]> {
    const answer = new Promise<readonly Ranked[]>((resolve, reject) => {
      this.#waiting.push({ vector, topk, resolve, reject });
    });
    // After the caller's other queries have been added.
    queueMicrotask(() => void this.#scanAll());
    return answer;
  }

  async #scanAll(): Promise<void> {
    if (this.#isScanning) return;
    this.#isScanning = true;
    for (;;) {
      const batch = this.#waiting.splice(0, MOST_AT_ONCE);
      if (batch.length === 0) break;
      try {
        const found = await this.#scan(batch);
        for (const [index, { topk, resolve }] of batch.entries())
          resolve(
            mergeRanked(
              found.map((part) => part[index] ?? []),
              topk,
            ),
          );
      } catch (error) {
        for (const { reject } of batch) reject(error);
      }
    }
    this.#isScanning = false;
  }

  #scan(batch: readonly Asked[]): Promise<readonly (readonly (readonly Ranked[])[])[]> {
    const queries = new Float32Array(batch.length * this.#dimensions);
    for (const [index, { vector }] of batch.entries())
      queries.set(vector, index * this.#dimensions);
    const topk = Math.max(...batch.map((asked) => asked.topk));
    const parts = Math.max(1, Math.min(this.#executor.size, Math.ceil(this.#rows / LEAST_PART)));
    const each = Math.ceil(this.#rows / parts);
    const { signal } = new AbortController();
    return Promise.all(
      Array.from({ length: parts }, (_, part) => {
        const [begin, end] = [part * each, Math.min(this.#rows, (part + 1) * each)];
        return this.#executor.run({ kind: "scan", queries, topk, begin, end }, signal);
      }),
    );
  }
}
