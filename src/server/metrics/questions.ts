/** How the main thread asks the workers for their figures. */
import { BroadcastChannel } from "node:worker_threads";
import { packageVersion } from "../../recording/package-version.ts";
import type { Insight } from "./insight.ts";
import type { WorkerStats } from "./stats.ts";

const CHANNEL = "gem-stats";

/** How long a worker may take to answer: one that computes is busy, and its figures are left out this time. */
const PATIENCE_MS = 1000;

type Message =
  | { readonly kind: "question"; readonly n: number }
  | { readonly kind: "answer"; readonly n: number; readonly stats: WorkerStats };

/** Answers the main thread's questions from this thread. */
export function answerQuestions(insight: Insight): void {
  const channel = new BroadcastChannel(CHANNEL);
  channel.onmessage = (event): void => {
    const message = (event as { readonly data: Message }).data;
    if (message.kind !== "question") return;
    const stats = insight.stats(packageVersion());
    channel.postMessage({ kind: "answer", n: message.n, stats } satisfies Message);
  };
  channel.unref();
}

/** Asks all workers of this process. */
export class Questions {
  readonly #channel = new BroadcastChannel(CHANNEL);
  readonly #waiting = new Map<number, (stats: WorkerStats) => void>();
  readonly #workers: number;
  #n = 0;

  /** @param workers how many there are */
  constructor(workers: number) {
    this.#workers = workers;
    this.#channel.onmessage = (event): void => {
      const message = (event as { readonly data: Message }).data;
      if (message.kind === "answer") this.#waiting.get(message.n)?.(message.stats);
    };
    this.#channel.unref();
  }

  /** The figures of those that answer in time, in order. */
  ask(): Promise<readonly WorkerStats[]> {
    const n = ++this.#n;
    const answers: WorkerStats[] = [];
    return new Promise((resolve) => {
      const finish = (): void => {
        clearTimeout(deadline);
        this.#waiting.delete(n);
        resolve(answers.sort((a, b) => a.worker - b.worker));
      };
      const deadline = setTimeout(finish, PATIENCE_MS);
      this.#waiting.set(n, (stats) => {
        answers.push(stats);
        if (answers.length === this.#workers) finish();
      });
      this.#channel.postMessage({ kind: "question", n } satisfies Message);
    });
  }

  /** Gives the channel up. */
  close(): void {
    this.#channel.close();
  }
}
