import { GemError, show } from "../../errors.ts";
import { Float64 } from "../../protocol/values.ts";
import type { Dataset } from "./dataset.ts";
import { Pace } from "./pace.ts";
import { specOf, type Run } from "./run.ts";

/** How long a process goes on with further answers, in ms. */
const BUDGET_MS = 10;

/** An answer to judge. */
export interface ScoreRequest {
  /** For whom, for messages: an environment's id. */
  readonly owner: string;
  readonly dataset: Dataset;
  /** The seed of the dataset that has the item. */
  readonly seed: bigint;
  /** The seed of the dataset that judges. */
  readonly judgeSeed: bigint;
  readonly index: number;
  readonly answer: string | null;
  /** The process that made the item, and need not make it again to judge. */
  readonly maker: number | undefined;
}

/** What an answer earns. */
export interface Score {
  /** float64 */
  readonly score: number;
  /** What the library's scorer raised, if it did; the score is then 0. */
  readonly error: string | null;
}

interface Waiting {
  readonly request: ScoreRequest;
  readonly resolve: (score: Score) => void;
  readonly reject: (error: unknown) => void;
}

/** Answers that the library judges: those of one turn of the event loop go together, as far as judging them is quick. */
export class ScoreQueue {
  readonly #run: Run;
  readonly #pace = new Pace();
  #waiting: Waiting[] = [];

  constructor(run: Run) {
    this.#run = run;
  }

  /** Judges an answer. @throws what `HostPool.run` throws */
  score(request: ScoreRequest): Promise<Score> {
    return new Promise((resolve, reject) => {
      if (this.#waiting.length === 0) {
        queueMicrotask(() => {
          this.#flush();
        });
      }
      this.#waiting.push({ request, resolve, reject });
    });
  }

  #flush(): void {
    const groups = new Map<string, Waiting[]>();
    for (const waiting of this.#waiting.splice(0)) {
      const { dataset, maker } = waiting.request;
      const key = `${String(maker)} ${dataset.key}`;
      const alike = groups.get(key);
      if (alike === undefined) groups.set(key, [waiting]);
      else alike.push(waiting);
    }
    for (const alike of groups.values()) this.#sendAll(alike);
  }

  #sendAll(alike: readonly Waiting[]): void {
    const [first] = alike;
    if (first === undefined) return;
    const { dataset } = first.request;
    const size = this.#pace.of(dataset.key);
    for (let start = 0; start < alike.length; start += size) {
      void this.#send(dataset, alike.slice(start, start + size));
    }
  }

  async #send(dataset: Dataset, batch: readonly Waiting[]): Promise<void> {
    try {
      const scores = await this.#ask(dataset, batch);
      this.#pace.note(dataset.key, batch.length, scores.length);
      for (const [i, score] of scores.entries()) batch[i]?.resolve(score);
      this.#sendAll(batch.slice(scores.length));
    } catch (error) {
      // One of several may have ended the process or taken too long: each gets a request of its own.
      if (batch.length === 1) batch[0]?.reject(error);
      else for (const waiting of batch) void this.#send(dataset, [waiting]);
    }
  }

  async #ask(dataset: Dataset, batch: readonly Waiting[]): Promise<readonly Score[]> {
    const answers = batch.map(({ request: { judgeSeed, seed, index, answer } }) => [
      judgeSeed,
      seed,
      index,
      answer,
    ]);
    const { owner = dataset.name, maker } = batch[0]?.request ?? {};
    const args = [specOf(dataset, null), answers, BUDGET_MS];
    const options = maker === undefined ? { owner } : { owner, near: maker };
    const reply = await this.#run("scores", args, options);
    if (Array.isArray(reply) && reply.length > 0) return reply.map(readScore);
    throw new GemError("GEM_INTERNAL", `The library's scores are ${show(reply)}.`);
  }
}

function readScore(reply: unknown): Score {
  if (Array.isArray(reply)) {
    const [sent, error] = reply as readonly unknown[];
    const score = sent instanceof Float64 ? sent.value : sent;
    if (typeof score === "number")
      return { score, error: typeof error === "string" ? error : null };
  }
  throw new GemError("GEM_INTERNAL", `A score of the library is ${show(reply)}.`);
}
