import type { Embedder } from "../embedding/embedder.ts";
import type { Hit, SearchEngine } from "../engine.ts";
import {
  askJson,
  field,
  listField,
  remoteFault,
  textField,
  type RemoteRequest,
} from "../remote-request.ts";
import { below } from "./options.ts";
import { sourceDocument } from "./source-document.ts";

/** An index of Elasticsearch or OpenSearch. */
export interface ElasticOptions {
  readonly flavour: "elasticsearch" | "opensearch";
  readonly url: URL;
  readonly index: string;
  /** Fields whose words are searched, perhaps with weights: `title^2`. */
  readonly fields: readonly string[];
  /** The header `Authorization`. */
  readonly authorization?: string | undefined;
  /** Searches by vectors in `field` instead. */
  readonly vectors?: { readonly field: string; readonly embedder: Embedder } | undefined;
}

/** Candidates of each shard that Elasticsearch compares for `k` neighbours. */
const CANDIDATES_EACH = 10;
const MOST_CANDIDATES = 10_000;

/** Asks Elasticsearch or OpenSearch: all queries of a request in one `_msearch`. */
export class ElasticEngine implements SearchEngine {
  readonly name: string;
  readonly passages = null;
  readonly #options: ElasticOptions;

  constructor(options: ElasticOptions) {
    this.name = options.flavour;
    this.#options = options;
  }

  async search(
    queries: readonly string[],
    topk: number,
    signal: AbortSignal,
  ): Promise<readonly (readonly Hit[])[]> {
    const { url, index, authorization } = this.#options;
    const bodies = await this.#bodies(queries, topk, signal);
    const lines = bodies.map((body) => `{}\n${JSON.stringify(body)}\n`).join("");
    const request = {
      who: "The search engine",
      url: below(url, `${encodeURIComponent(index)}/_msearch`),
      headers: {
        "content-type": "application/x-ndjson",
        ...(authorization === undefined ? {} : { authorization }),
      },
      signal,
    };
    const answer = await askJson({ ...request, body: Buffer.from(lines) });
    const responses = listField(answer, "responses");
    if (responses?.length !== queries.length)
      throw remoteFault(request, `did not give ${queries.length} responses`);
    return responses.map((response) => hitsOf(response, request));
  }

  close(): Promise<void> {
    return Promise.resolve();
  }

  async #bodies(
    queries: readonly string[],
    topk: number,
    signal: AbortSignal,
  ): Promise<readonly object[]> {
    const { vectors, fields, flavour } = this.#options;
    const size = { size: topk };
    if (vectors === undefined) {
      return queries.map((query) => ({ ...size, query: { multi_match: { query, fields } } }));
    }
    const { embedder, field: name } = vectors;
    const source = { ...size, _source: { excludes: [name] } };
    const found = await embedder.embed(queries, "query", signal);
    return found.map((values) => {
      const vector = [...values];
      if (flavour === "opensearch")
        return { ...source, query: { knn: { [name]: { vector, k: topk } } } };
      const candidates = Math.min(MOST_CANDIDATES, Math.max(100, topk * CANDIDATES_EACH));
      const knn = { field: name, query_vector: vector, k: topk, num_candidates: candidates };
      return { ...source, knn };
    });
  }
}

function hitsOf(response: unknown, request: RemoteRequest): readonly Hit[] {
  const error = field(response, "error");
  if (error !== undefined) {
    const reason = textField(error, "reason") ?? textField(error, "type") ?? "unknown";
    throw remoteFault(request, `refused a search: ${reason}`);
  }
  const hits = listField(field(response, "hits"), "hits");
  if (hits === undefined) throw remoteFault(request, "gave a response without hits");
  return hits.map((hit) => {
    const document = sourceDocument(field(hit, "_source"), field(hit, "_id"));
    if (document === undefined)
      throw remoteFault(request, 'has a document without "contents" and without "text"');
    const score = field(hit, "_score");
    return { document, score: typeof score === "number" ? score : null };
  });
}
