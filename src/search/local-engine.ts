import type { Embedder } from "./embedding/embedder.ts";
import type { Hit, SearchEngine } from "./engine.ts";
import { parseDocument } from "./index/passage.ts";
import type { Ranked } from "./index/store.ts";
import type { Executor } from "./threads/jobs.ts";
import { mergeRanked } from "./vectors/top-k.ts";

/** Finds passages' rows. */
export interface Ranker {
  rank(
    queries: readonly string[],
    topk: number,
    signal: AbortSignal,
  ): Promise<readonly (readonly Ranked[])[]>;
}

/** Vectors of all passages, from 1. */
export interface VectorIndex {
  /** The rows whose vectors are nearest to each query's, best first. */
  nearest(
    queries: readonly Float32Array[],
    topk: number,
    signal: AbortSignal,
  ): Promise<readonly (readonly Ranked[])[]>;
}

/** By words. */
export class LexicalRanker implements Ranker {
  readonly #executor: Executor;

  constructor(executor: Executor) {
    this.#executor = executor;
  }

  rank(
    queries: readonly string[],
    topk: number,
    signal: AbortSignal,
  ): Promise<readonly (readonly Ranked[])[]> {
    return this.#executor.run({ kind: "match", queries, topk }, signal);
  }
}

/** By meaning. */
export class DenseRanker implements Ranker {
  readonly #embedder: Embedder;
  readonly #vectors: VectorIndex;

  constructor(embedder: Embedder, vectors: VectorIndex) {
    this.#embedder = embedder;
    this.#vectors = vectors;
  }

  async rank(
    queries: readonly string[],
    topk: number,
    signal: AbortSignal,
  ): Promise<readonly (readonly Ranked[])[]> {
    const { batch } = this.#embedder;
    const vectors: Float32Array[] = [];
    for (let from = 0; from < queries.length; from += batch) {
      const part = queries.slice(from, from + batch);
      vectors.push(...(await this.#embedder.embed(part, "query", signal)));
    }
    return await this.#vectors.nearest(vectors, topk, signal);
  }
}

/** How many places of either list count, and how fast a place loses weight (Cormack, Clarke and Büttcher 2009). */
const FUSED_PLACES = 100;
const FUSION_CONSTANT = 60;

/** By both: reciprocal rank fusion. */
export class HybridRanker implements Ranker {
  readonly #rankers: readonly Ranker[];

  constructor(rankers: readonly Ranker[]) {
    this.#rankers = rankers;
  }

  async rank(
    queries: readonly string[],
    topk: number,
    signal: AbortSignal,
  ): Promise<readonly (readonly Ranked[])[]> {
    const places = Math.max(topk, FUSED_PLACES);
    const lists = await Promise.all(
      this.#rankers.map((ranker) => ranker.rank(queries, places, signal)),
    );
    return queries.map((_, query) =>
      fuse(
        lists.map((list) => list[query] ?? []),
        topk,
      ),
    );
  }
}

function fuse(lists: readonly (readonly Ranked[])[], topk: number): Ranked[] {
  const scores = new Map<number, number>();
  for (const list of lists) {
    for (const [place, { row }] of list.entries())
      scores.set(row, (scores.get(row) ?? 0) + 1 / (FUSION_CONSTANT + place + 1));
  }
  return mergeRanked([[...scores].map(([row, score]) => ({ row, score }))], topk);
}

/** Searches an index on this machine. */
export class LocalEngine implements SearchEngine {
  readonly name: string;
  readonly passages: number;
  readonly #ranker: Ranker;
  readonly #executor: Executor;

  constructor(name: string, passages: number, ranker: Ranker, executor: Executor) {
    this.name = name;
    this.passages = passages;
    this.#ranker = ranker;
    this.#executor = executor;
  }

  async search(
    queries: readonly string[],
    topk: number,
    signal: AbortSignal,
  ): Promise<readonly (readonly Hit[])[]> {
    const found = await this.#ranker.rank(queries, topk, signal);
    const rows = [...new Set(found.flat().map(({ row }) => row))];
    if (rows.length === 0) return queries.map(() => []);
    const documents = await this.#executor.run({ kind: "documents", rows }, signal);
    const byRow = new Map(rows.map((row, index) => [row, documents[index] ?? "{}"]));
    return queries.map((_, query) =>
      (found[query] ?? []).map(({ row, score }) => ({
        document: parseDocument(byRow.get(row) ?? "{}"),
        score,
      })),
    );
  }

  close(): Promise<void> {
    return this.#executor.close();
  }
}
