import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openEngine, type EngineOptions } from "../../../src/search/open-engine.ts";
import type { SearchEngine } from "../../../src/search/engine.ts";
import { InlineExecutor } from "../../../src/search/threads/jobs.ts";

/** Four passages; the words of the first three are counted by the tests of BM25. */
export const ROWS: readonly object[] = [
  { id: "p", contents: '"Paris"\nParis is the capital of France.' },
  { id: 7, title: "Rome", text: "Rome is the capital of Italy." },
  { contents: "Tea\nTea is drunk in cafés and gardens", language: "en" },
  { contents: "Alone" },
];

/** A folder that is removed with everything in it. */
export class Scratch {
  readonly folder = mkdtempSync(join(tmpdir(), "gem-search-"));

  /** Writes a corpus; gives its path. */
  corpus(rows: readonly object[] = ROWS, name = "docs.jsonl"): string {
    const path = join(this.folder, name);
    writeFileSync(path, rows.map((row) => `${JSON.stringify(row)}\n`).join(""));
    return path;
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** A signal that never aborts. */
export function never(): AbortSignal {
  return new AbortController().signal;
}

/** Opens an engine that works in this thread. */
export function openInline(options: EngineOptions, signal = never()): Promise<SearchEngine> {
  const makeExecutor = (context: ConstructorParameters<typeof InlineExecutor>[0]): InlineExecutor =>
    new InlineExecutor(context);
  return openEngine({ ...options, makeExecutor }, { signal });
}

/** The ids of what is found for one query. */
export async function idsFor(engine: SearchEngine, query: string, topk = 10): Promise<unknown[]> {
  const [hits = []] = await engine.search([query], topk, never());
  return hits.map(({ document }) => document["id"]);
}
