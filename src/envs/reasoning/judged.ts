import { chain, type MaybePromise } from "../../core/maybe-promise.ts";
import { Recent } from "./recent.ts";
import type { Score, ScoreQueue, ScoreRequest } from "./score-queue.ts";

const MAX_BYTES = 16 * 2 ** 20;
/** Longer answers are hardly ever given twice. */
const MAX_ANSWER = 1000;
/** What an entry costs besides its characters, in bytes. */
const OVERHEAD = 150;

/** Scores, each of which the library is asked for once: samples of one problem mostly agree on a few answers. */
export class Judged {
  readonly #queue: ScoreQueue;
  readonly #scores = new Recent<Score>(MAX_BYTES, bytesOf);
  readonly #asked = new Map<string, Promise<Score>>();

  /** @param queue asks the library */
  constructor(queue: ScoreQueue) {
    this.#queue = queue;
  }

  /** Judges an answer, at once when it has been judged before. @throws what `HostPool.run` throws */
  score(request: ScoreRequest): MaybePromise<Score> {
    if ((request.answer?.length ?? 0) > MAX_ANSWER) return this.#queue.score(request);
    const key = keyOf(request);
    const known = this.#scores.get(key) ?? this.#asked.get(key);
    return known ?? this.#ask(key, request);
  }

  #ask(key: string, request: ScoreRequest): MaybePromise<Score> {
    const asked = this.#queue.score(request).finally(() => this.#asked.delete(key));
    this.#asked.set(key, asked);
    return chain(asked, (score) => {
      this.#scores.add(key, score);
      return score;
    });
  }
}

function keyOf({ dataset, judgeSeed, seed, index, answer }: ScoreRequest): string {
  const judge = dataset.slides ? "" : judgeSeed.toString();
  const place = `${judge} ${seed.toString()} ${String(index)}`;
  return `${place} ${dataset.key} ${answer === null ? "" : `=${answer}`}`;
}

function bytesOf(key: string, { error }: Score): number {
  return 2 * (key.length + (error?.length ?? 0)) + OVERHEAD;
}
