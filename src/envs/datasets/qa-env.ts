/**
 * Questions with short answers, which are compared word by word.
 *
 * Action       last `<answer>…</answer>` in the reply; with extract_boxed the last `\boxed{…}`
 * Observation  what to do, and the question; after the answer the terminal marker
 * Reward       1 equal to a gold after normalising · 0 otherwise
 * Ends         terminated and truncated after one answer
 * Randomness   order of the rows: NumPy's default_rng(seed), then seed + epoch; reset with a seed: [row]
 * Source       gem-llm QaEnv, behaviour in docs/parity.md
 */
import type { Observation, StepResult } from "../../core/env.ts";
import { show } from "../../errors.ts";
import type { Dataset } from "../../data/dataset.ts";
import { emCheck, f1 } from "../../grading/qa/exact-match.ts";
import { lastBalancedBox } from "../../text/balanced-box.ts";
import { lastTagged } from "../../text/tagged.ts";
import { DatasetEnv } from "./dataset-env.ts";
import { ended, goldOf } from "./math-env.ts";
import type { DatasetOptions } from "./options.ts";
import { pythonText } from "./python-text.ts";
import { valueAt } from "./floats.ts";

/** What a `QaEnv` is made with, checked. */
export interface QaOptions extends DatasetOptions {
  readonly answer_key: string;
  readonly extract_boxed: boolean;
}

/** The names of its texts: `question` is what a reset shows. */
export type QaPrompts = "question";

/** An environment over questions with short answers. */
export class QaEnv extends DatasetEnv<QaOptions, QaPrompts> {
  protected override get answerKey(): string {
    return this.options.answer_key;
  }

  // Upstream quirk Q95: answer tags are asked for also where a box is read (`logic:*`).
  protected override observe(rows: Dataset, row: number): Observation {
    const question = valueAt(rows, row, this.options.question_key);
    return this.prompts.render("question", { question: pythonText(question) ?? show(question) });
  }

  protected override judge(reply: string, answer: unknown): StepResult {
    const gold = goldOf(this.id, answer);
    const golds = typeof gold === "string" ? [gold] : gold;
    const { extract_boxed } = this.options;
    const given = extract_boxed ? lastBalancedBox(reply) : lastTagged(reply);
    // Differs from upstream D113: info has the overlap of words, too.
    if (given === undefined) return ended(0, { correct: false, f1: 0 });
    const correct = emCheck(given, golds);
    return ended(correct ? 1 : 0, { correct, f1: f1(given, golds) });
  }

  protected override drawAction(): string {
    return this.options.extract_boxed ? "\\boxed{42}" : "<answer>42</answer>";
  }
}
