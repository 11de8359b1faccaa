import { contentsOf, type Hit, type SearchEngine } from "../engine.ts";

/** A result of a web search: a title, and what is said of it. */
export interface WebResult {
  readonly title: string;
  readonly text: string;
}

/** Queries that are asked at once: each is a paid request. */
const AT_ONCE = 4;

/** Asks a search engine of the web, one request a query; its results have no scores. */
export abstract class WebEngine implements SearchEngine {
  abstract readonly name: string;
  readonly passages = null;

  async search(
    queries: readonly string[],
    topk: number,
    signal: AbortSignal,
  ): Promise<readonly (readonly Hit[])[]> {
    const found: (readonly Hit[])[] = [];
    for (let from = 0; from < queries.length; from += AT_ONCE) {
      const some = queries.slice(from, from + AT_ONCE);
      const results = await Promise.all(some.map((query) => this.ask(query, topk, signal)));
      found.push(...results.map((list) => list.map(hitOf)));
    }
    return found;
  }

  close(): Promise<void> {
    return Promise.resolve();
  }

  /** The results for one query. @throws GEM_UNAVAILABLE */
  protected abstract ask(
    query: string,
    topk: number,
    signal: AbortSignal,
  ): Promise<readonly WebResult[]>;
}

function hitOf({ title, text }: WebResult): Hit {
  return { document: { contents: contentsOf(title, text), title, text }, score: null };
}
