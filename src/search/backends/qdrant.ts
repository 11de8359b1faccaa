import type { Embedder } from "../embedding/embedder.ts";
import type { Hit, SearchEngine } from "../engine.ts";
import { askJson, field, listField, remoteFault, type RemoteRequest } from "../remote-request.ts";
import { below } from "./options.ts";
import { sourceDocument } from "./source-document.ts";

/** A collection of Qdrant whose payloads are passages. */
export interface QdrantOptions {
  readonly url: URL;
  readonly collection: string;
  readonly embedder: Embedder;
  /** The name of the vector, in a collection that has several. */
  readonly vector?: string | undefined;
  readonly key?: string | undefined;
}

/** Asks Qdrant 1.10 or newer. */
export class QdrantEngine implements SearchEngine {
  readonly name = "qdrant";
  readonly passages = null;
  readonly #options: QdrantOptions;

  constructor(options: QdrantOptions) {
    this.#options = options;
  }

  async search(
    queries: readonly string[],
    topk: number,
    signal: AbortSignal,
  ): Promise<readonly (readonly Hit[])[]> {
    const { url, collection, embedder, vector, key } = this.#options;
    const vectors = await embedder.embed(queries, "query", signal);
    const using = vector === undefined ? {} : { using: vector };
    const searches = vectors.map((values) => {
      return { query: [...values], limit: topk, with_payload: true, ...using };
    });
    const request = {
      who: "Qdrant",
      url: below(url, `collections/${encodeURIComponent(collection)}/points/query/batch`),
      headers: key === undefined ? {} : { "api-key": key },
      signal,
    };
    const answer = await askJson({ ...request, body: { searches } });
    const results = listField(answer, "result");
    if (results?.length !== queries.length)
      throw remoteFault(request, `did not give ${queries.length} results`);
    return results.map((result) => hitsOf(result, request));
  }

  close(): Promise<void> {
    return Promise.resolve();
  }
}

function hitsOf(result: unknown, request: RemoteRequest): readonly Hit[] {
  const points = listField(result, "points");
  if (points === undefined) throw remoteFault(request, "gave a result without points");
  return points.map((point) => {
    const document = sourceDocument(field(point, "payload"), field(point, "id"));
    if (document === undefined)
      throw remoteFault(request, 'has a point whose payload has neither "contents" nor "text"');
    const score = field(point, "score");
    return { document, score: typeof score === "number" ? score : null };
  });
}
