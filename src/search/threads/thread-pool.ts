import { Worker } from "node:worker_threads";
import { GemError } from "../../errors.ts";
import type { JobReply } from "./job-thread.ts";
import type { Executor, Job, JobContext, JobResults } from "./jobs.ts";

/** Jobs that may wait; a server that is this far behind will not catch up within a client's patience. */
const MOST_WAITING = 10_000;

interface Task {
  readonly id: number;
  readonly job: Job;
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: unknown) => void;
}

interface Thread {
  readonly worker: Worker;
  task: Task | undefined;
}

/** Runs jobs in threads, each with a connection of its own to the index; first come, first served. */
export class ThreadPool implements Executor {
  readonly size: number;
  readonly #context: JobContext;
  readonly #threads = new Set<Thread>();
  readonly #waiting = new Map<number, Task>();
  #lastId = 0;
  #isClosed = false;

  /** @param size threads, at least 1; they start when there is work */
  constructor(context: JobContext, size: number) {
    this.#context = context;
    this.size = size;
  }

  async run<K extends Job["kind"]>(
    job: Extract<Job, { kind: K }>,
    signal: AbortSignal,
  ): Promise<JobResults[K]> {
    signal.throwIfAborted();
    if (this.#isClosed) throw new GemError("GEM_CLOSED", "The search index is closed.");
    if (this.#waiting.size >= MOST_WAITING) {
      const message = `${MOST_WAITING} searches are waiting already. Ask again later, or ask less at once.`;
      throw new GemError("GEM_LIMIT", message, { retryable: true });
    }
    const id = ++this.#lastId;
    let giveUp = (): void => undefined;
    const value = new Promise<unknown>((resolve, reject) => {
      giveUp = () => {
        // One that runs goes on to its end: a query of SQLite cannot be stopped from outside.
        this.#waiting.delete(id);
        reject(signal.reason as Error);
      };
      this.#waiting.set(id, { id, job, resolve, reject });
    });
    signal.addEventListener("abort", giveUp, { once: true });
    this.#assign();
    try {
      return (await value) as JobResults[K];
    } finally {
      signal.removeEventListener("abort", giveUp);
    }
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    const closed = new GemError("GEM_CLOSED", "The search index was closed meanwhile.");
    for (const task of this.#waiting.values()) task.reject(closed);
    this.#waiting.clear();
    await Promise.all([...this.#threads].map(({ worker }) => worker.terminate()));
  }

  /** Gives waiting tasks to threads that have none. */
  #assign(): void {
    for (const task of this.#waiting.values()) {
      const idle = [...this.#threads].find((thread) => thread.task === undefined);
      const thread = idle ?? (this.#threads.size < this.size ? this.#start() : undefined);
      if (thread === undefined) return;
      this.#waiting.delete(task.id);
      thread.task = task;
      thread.worker.postMessage({ id: task.id, job: task.job });
    }
  }

  #start(): Thread {
    const extension = import.meta.url.endsWith(".ts") ? "ts" : "js";
    const entry = new URL(`./job-thread.${extension}`, import.meta.url);
    const worker = new Worker(entry, { workerData: this.#context });
    const thread: Thread = { worker, task: undefined };
    this.#threads.add(thread);
    worker.on("message", (reply: JobReply) => {
      const { task } = thread;
      thread.task = undefined;
      if ("error" in reply) task?.reject(broken(reply.error));
      else task?.resolve(reply.value);
      this.#assign();
    });
    let reason = "its thread ended";
    worker.on("error", (error) => (reason = error.message));
    worker.once("exit", () => {
      this.#threads.delete(thread);
      thread.task?.reject(broken(reason));
      if (!this.#isClosed) this.#assign();
    });
    return thread;
  }
}

function broken(reason: string): GemError {
  return new GemError("GEM_UNAVAILABLE", `The search index failed: ${reason}.`);
}
