import { availableParallelism } from "node:os";
import { GemError } from "../errors.ts";
import { ElasticEngine } from "./backends/elastic.ts";
import { GoogleEngine } from "./backends/google.ts";
import { required, serverUrl } from "./backends/options.ts";
import { QdrantEngine } from "./backends/qdrant.ts";
import { RemoteEngine } from "./backends/remote.ts";
import { SerpEngine } from "./backends/serp.ts";
import type { Embedder } from "./embedding/embedder.ts";
import { HttpEmbedder } from "./embedding/http-embedder.ts";
import { openOnnxEmbedder } from "./embedding/onnx-embedder.ts";
import type { SearchEngine } from "./engine.ts";
import { openIndex, type BuildOptions, type OpenedIndex } from "./index/index-folder.ts";
import {
  DenseRanker,
  HybridRanker,
  LexicalRanker,
  LocalEngine,
  type Ranker,
  type VectorIndex,
} from "./local-engine.ts";
import type { Executor, JobContext } from "./threads/jobs.ts";
import { ThreadPool } from "./threads/thread-pool.ts";
import { FlatVectors } from "./vectors/flat-vectors.ts";
import { openLanceVectors } from "./vectors/lance-vectors.ts";
import { readSegments } from "./vectors/segments.ts";
import { openVectors } from "./vectors/vector-file.ts";

/** What answers queries, by name. */
export const METHODS = [
  "bm25",
  "dense",
  "hybrid",
  "serp",
  "google",
  "elasticsearch",
  "opensearch",
  "qdrant",
  "remote",
] as const;

/** One of `METHODS`. */
export type Method = (typeof METHODS)[number];

/** Where vectors are kept: in memory and compared one by one, or in LanceDB. */
export const VECTOR_STORES = ["flat", "lancedb"] as const;

/** What an engine is made from; each method needs some of it. */
export interface EngineOptions {
  readonly method: Method;
  readonly corpus?: string | undefined;
  /** The index' folder; `<corpus>.index` by default. */
  readonly index?: string | undefined;
  /** Threads that search; one a core by default. */
  readonly threads?: number | undefined;
  readonly vectorStore?: (typeof VECTOR_STORES)[number] | undefined;
  readonly embeddingUrl?: string | undefined;
  readonly embeddingApi?: "openai" | "tei" | undefined;
  readonly embeddingModel?: string | undefined;
  readonly embeddingKey?: string | undefined;
  /** A folder that holds the model's, for a model that runs in this process. */
  readonly embeddingFolder?: string | undefined;
  /** The other server's address. */
  readonly url?: string | undefined;
  /** The index or collection there. */
  readonly collection?: string | undefined;
  readonly fields?: readonly string[] | undefined;
  readonly vectorField?: string | undefined;
  readonly remoteFormat?: "msgpack" | "json" | undefined;
  /** The key, token or `Authorization` header that the other server wants. */
  readonly key?: string | undefined;
  /** SerpAPI's engine, or Google's engine id. */
  readonly webEngine?: string | undefined;
  readonly isSnippetOnly?: boolean | undefined;
  /** Makes what runs jobs; threads by default. */
  readonly makeExecutor?: (context: JobContext) => Executor;
}

const SERP_URL = "https://serpapi.com/search";
const GOOGLE_URL = "https://www.googleapis.com/customsearch/v1";
const FIELDS = ["contents", "title", "text"];

/**
 * Opens what answers queries; an index on this machine is made first where there is none.
 *
 * @throws GEM_INVALID_OPTION, GEM_LIMIT, GEM_UNAVAILABLE, or the signal's reason
 */
