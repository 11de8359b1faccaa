/**
 * Programming: a problem of a dataset, whose answer is a program that tests are run on.
 *
 * Action       last fenced block in the reply
 * Observation  the problem as it is; after the answer the terminal marker
 * Reward       1 all tests pass · 0 otherwise · −0.1 no fenced block
 * Ends         terminated and truncated after one answer
 * Randomness   order of the rows: NumPy's default_rng(seed), then seed + epoch; reset with a seed: [row]
 * Source       gem-llm CodeEnv, behaviour in docs/parity.md
 */
import { GAME_REWARD } from "../../core/constants.ts";
import type { Observation, StepResult } from "../../core/env.ts";
import type { MaybePromise } from "../../core/maybe-promise.ts";
import type { Dataset } from "../../data/dataset.ts";
import { show } from "../../errors.ts";
import { readTests, type CodeTest } from "../../grading/code/read-tests.ts";
import { runTests } from "../../grading/code/run-tests.ts";
import { lastFenced } from "../../text/tagged.ts";
import { refusalOf } from "../../tools/python-code/refusal.ts";
import type { SandboxType } from "../../tools/python-code/runner.ts";
import { DatasetEnv } from "./dataset-env.ts";
import { ended } from "./math-env.ts";
import type { DatasetOptions } from "./options.ts";
import { pythonText } from "./python-text.ts";
import { valueAt } from "./floats.ts";

/** What a `CodeEnv` is made with, checked. */
export interface CodeOptions extends DatasetOptions {
  readonly test_key: string;
  readonly max_workers: number;
  readonly max_tests: number;
  readonly sandbox_type: SandboxType;
  /** Seconds that one test may run. */
  readonly timeout: number;
  /** Seconds that all tests of an answer together may run. */
  readonly answer_timeout: number;
}

const CHECK_COLUMNS = ["prompt", "entry_point"];

/** The names of its texts: `question` is what a reset shows. */
export type CodePrompts = "question";

/** An environment over problems whose answer is a program. */
export class CodeEnv extends DatasetEnv<CodeOptions, CodePrompts> {
  protected override get answerKey(): string {
    return this.options.test_key;
  }

  protected override get answerName(): string {
    return "tests";
  }

  protected override get keepsPlace(): boolean {
    return true;
  }

  protected override observe(rows: Dataset, row: number): Observation {
    const question = valueAt(rows, row, this.options.question_key);
    return this.prompts.render("question", { question: pythonText(question) ?? show(question) });
  }

  /** In a table as HumanEval's, a test needs the prompt and the function's name, too. */
  protected override answerOf(rows: Dataset, row: number): unknown {
    const tests = super.answerOf(rows, row);
    if (!CHECK_COLUMNS.every((name) => rows.columns.includes(name))) return tests;
    const [prompt, entry_point] = CHECK_COLUMNS.map((name) => valueAt(rows, row, name));
    return { prompt, entry_point, test: tests };
  }

  protected override judge(reply: string, answer: unknown): MaybePromise<StepResult> {
    const code = lastFenced(reply);
    if (code === undefined) return ended(GAME_REWARD.formatError, {});
    return this.#run(code, readTests(this.id, answer, this.options.max_tests));
  }

  async #run(code: string, tests: readonly CodeTest[]): Promise<StepResult> {
    const { sandbox_type, timeout, answer_timeout, max_workers } = this.options;
    const total = tests.length;
    if (refusalOf(code, sandbox_type) !== undefined) {
      return ended(0, { tests_passed: 0, tests_run: 0, tests_total: total });
    }
    const report = await runTests(code, tests, {
      runner: this.library.runner(sandbox_type),
      owner: this.id,
      timeoutMs: timeout * 1000,
      answerTimeoutMs: answer_timeout * 1000,
      parallel: max_workers,
    });
    // Differs from upstream D114: info says how many tests passed, ran and there are; upstream's is empty.
    return ended(report.passed ? 1 : 0, {
      tests_passed: report.passedCount,
      tests_run: report.ranCount,
      tests_total: total,
    });
  }

  protected override drawAction(): string {
    return "```python\nprint(42)\n```";
  }
}
