import type { MaybePromise } from "../../core/maybe-promise.ts";
import type { Dataset, Row } from "../../data/dataset.ts";
import { datasetOf } from "../../data/dataset-of.ts";
import { loadDataset } from "../../data/load-dataset.ts";
import { gradeMath } from "../../grading/math/grade-math.ts";
import type { CodeRunner, SandboxType } from "../../tools/python-code/runner.ts";
import { sandboxRunner } from "../../tools/python-code/sandbox-runner.ts";

/** Which dataset is to be loaded. */
export interface DatasetRequest {
  readonly name: string;
  readonly config?: string;
  readonly split?: string;
  readonly revision?: string;
}

/** Whether an answer is right. */
export interface MathVerdict {
  readonly correct: boolean;
}

/** How a mathematical answer is graded. */
export interface MathGrading {
  readonly profile: "compat" | "strict";
  /** An environment's id, for messages. */
  readonly owner: string;
  /** The share of checks that are repeated with the reference, 0 … 1. */
  readonly twin: number;
}

/** What dataset environments use; they share it within a thread. */
export interface DatasetLibrary {
  /** Loads a dataset, once for all that ask. */
  load(request: DatasetRequest): Promise<Dataset>;
  datasetOf(rows: readonly Row[]): Dataset;
  /** @param answer the model's whole reply @throws GEM_DEADLINE, GEM_UNAVAILABLE, GEM_ENV_FAULT */
  gradeMath(
    answer: string,
    gold: string | readonly string[],
    grading: MathGrading,
  ): MaybePromise<MathVerdict>;
  runner(type: SandboxType): CodeRunner;
}

let shared: DatasetLibrary | undefined;

/** This thread's library; nothing is loaded or started before something is asked. */
export function datasetLibrary(): DatasetLibrary {
  shared ??= {
    load: loadDataset,
    datasetOf: (rows) => datasetOf(rows),
    gradeMath,
    runner: sandboxRunner,
  };
  return shared;
}
