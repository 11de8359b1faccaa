import { describe, expect, it } from "vitest";
import type { ResetResult, StepResult } from "../../../src/core/env.ts";
import { wrap } from "../../../src/wrappers/index.ts";
import { dice } from "../../fixtures/envs.ts";

describe("EpisodeTrackingWrapper", () => {
  it("counts steps and rewards, and reports the last episode's at the next reset", () => {
    const env = wrap(dice(), "episode_tracking");
    expect((env.reset(1) as ResetResult)[1]).toMatchObject({
      step_counter: 0,
      prev_ep_step_counter: 0,
      cumulative_rewards: 0,
      prev_ep_cumulative_rewards: 0,
    });
    env.step("roll");
    expect((env.step("roll") as StepResult)[4]).toMatchObject({
      step_counter: 2,
      cumulative_rewards: 3,
    });
    expect((env.reset() as ResetResult)[1]).toMatchObject({
      step_counter: 0,
      prev_ep_step_counter: 2,
      cumulative_rewards: 0,
      prev_ep_cumulative_rewards: 3,
    });
  });

  it("forwards what it does not know: attributes, state, the innermost environment", () => {
    const inner = dice();
    const env = wrap(wrap(inner, "concat"), "episode_tracking");
    env.reset(2);
    env.step("roll");
    expect(env.getAttribute("turn_count")).toBe(1);
    expect(env.getAttribute("step_counter")).toBe(1);
    env.setAttribute("limit", 2);
    expect(inner.getAttribute("limit")).toBe(2);
    expect(env.unwrapped).toBe(inner);
    expect(env.sampleRandomAction()).toMatch(/^roll [1-6]$/);
  });
});