export async function openEngine(
  options: EngineOptions,
  build: BuildOptions,
): Promise<SearchEngine> {
  const { method, key, url } = options;
  switch (method) {
    case "bm25":
    case "dense":
    case "hybrid":
      return await openLocal(method, options, build);
    case "serp":
      return new SerpEngine({
        url: serverUrl("--url", url ?? SERP_URL),
        key: required("A SerpAPI key (GEM_SEARCH_KEY)", key),
        engine: options.webEngine ?? "google",
      });
    case "google":
      return new GoogleEngine({
        url: serverUrl("--url", url ?? GOOGLE_URL),
        key: required("An API key (GEM_SEARCH_KEY)", key),
        engineId: required("--engine (the search engine's id, cx)", options.webEngine),
        isSnippetOnly: options.isSnippetOnly ?? false,
      });
    case "elasticsearch":
    case "opensearch":
      return await openElastic(method, options);
    case "qdrant":
      return new QdrantEngine({
        url: serverUrl("--url", url),
        collection: required("--collection", options.collection),
        embedder: await openEmbedder(options),
        vector: options.vectorField,
        key,
      });
    case "remote":
      return new RemoteEngine({
        url: serverUrl("--url", url),
        format: options.remoteFormat ?? "msgpack",
      });
  }
}

async function openElastic(
  flavour: "elasticsearch" | "opensearch",
  options: EngineOptions,
): Promise<SearchEngine> {
  const { vectorField: field, fields = FIELDS, key: authorization } = options;
  const vectors =
    field === undefined ? undefined : { field, embedder: await openEmbedder(options) };
  const url = serverUrl("--url", options.url);
  const index = required("--collection (the index)", options.collection);
  return new ElasticEngine({ flavour, url, index, fields, authorization, vectors });
}

async function openLocal(
  method: "bm25" | "dense" | "hybrid",
  options: EngineOptions,
  build: BuildOptions,
): Promise<SearchEngine> {
  const { corpus } = options;
  const folder = options.index ?? (corpus === undefined ? undefined : `${corpus}.index`);
  if (folder === undefined) {
    const message = `The method ${method} searches passages: name a file of them (--corpus), an index (--index), or both.`;
    throw new GemError("GEM_INVALID_OPTION", message);
  }
  const embedder = method === "bm25" ? undefined : await openEmbedder(options);
  const index = await openIndex(folder, corpus, build);
  const threads = options.threads ?? availableParallelism();
  const makeExecutor = options.makeExecutor ?? ((context) => new ThreadPool(context, threads));
  if (embedder === undefined) {
    const executor = makeExecutor({ store: index.store });
    return new LocalEngine(method, index.passages, new LexicalRanker(executor), executor);
  }
  const { executor, vectors } = await openVectorIndex(
    index,
    embedder,
    options,
    build,
    makeExecutor,
  );
  const dense = new DenseRanker(embedder, vectors);
  const ranker: Ranker =
    method === "dense" ? dense : new HybridRanker([new LexicalRanker(executor), dense]);
  return new LocalEngine(method, index.passages, ranker, executor);
}

async function openVectorIndex(
  index: OpenedIndex,
  embedder: Embedder,
  { vectorStore }: EngineOptions,
  build: BuildOptions,
  makeExecutor: (context: JobContext) => Executor,
): Promise<{ executor: Executor; vectors: VectorIndex }> {
  const file = await openVectors(index, embedder, build);
  if (vectorStore === "lancedb") {
    const vectors = await openLanceVectors(file, build);
    return { executor: makeExecutor({ store: index.store }), vectors };
  }
  const { path, dimensions, rows } = file;
  const segments = await readSegments(path, dimensions, rows, build.signal);
  const executor = makeExecutor({ store: index.store, segments });
  return { executor, vectors: new FlatVectors(executor, rows, dimensions) };
}

async function openEmbedder(options: EngineOptions): Promise<Embedder> {
  const { embeddingUrl, embeddingModel, embeddingFolder } = options;
  if (embeddingUrl !== undefined) {
    return new HttpEmbedder({
      url: embeddingUrl,
      model: embeddingModel ?? "default",
      key: options.embeddingKey,
      api: options.embeddingApi,
    });
  }
  if (embeddingFolder !== undefined) {
    const model = required("--embedding-model (its folder's name)", embeddingModel);
    return await openOnnxEmbedder(model, embeddingFolder);
  }
  throw new GemError(
    "GEM_INVALID_OPTION",
    `The method ${options.method} needs a model that makes vectors of text: name a server (--embedding-url), or a folder of models (--embedding-folder) and one in it (--embedding-model).`,
  );
}
