import { existsSync } from "node:fs";
import { open } from "node:fs/promises";
import { dirname, join } from "node:path";
import { loadOptional } from "../embedding/optional-package.ts";
import type { BuildOptions } from "../index/index-folder.ts";
import type { Ranked } from "../index/store.ts";
import type { VectorIndex } from "../local-engine.ts";
import type { VectorFile } from "./vector-file.ts";

/** What is used of `@lancedb/lancedb`. */
interface Lance {
  connect(folder: string): Promise<LanceConnection>;
  readonly Index: { ivfFlat(options: { distanceType: "dot" }): unknown };
}

interface LanceConnection {
  tableNames(): Promise<readonly string[]>;
  openTable(name: string): Promise<LanceTable>;
  createTable(
    name: string,
    rows: readonly LanceRow[],
    options: { mode: "overwrite" },
  ): Promise<LanceTable>;
}

interface LanceTable {
  add(rows: readonly LanceRow[]): Promise<unknown>;
  countRows(): Promise<number>;
  createIndex(column: string, options: { config: unknown }): Promise<void>;
  vectorSearch(vector: Float32Array): LanceQuery;
}

interface LanceQuery {
  distanceType(type: "dot"): LanceQuery;
  select(columns: readonly string[]): LanceQuery;
  limit(count: number): LanceQuery;
  toArray(): Promise<readonly { readonly row: number; readonly _distance: number }[]>;
}

interface LanceRow extends Record<string, unknown> {
  readonly row: number;
  readonly vector: readonly number[];
}

const PACKAGE = "@lancedb/lancedb";
const VERSION = "0.37.1";
const TABLE = "vectors";
const ROWS_AT_ONCE = 2000;
const FLOAT_BYTES = 4;
/** Below it LanceDB compares with every vector, which is exact. */
const INDEX_FROM_ROWS = 100_000;

/** Vectors in LanceDB: on disk rather than in memory, and from 100,000 rows found through an index (IVF), nearly all of them. */
export async function openLanceVectors(
  { path, dimensions, rows }: VectorFile,
  { signal, onProgress }: BuildOptions,
): Promise<VectorIndex> {
  const lance = (await loadOptional(PACKAGE, VERSION, "The vector store lancedb")) as Lance;
  const folder = join(dirname(path), "lance");
  const isNew = !existsSync(folder);
  const connection = await lance.connect(folder);
  if (!isNew && (await connection.tableNames()).includes(TABLE)) {
    const table = await connection.openTable(TABLE);
    if ((await table.countRows()) === rows) return new LanceVectors(table);
  }
  let table: LanceTable | undefined;
  const file = await open(path, "r");
  try {
    for (let first = 0; first < rows; first += ROWS_AT_ONCE) {
      signal.throwIfAborted();
      const count = Math.min(ROWS_AT_ONCE, rows - first);
      const values = new Float32Array(count * dimensions);
      await file.read(values, 0, values.byteLength, first * dimensions * FLOAT_BYTES);
      const batch = Array.from({ length: count }, (_, index) => ({
        row: first + index + 1,
        vector: [...values.subarray(index * dimensions, (index + 1) * dimensions)],
      }));
      if (table === undefined)
        table = await connection.createTable(TABLE, batch, { mode: "overwrite" });
      else await table.add(batch);
      onProgress?.({ phase: "merge", done: first + count, total: rows, passages: first + count });
    }
  } finally {
    await file.close();
  }
  if (table === undefined) return { nearest: (queries) => Promise.resolve(queries.map(() => [])) };
  if (rows >= INDEX_FROM_ROWS) {
    await table.createIndex("vector", { config: lance.Index.ivfFlat({ distanceType: "dot" }) });
  }
  return new LanceVectors(table);
}

class LanceVectors implements VectorIndex {
  readonly #table: LanceTable;

  constructor(table: LanceTable) {
    this.#table = table;
  }

  async nearest(
    queries: readonly Float32Array[],
    topk: number,
    signal: AbortSignal,
  ): Promise<readonly (readonly Ranked[])[]> {
    const found = await Promise.all(
      queries.map((query) =>
        this.#table
          .vectorSearch(query)
          .distanceType("dot")
          .select(["row", "_distance"])
          .limit(topk)
          .toArray(),
      ),
    );
    signal.throwIfAborted();
    // LanceDB's distance is one less the inner product.
    return found.map((rows) => rows.map(({ row, _distance }) => ({ row, score: 1 - _distance })));
  }
}
