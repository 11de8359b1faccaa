import { GemError, show } from "../errors.ts";
import type { IndexProgress } from "../search/index/index-folder.ts";
import { startSearchServer } from "../search/http/search-server.ts";
import { METHODS, openEngine, VECTOR_STORES, type EngineOptions } from "../search/open-engine.ts";
import type { SearchEngine } from "../search/engine.ts";
import { errorFields, stderrLog } from "../server/log.ts";
import { readInteger } from "./environment.ts";
import { Progress } from "./progress.ts";

/** The options of `gem search-server`, as written. */
export interface SearchServerArguments {
  readonly corpus?: string;
  readonly index?: string;
  readonly method: string;
  readonly topk: string;
  readonly host: string;
  readonly port: string;
  readonly timeout: string;
  readonly threads?: string;
  readonly vectorStore: string;
  readonly embeddingUrl?: string;
  readonly embeddingApi?: string;
  readonly embeddingModel?: string;
  readonly embeddingFolder?: string;
  readonly url?: string;
  readonly collection?: string;
  readonly fields?: string;
  readonly vectorField?: string;
  readonly remoteFormat: string;
  readonly engine?: string;
  readonly snippetOnly?: boolean;
}

const STOPPED = 130;
const EMBEDDING_APIS = ["openai", "tei"] as const;
const REMOTE_FORMATS = ["msgpack", "json"] as const;

/** `gem search-server`: makes or opens the index, prints one line of JSON when it accepts connections, serves until a signal ends it. */
export async function runSearchServer(given: SearchServerArguments): Promise<void> {
  const options = readOptions(given);
  const topk = readInteger("--topk", given.topk, 1, 1000);
  const port = readInteger("--port", given.port, 0, 65_535);
  const timeoutMs = readInteger("--timeout", given.timeout, 1, 3600) * 1000;
  const stop = new AbortController();
  const stopped = new Promise<void>((resolve) => {
    stop.signal.addEventListener("abort", () => resolve());
  });
  // A second Ctrl-C ends the process at once; a supervisor's signal may come twice by itself.
  process.once("SIGINT", () => stop.abort(new Error("SIGINT")));
  process.on("SIGTERM", () => stop.abort(new Error("SIGTERM")));
  const engine = await open(options, stop.signal);
  if (engine === undefined) return;
  const log = stderrLog({ server: "search" });
  const onFault = (error: unknown): void => log("error", "A search failed.", errorFields(error));
  const server = await startSearchServer(engine, {
    host: given.host,
    port,
    topk,
    timeoutMs,
    onFault,
  }).catch(async (error: unknown) => {
    await engine.close();
    throw error;
  });
  const { name: method, passages } = engine;
  const announcement = { url: server.url, pid: process.pid, method, passages };
  process.stdout.write(`${JSON.stringify(announcement)}\n`);
  await stopped;
  await server.close();
}

/** Opens the engine and says how far it is; undefined when a signal came meanwhile. */
async function open(
  options: EngineOptions,
  signal: AbortSignal,
): Promise<SearchEngine | undefined> {
  const progress = new Progress(process.stderr);
  const spoken = new Set<string>();
  const onProgress = (now: IndexProgress): void => {
    spoken.add(now.phase);
    progress.say(PHASES[now.phase], barOf(now));
  };
  try {
    const engine = await openEngine(options, { signal, onProgress });
    if (spoken.size > 0) progress.end(`${engine.passages ?? 0} passages are indexed.`);
    return engine;
  } catch (error) {
    if (spoken.size > 0) progress.end("Stopped; an index that was there before is as it was.");
    if (!signal.aborted) throw error;
    process.exitCode = STOPPED;
    return undefined;
  }
}

const PHASES = {
  index: "Indexing the corpus",
  merge: "Merging the index",
  embed: "Computing vectors",
} as const;

const BAR_CELLS = 24;

function barOf({ done, total, passages }: IndexProgress): string {
  const share = total === 0 ? 1 : Math.min(1, done / total);
  const cells = Math.floor(share * BAR_CELLS);
  const bar = `${"█".repeat(cells)}${"░".repeat(BAR_CELLS - cells)}`;
  return `${bar} ${String(Math.floor(share * 100))} % ${String(passages)} passages`;
}

/** @throws GEM_INVALID_OPTION */
function readOptions(given: SearchServerArguments): EngineOptions {
  const { corpus, index, embeddingUrl, embeddingModel, embeddingFolder, url, collection } = given;
  const { threads, embeddingApi, vectorField, engine: webEngine, snippetOnly } = given;
  return {
    method: oneOf("--method", METHODS, given.method),
    corpus,
    index,
    threads: threads === undefined ? undefined : readInteger("--threads", threads, 1, 256),
    vectorStore: oneOf("--vector-store", VECTOR_STORES, given.vectorStore),
    embeddingUrl,
    embeddingApi:
      embeddingApi === undefined
        ? undefined
        : oneOf("--embedding-api", EMBEDDING_APIS, embeddingApi),
    embeddingModel,
    embeddingFolder,
    // Keys are read from the environment: a command line can be read by every user of the machine.
    embeddingKey: secret("GEM_EMBEDDING_KEY"),
    key: secret("GEM_SEARCH_KEY"),
    url,
    collection,
    fields: given.fields?.split(",").map((field) => field.trim()),
    vectorField,
    remoteFormat: oneOf("--remote-format", REMOTE_FORMATS, given.remoteFormat),
    webEngine,
    isSnippetOnly: snippetOnly,
  };
}

function secret(name: string): string | undefined {
  const value = process.env[name];
  return value === "" ? undefined : value;
}

function oneOf<T extends string>(name: string, known: readonly T[], value: string): T {
  const found = known.find((item) => item === value);
  if (found !== undefined) return found;
  throw new GemError(
    "GEM_INVALID_OPTION",
    `${name} must be one of ${known.join(", ")}, got ${show(value)}.`,
  );
}
