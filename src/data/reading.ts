import { createRequire } from "node:module";
import { Worker } from "node:worker_threads";
import { GemError } from "../errors.ts";
import type { Chunk } from "./columns/column.ts";
import type { DataFile } from "./formats/format.ts";
import type { PackJob } from "./packed/pack-files.ts";

/** What the thread is asked to read. */
export interface ReadJob {
  readonly id: number;
  readonly files: readonly DataFile[];
  readonly columns: readonly string[] | undefined;
  readonly pack: PackJob | undefined;
}

/** What it answers: chunks unless they are packed, then the end or an error. */
export type ReadMessage =
  | { readonly id: number; readonly name: string; readonly chunk: Chunk }
  | ({ readonly id: number } & ReadShape)
  | { readonly id: number; readonly error: string };

/** What was read. */
export interface ReadShape {
  readonly rows: number;
  /** All columns of the files, wanted or not. */
  readonly names: readonly string[];
  /** Whether the values are in the packed file instead of chunks. */
  readonly isPacked: boolean;
  /** Why they are not, although they should. */
  readonly failure?: string | undefined;
}

/** What was read, and the values by column. */
export interface ReadResult extends ReadShape {
  readonly chunks: ReadonlyMap<string, readonly Chunk[]>;
}

interface Waiting {
  readonly chunks: Map<string, Chunk[]>;
  readonly resolve: (result: ReadResult) => void;
  readonly reject: (error: GemError) => void;
}

/** ms after the last job in which the thread is kept for another. */
const IDLE_MS = 2000;

/** The thread that reads for this one; it starts with the first job and ends when it has had none for a while. */
class Reading {
  readonly #waiting = new Map<number, Waiting>();
  #worker: Worker | undefined;
  #lastId = 0;
  #idle: NodeJS.Timeout | undefined;

  run(job: Omit<ReadJob, "id">): Promise<ReadResult> {
    clearTimeout(this.#idle);
    const worker = (this.#worker ??= this.#start());
    worker.ref();
    const id = ++this.#lastId;
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { chunks: new Map(), resolve, reject });
      worker.postMessage({ ...job, id } satisfies ReadJob);
    });
  }

  #start(): Worker {
    const isSource = import.meta.url.endsWith(".ts");
    const entry = new URL(`./reading-thread.${isSource ? "ts" : "js"}`, import.meta.url);
    const worker = isSource ? startSource(entry) : new Worker(entry);
    worker.on("message", (message: ReadMessage) => this.#take(message));
    let reason = "its thread ended";
    worker.on("error", (error) => (reason = error.message));
    worker.once("exit", () => {
      // One that was let go has nothing to do with what waits for the next.
      if (this.#worker !== worker) return;
      this.#worker = undefined;
      for (const { reject } of this.#waiting.values()) reject(unreadable(reason));
      this.#waiting.clear();
    });
    return worker;
  }

  #take(message: ReadMessage): void {
    const waiting = this.#waiting.get(message.id);
    if (waiting === undefined) return;
    if ("chunk" in message) {
      const chunks = waiting.chunks.get(message.name);
      if (chunks === undefined) waiting.chunks.set(message.name, [message.chunk]);
      else chunks.push(message.chunk);
      return;
    }
    this.#waiting.delete(message.id);
    if (this.#waiting.size === 0) this.#rest();
    if ("error" in message) waiting.reject(unreadable(message.error));
    else waiting.resolve({ ...message, chunks: waiting.chunks });
  }

  #rest(): void {
    const worker = this.#worker;
    worker?.unref();
    this.#idle = setTimeout(() => {
      this.#worker = undefined;
      void worker?.terminate();
    }, IDLE_MS).unref();
  }
}

/** TypeScript sources are run by tsx, as the program that started this is. */
function startSource(entry: URL): Worker {
  const loader = createRequire(import.meta.url)
    .resolve("tsx/esm/api")
    .replace(/cjs$/, "mjs");
  const program = `import(${JSON.stringify(loader)}).then(({ register }) => {
    register();
    return import(${JSON.stringify(entry.href)});
  });`;
  return new Worker(program, { eval: true, execArgv: [] });
}

function unreadable(reason: string): GemError {
  const fix =
    "If the file was cut short, remove it and fetch it again; if it lies in the hub's cache, remove its blob too.";
  return new GemError("GEM_UNAVAILABLE", `${reason}. ${fix}`);
}

const reading = new Reading();

/**
 * Reads files in another thread.
 *
 * @param columns the columns that are needed; undefined for all
 * @param pack where the values are to be packed; undefined for nowhere
 * @throws GEM_UNAVAILABLE when a file cannot be read
 */
export function readInThread(
  files: readonly DataFile[],
  columns: readonly string[] | undefined,
  pack: PackJob | undefined,
): Promise<ReadResult> {
  return reading.run({ files, columns, pack });
}
