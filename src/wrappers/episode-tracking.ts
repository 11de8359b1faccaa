import type { EnvSnapshot, ResetOptions, ResetResult, Seed, StepResult } from "../core/env.ts";
import { chain, type MaybePromise } from "../core/maybe-promise.ts";
import { Wrapper } from "../core/wrapper.ts";
import { GemError, show } from "../errors.ts";

/**
 * Counts the steps and adds up the rewards of the episode into `info`: `step_counter` and `cumulative_rewards`, and after a
 * reset also `prev_ep_step_counter` and `prev_ep_cumulative_rewards` (what had come together by then, finished or not).
 */
export class EpisodeTrackingWrapper extends Wrapper {
  override readonly className = "EpisodeTrackingWrapper";
  #steps = 0;
  #rewards = 0;

  override get repeatsAfterFault(): boolean {
    return this.env.repeatsAfterFault;
  }

  override reset(seed?: Seed | null, options?: ResetOptions): MaybePromise<ResetResult> {
    // Differs from upstream D17: keyword arguments of reset are passed on.
    return chain(this.env.reset(seed, options), ([observation, info]): ResetResult => {
      info["step_counter"] = 0;
      info["prev_ep_step_counter"] = this.#steps;
      info["cumulative_rewards"] = 0;
      info["prev_ep_cumulative_rewards"] = this.#rewards;
      this.#steps = 0;
      this.#rewards = 0;
      return [observation, info];
    });
  }

  override step(action: string | null): MaybePromise<StepResult> {
    return chain(this.env.step(action), (result) => {
      this.#steps += 1;
      this.#rewards += result[1];
      result[4]["step_counter"] = this.#steps;
      result[4]["cumulative_rewards"] = this.#rewards;
      return result;
    });
  }

  protected override ownState(): Record<string, unknown> {
    return { step_counter: this.#steps, cumulative_rewards: this.#rewards };
  }

  protected override setOwnState(state: EnvSnapshot): void {
    const { step_counter: steps, cumulative_rewards: rewards } = state;
    if (typeof steps !== "number" || typeof rewards !== "number") {
      throw new GemError(
        "GEM_INVALID_STATE",
        `step_counter and cumulative_rewards must be numbers, got ${show(steps)} and ${show(rewards)}.`,
      );
    }
    this.#steps = steps;
    this.#rewards = rewards;
  }
}
