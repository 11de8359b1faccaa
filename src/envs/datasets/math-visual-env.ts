/**
 * Mathematics with pictures: a problem of a dataset and its pictures.
 *
 * Action       last `\boxed{…}` in the reply, braces balanced
 * Observation  `{problem, images}`: the problem as it is, and the value of the row's column of pictures; then the terminal marker
 * Reward       as MathEnv
 * Ends         terminated and truncated after one answer
 * Randomness   as MathEnv
 * Source       gem-llm MathVisualEnv, behaviour in docs/parity.md
 */
import type { Observation } from "../../core/env.ts";
import type { Dataset } from "../../data/dataset.ts";
import { MathEnv, type MathOptions } from "./math-env.ts";
import { valueAt } from "./floats.ts";

/** What a `MathVisualEnv` is made with, checked. */
export interface MathVisualOptions extends MathOptions {
  readonly image_key: string;
}

/**
 * An environment over problems with pictures.
 *
 * Differs from upstream D111: a reset shows the next row, once; upstream's draws twice and shows every second one. Differs from
 * upstream D112: an answer can be given; upstream's `step` always raises. Copies have pictures, too.
 */
export class MathVisualEnv extends MathEnv<MathVisualOptions> {
  protected override columnNames(): readonly string[] {
    return [...super.columnNames(), this.options.image_key];
  }

  protected override observe(rows: Dataset, row: number): Observation {
    const problem = super.observe(rows, row);
    return { problem, images: valueAt(rows, row, this.options.image_key) };
  }
}
