import { GemError } from "../../errors.ts";
import { askJson, field, listField, remoteFault } from "../remote-request.ts";
import {
  isNormalized,
  markedText,
  normalize,
  vectorOf,
  type Embedder,
  type TextKind,
} from "./embedder.ts";

/** Which form requests have: OpenAI's `/embeddings`, or `/embed` of text-embeddings-inference. */
export type EmbeddingApi = "openai" | "tei";

/** Where embeddings come from. */
export interface HttpEmbedderOptions {
  /** The endpoint's whole address. */
  readonly url: string;
  readonly model: string;
  /** Sent as a bearer token. */
  readonly key?: string | undefined;
  /** Told by the address by default: one that ends in `/embed` is `tei`. */
  readonly api?: EmbeddingApi | undefined;
}

const WHO = "The embedding server";
const BATCH = 32;
const MOST_CHARACTERS = 8192;

/** Asks a server for embeddings. */
export class HttpEmbedder implements Embedder {
  readonly model: string;
  readonly batch: number = BATCH;
  readonly #url: URL;
  readonly #api: EmbeddingApi;
  readonly #headers: Readonly<Record<string, string>>;

  /** @throws GEM_INVALID_OPTION for an address that is none */
  constructor({ url, model, key, api }: HttpEmbedderOptions) {
    if (!URL.canParse(url) || !/^https?:/.test(url)) {
      const message = `--embedding-url must be an http or https address, got ${JSON.stringify(url)}.`;
      throw new GemError("GEM_INVALID_OPTION", message);
    }
    this.model = model;
    this.#url = new URL(url);
    this.#api = api ?? (/\/embed\/?$/.test(this.#url.pathname) ? "tei" : "openai");
    this.#headers = key === undefined ? {} : { authorization: `Bearer ${key}` };
  }

  async embed(
    texts: readonly string[],
    kind: TextKind,
    signal: AbortSignal,
  ): Promise<readonly Float32Array[]> {
    const request = { who: WHO, url: this.#url, headers: this.#headers, signal };
    const input = texts.map((text) => markedText(this.model, cut(text), kind));
    const body =
      this.#api === "tei" ? { inputs: input, truncate: true } : { model: this.model, input };
    const answer = await askJson({ ...request, body });
    const found = this.#api === "tei" ? answer : inOrder(listField(answer, "data"));
    if (!Array.isArray(found) || found.length !== texts.length)
      throw remoteFault(request, `did not give ${texts.length} embeddings`);
    const vectors = found.map((vector) => vectorOf(vector, this.model));
    return isNormalized(this.model) ? vectors.map(normalize) : vectors;
  }
}

/** The embeddings of OpenAI's answer, whose rows say their places. */
function inOrder(rows: readonly unknown[] | undefined): readonly unknown[] | undefined {
  const vectors: unknown[] = [];
  for (const [place, row] of (rows ?? []).entries()) {
    const index = field(row, "index");
    vectors[typeof index === "number" ? index : place] = field(row, "embedding");
  }
  return rows === undefined ? undefined : vectors;
}

/** Models read the beginning; servers refuse what is much longer. */
function cut(text: string): string {
  return text.slice(0, MOST_CHARACTERS).toWellFormed();
}
