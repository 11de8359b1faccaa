import type { MaybePromise } from "../../core/maybe-promise.ts";
import { libraryPool } from "../../hosts/host-pool.ts";
import type { Dataset } from "./dataset.ts";
import { ItemSource } from "./item-source.ts";
import { Judged } from "./judged.ts";
import { specOf, type Run } from "./run.ts";
import { ScoreQueue, type Score, type ScoreRequest } from "./score-queue.ts";

/** What environments ask of reasoning_gym; they share it within a thread. */
export class ReasoningLibrary {
  readonly items: ItemSource;
  readonly #run: Run;
  readonly #judged: Judged;

  /** @param run calls `python/gem/_host/libraries/reasoning.py` */
  constructor(run: Run) {
    this.#run = run;
    this.items = new ItemSource(run);
    this.#judged = new Judged(new ScoreQueue(run));
  }

  /** Judges an answer, at once when it has been judged before. @throws what `HostPool.run` throws */
  score(request: ScoreRequest): MaybePromise<Score> {
    return this.#judged.score(request);
  }

  /** An item whole: a map with `question`, `answer` and `metadata`. @throws what `HostPool.run` throws */
  entry(owner: string, dataset: Dataset, seed: bigint, index: number): Promise<unknown> {
    return this.#run("entry", [specOf(dataset, seed), index], { owner });
  }
}

let shared: ReasoningLibrary | undefined;

/** This thread's library; nothing is started before something is asked. */
export function reasoningLibrary(): ReasoningLibrary {
  shared ??= new ReasoningLibrary((fn, args, options) =>
    libraryPool("reasoning").run(fn, args, options),
  );
  return shared;
}
