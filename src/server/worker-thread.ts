import { Worker } from "node:worker_threads";

/** What a worker thread starts from. */
export interface WorkerData {
  /** Its position among the server's workers. */
  readonly index: number;
  /** The addresses of all workers; its own is the one at `index`. */
  readonly endpoints: readonly string[];
  /** Whether clients may have it run programs of theirs. */
  readonly runsPrograms: boolean;
}

/** What a worker tells the main thread: it accepts connections. */
export const READY = "ready";

/** What the main thread tells a worker: stop. */
export const CLOSE = "close";

const CLOSE_DEADLINE_MS = 1000;

/** A worker as the main thread sees it. */
export class WorkerThread {
  readonly index: number;
  /** Settles when it accepts connections; rejects when it ends before. */
  readonly ready: Promise<void>;
  readonly #thread: Worker;
  #ended = false;
  #closing = false;

  /** @param onCrash called when it ends without having been closed */
  constructor(data: WorkerData, onCrash: (error: unknown) => void) {
    this.index = data.index;
    const extension = import.meta.url.endsWith(".ts") ? "ts" : "js";
    this.#thread = new Worker(new URL(`./worker.${extension}`, import.meta.url), {
      workerData: data,
    });
    this.ready = new Promise((resolve, reject) => {
      this.#thread.once("message", () => resolve());
      this.#thread.once("error", reject);
      this.#thread.once("exit", () => reject(new Error("The worker ended before it was ready.")));
    });
    this.ready.catch(() => undefined);
    let reason: unknown = new Error("The worker thread ended.");
    this.#thread.on("error", (error) => {
      reason = error;
    });
    this.#thread.once("exit", () => {
      this.#ended = true;
      if (!this.#closing) onCrash(reason);
    });
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
