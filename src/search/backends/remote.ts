import { decode, encode } from "../../protocol/codec.ts";
import type { Hit, SearchEngine } from "../engine.ts";
import {
  askBytes,
  askJson,
  field,
  listField,
  remoteFault,
  type RemoteRequest,
} from "../remote-request.ts";
import { sourceDocument } from "./source-document.ts";

/** Another server of this interface: upstream's over faiss, Search-R1's, or one like this. */
export interface RemoteOptions {
  /** The whole address of its `/retrieve`. */
  readonly url: URL;
  /** `msgpack`: one query a request, as upstream. `json`: all in one, as Search-R1. */
  readonly format: "msgpack" | "json";
}

/** Requests of one search that run at once. */
const AT_ONCE = 8;

/** Passes queries on. */
export class RemoteEngine implements SearchEngine {
  readonly name = "remote";
  readonly passages = null;
  readonly #options: RemoteOptions;

  constructor(options: RemoteOptions) {
    this.#options = options;
  }

  async search(
    queries: readonly string[],
    topk: number,
    signal: AbortSignal,
  ): Promise<readonly (readonly Hit[])[]> {
    const request = { who: "The search server", url: this.#options.url, signal };
    if (this.#options.format === "json") {
      const body = { queries, topk, return_scores: true };
      const results = listField(await askJson({ ...request, body }), "result");
      if (results?.length !== queries.length)
        throw remoteFault(request, `did not give ${queries.length} results`);
      return results.map((result) => hitsOf(result, request));
    }
    const found: (readonly Hit[])[] = [];
    for (let from = 0; from < queries.length; from += AT_ONCE) {
      const some = queries.slice(from, from + AT_ONCE);
      found.push(...(await Promise.all(some.map((query) => ask(query, topk, request)))));
    }
    return found;
  }

  close(): Promise<void> {
    return Promise.resolve();
  }
}

async function ask(query: string, topk: number, request: RemoteRequest): Promise<readonly Hit[]> {
  const bytes = await askBytes({ ...request, body: encode({ query, topk, return_scores: true }) });
  try {
    return hitsOf(field(decode(bytes), "result"), request);
  } catch (error) {
    throw remoteFault(request, "gave an answer that cannot be read", error);
  }
}

function hitsOf(result: unknown, request: RemoteRequest): readonly Hit[] {
  if (!Array.isArray(result)) throw remoteFault(request, "gave a result that is no list");
  return result.map((item: unknown) => {
    const document = sourceDocument(field(item, "document"), undefined);
    if (document === undefined) throw remoteFault(request, "gave a passage without contents");
    const score = field(item, "score");
    return { document, score: typeof score === "number" ? score : null };
  });
}
