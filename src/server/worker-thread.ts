import { Worker, type ResourceLimits } from "node:worker_threads";
import { GemError, show } from "../errors.ts";
import { DRAIN } from "./draining.ts";
import type { Rules } from "./rules.ts";

/** What a worker thread starts from. */
export interface WorkerData {
  /** Its position among the server's workers. */
  readonly index: number;
  /** The addresses of all workers; its own is the one at `index`. */
  readonly endpoints: readonly string[];
  readonly rules: Rules;
}

/** What a worker tells the main thread: it accepts connections. */
export const READY = "ready";

/** What the main thread tells a worker: stop. */
export const CLOSE = "close";

/** What the main thread tells a worker: take no more clients, if you have none. */
export const RETIRE = "retire";

/** What a worker tells the main thread: it has clients, has none any more, has taken its address down. */
export const PRESENCE = { busy: "busy", idle: "idle", retired: "retired" } as const;

const CLOSE_DEADLINE_MS = 1000;

/** A worker as the main thread sees it. */
export class WorkerThread {
  readonly index: number;
  /** Settles when it accepts connections; rejects when it ends before. */
  readonly ready: Promise<void>;
  readonly #thread: Worker;
  #ended = false;
  #closing = false;

  /**
   * @param onCrash called when it ends without having been closed
   * @param onSay gets what it says
   */
  constructor(
    data: WorkerData,
    onCrash: (error: unknown) => void,
    onSay: (message: unknown) => void = () => undefined,
  ) {
    this.index = data.index;
    const extension = import.meta.url.endsWith(".ts") ? "ts" : "js";
    // Memory that runs out ends the thread and not the process.
    this.#thread = new Worker(new URL(`./worker.${extension}`, import.meta.url), {
      workerData: data,
      resourceLimits: memoryLimits(),
    });
    this.ready = new Promise((resolve, reject) => {
      this.#thread.once("message", () => resolve());
      this.#thread.once("error", reject);
      this.#thread.once("exit", () => reject(new Error("The worker ended before it was ready.")));
    });
    this.ready.catch(() => undefined);
    this.#thread.on("message", onSay);
    let reason: unknown = new Error("The worker thread ended.");
    this.#thread.on("error", (error) => {
      reason = error;
    });
    this.#thread.once("exit", () => {
      this.#ended = true;
      if (!this.#closing) onCrash(reason);
    });
  }

  /** Asks it to take no more clients, if it has none. */
  retire(): void {
    this.#thread.postMessage(RETIRE);
  }

  /** Tells it to make nothing new. */
  drain(): void {
    this.#thread.postMessage(DRAIN);
  }

  /** Asks it to stop, and stops it when it does not. */
  async close(): Promise<void> {
    this.#closing = true;
    if (this.#ended) return;
    const exit = new Promise<void>((resolve) => {
      this.#thread.once("exit", () => resolve());
    });
    this.#thread.postMessage(CLOSE);
    const deadline = setTimeout(() => void this.#thread.terminate(), CLOSE_DEADLINE_MS);
    await exit;
    clearTimeout(deadline);
  }
}

/**
 * What a worker may use: `GEM_WORKER_MEMORY` MiB of JavaScript's heap, else what Node gives a process of this machine.
 *
 * @throws GEM_INVALID_OPTION
 */
function memoryLimits(): ResourceLimits {
  const text = process.env["GEM_WORKER_MEMORY"] ?? "";
  if (text === "") return {};
  const megabytes = Number(text);
  if (Number.isInteger(megabytes) && megabytes >= 32) return { maxOldGenerationSizeMb: megabytes };
  throw new GemError(
    "GEM_INVALID_OPTION",
    `GEM_WORKER_MEMORY must be an integer of at least 32 (MiB), got ${show(text)}.`,
  );
}
