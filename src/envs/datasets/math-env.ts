/**
 * Mathematics: a problem of a dataset, whose answer is graded by value.
 *
 * Action       last `\boxed{…}` in the reply, braces balanced
 * Observation  the problem as it is; after the answer the terminal marker
 * Reward       1 right · 0 wrong or none · −0.1 no box, with use_format_error_reward
 * Ends         terminated and truncated after one answer
 * Randomness   order of the rows: NumPy's default_rng(seed), then seed + epoch; reset with a seed: [row]
 * Source       gem-llm MathEnv, behaviour in docs/parity.md
 */
import { GAME_REWARD, TERMINAL_STATE } from "../../core/constants.ts";
import type { Info, Observation, StepResult } from "../../core/env.ts";
import { chain, type MaybePromise } from "../../core/maybe-promise.ts";
import type { EnvInit } from "../../core/seeded-env.ts";
import type { Dataset } from "../../data/dataset.ts";
import { GemError, show } from "../../errors.ts";
import { lastBalancedBox } from "../../text/balanced-box.ts";
import { DatasetEnv } from "./dataset-env.ts";
import type { DatasetLibrary } from "./library.ts";
import type { DatasetOptions } from "./options.ts";
import { pythonText } from "./python-text.ts";
import { valueAt } from "./floats.ts";

/** What a `MathEnv` is made with, checked. */
export interface MathOptions extends DatasetOptions {
  readonly answer_key: string;
  readonly use_format_error_reward: boolean;
  readonly eval: boolean;
  /** `compat` grades as upstream does, `strict` soundly. */
  readonly grading: "compat" | "strict";
  /** The share of checks that are repeated with the reference implementation's libraries, to log disagreements; 0 … 1. */
  readonly twin: number;
}

/** The names of its texts: `question` is what a reset shows. */
export type MathPrompts = "question";

/** An environment over problems with a mathematical answer. */
export class MathEnv<Options extends MathOptions = MathOptions> extends DatasetEnv<
  Options,
  MathPrompts
> {
  constructor(init: EnvInit<Options, MathPrompts>, library: DatasetLibrary) {
    super(init, library, !init.options.eval);
  }

  protected override get answerKey(): string {
    return this.options.answer_key;
  }

  // Upstream quirk Q93: the problem is shown as it is; nothing tells that the answer is to be boxed.
  protected override observe(rows: Dataset, row: number): Observation {
    const question = valueAt(rows, row, this.options.question_key);
    return this.prompts.render("question", { question: pythonText(question) ?? show(question) });
  }

  protected override judge(reply: string, answer: unknown): MaybePromise<StepResult> {
    const isBoxed = lastBalancedBox(reply) !== undefined;
    if (this.options.use_format_error_reward && !isBoxed) return ended(GAME_REWARD.formatError, {});
    const gold = goldOf(this.id, answer);
    if (!isBoxed) return ended(0, { correct: 0 });
    const { grading: profile, twin } = this.options;
    // Differs from upstream D110: what keeps an answer from being graded is a fault; upstream calls it wrong, and all later ones.
    const verdict = this.library.gradeMath(reply, gold, { profile, owner: this.id, twin });
    return chain(verdict, ({ correct }) => {
      const right = correct ? 1 : 0;
      return ended(right, { correct: right });
    });
  }

  protected override drawAction(): string {
    return "\\boxed{42}";
  }
}

/** Upstream quirk Q94: an answer ends the episode with both flags; nothing stops a second one, which is judged alike. */
export function ended(reward: number, info: Info): StepResult {
  return [TERMINAL_STATE, reward, true, true, info];
}

/** An answer of a dataset as texts to compare with. @throws GEM_INVALID_OPTION when it is no text, number or list of them */
export function goldOf(owner: string, answer: unknown): string | readonly string[] {
  const isList = Array.isArray(answer);
  const texts = (isList ? (answer as readonly unknown[]) : [answer]).map((item) =>
    item === null ? undefined : pythonText(item),
  );
  if (texts.length === 0 || texts.includes(undefined)) {
    throw new GemError(
      "GEM_INVALID_OPTION",
      `An answer in the dataset of ${owner} must be a text, a number or a list of them, got ${show(answer)}. Which column holds the answers is said by answer_key.`,
    );
  }
  const known = texts.filter((text) => text !== undefined);
  return isList ? known : (known[0] ?? "");
}
