import { describe, expect, it } from "vitest";
import type { ResetResult, StepResult } from "../../../src/core/env.ts";
import { Wrapper } from "../../../src/core/wrapper.ts";
import {
  VectorEnv,
  type VectorResetResult,
  type VectorStepResult,
} from "../../../src/vector/vector-env.ts";
import { dice } from "../../fixtures/envs.ts";

const vector = (count: number, options = {}): VectorEnv =>
  new VectorEnv(
    Array.from({ length: count }, (_, i) => dice(i)),
    options,
  );

const roll = (vec: VectorEnv, count = vec.numEnvs): VectorStepResult =>
  vec.step(Array<string>(count).fill("roll")) as VectorStepResult;

describe("VectorEnv", () => {
  it("gives each member the episode it has alone", () => {
    const vec = vector(3);
    const [observations] = vec.reset(40) as VectorResetResult;
    const step = roll(vec);
    for (const index of [0, 1, 2]) {
      const alone = dice();
      expect(observations[index]).toBe((alone.reset(40 + index) as ResetResult)[0]);
      expect(step.observations[index]).toBe((alone.step("roll") as StepResult)[0]);
    }
  });

  it("resets a finished member within the step and keeps its last observation and info", () => {
    const vec = vector(1);
    vec.reset(1);
    roll(vec);
    roll(vec);
    const last = roll(vec);
    expect(last.terminated[0]).toBe(1);
    expect(last.rewards[0]).toBe(3);
    expect(last.observations[0]).toMatch(/^start /);
    expect(last.infos[0]).toMatchObject({ suffix: "roll!", final_info: { suffix: "roll!" } });
    expect(last.infos[0]?.["final_observation"]).toMatch(/^rolls /);
    expect(roll(vec).rewards[0]).toBe(1);
  });

  it("with NextStep shows the terminal observation and resets in the step after", () => {
    const vec = vector(1, { autoreset: "NextStep" });
    vec.reset(1);
    roll(vec);
    roll(vec);
    expect(roll(vec).observations[0]).toMatch(/^rolls /);
    const reset = roll(vec);
    expect(reset.observations[0]).toMatch(/^start /);
    expect([reset.rewards[0], reset.terminated[0], reset.truncated[0]]).toEqual([0, 0, 0]);
    expect(roll(vec).rewards[0]).toBe(1);
  });

  it("steps only the named members, in the order named", () => {
    const vec = vector(3);
    vec.reset(1);
    const step = vec.step(["roll", "roll"], [2, 0]) as VectorStepResult;
    expect(step.observations).toHaveLength(2);
    expect(vec.envs.map((env) => env.getAttribute("turn_count"))).toEqual([1, 0, 1]);
  });

  it("keeps a member pending under NextStep while others step", () => {
    const vec = new VectorEnv([dice(0, 1), dice(1, 3)], { autoreset: "NextStep" });
    vec.reset(1);
    roll(vec);
    vec.step(["roll"], [1]);
    expect((vec.step(["roll"], [0]) as VectorStepResult).observations[0]).toMatch(/^start /);
  });

  it.each([true, false])(
    "waits for members that answer later (asyncMode %s)",
    async (asyncMode) => {
      const vec = vector(3, { asyncMode });
      vec.reset(1);
      const step = await vec.step(["slow", "roll", "slow"]);
      expect(Array.from(step.rewards)).toEqual([1, 1, 1]);
    },
  );

  it("lets no member wait for one that works elsewhere", async () => {
    let started = 0;
    let open = (): void => undefined;
    const gate = new Promise<void>((resolve) => (open = resolve));
    class Far extends Wrapper {
      readonly className = "Far";
      override get worksElsewhere(): boolean {
        return true;
      }
      override async step(action: string | null): Promise<StepResult> {
        // The second lets both of them go on.
        if (++started === 2) open();
        await gate;
        return this.env.step(action);
      }
    }
    const vec = new VectorEnv([new Far(dice(1)), new Far(new Far(dice(2)))]);
    vec.reset(1);
    expect(Array.from((await vec.step(["roll", "roll"])).rewards)).toEqual([1, 1]);
  });

  it.each([true, false])(
    "steps the others when one fails, and names it (asyncMode %s)",
    async (asyncMode) => {
      const vec = vector(3, { asyncMode });
      vec.reset(1);
      const step = async (): Promise<VectorStepResult> => vec.step(["slow", "boom", "roll"]);
      await expect(step()).rejects.toMatchObject({
        code: "GEM_ENV_FAULT",
        message: expect.stringContaining(
          "Environment 1 of the vector (test:Dice-v0) failed: the die is broken",
        ) as string,
        details: { index: 1, faulty: [1] },
      });
      expect(vec.envs.map((env) => env.getAttribute("turn_count"))).toEqual([1, 0, 1]);
      expect(Array.from(roll(vec).rewards)).toEqual([2, 1, 2]);
    },
  );

  it.each([
    [["roll"], null, "GEM_ACTION_COUNT"],
    [["roll", "roll", "roll"], null, "GEM_ACTION_COUNT"],
    [["roll", 3], null, "GEM_INVALID_ACTION"],
    [["roll", "roll"], [1, 1], "GEM_INVALID_ARGUMENT"],
    [["roll"], [2], "GEM_INVALID_ARGUMENT"],
    [["roll"], [-1], "GEM_INVALID_ARGUMENT"],
  ])("refuses the actions %o for %o before any member steps", (actions, indices, code) => {
    const vec = vector(2);
    vec.reset(1);
    expect(() => vec.step(actions as string[], indices)).toThrow(expect.objectContaining({ code }));
    expect(vec.envs.map((env) => env.getAttribute("turn_count"))).toEqual([0, 0]);
  });

  it("refuses to step when one member was never reset, before any member steps", () => {
    const vec = vector(2);
    vec.envs[0]?.reset(1);
    expect(() => roll(vec)).toThrow(/Environment 1 .* has no episode yet/);
    expect(vec.envs[0]?.getAttribute("turn_count")).toBe(0);
  });

  it("spreads one seed, or takes one for each, and refuses anything else", () => {
    const vec = vector(2);
    const spread = vec.reset(8);
    expect(vec.reset([8, 9])).toEqual(spread);
    expect(() => vec.reset([1])).toThrow(expect.objectContaining({ code: "GEM_INVALID_SEED" }));
    expect(() => vec.reset([1, -1])).toThrow(expect.objectContaining({ code: "GEM_INVALID_SEED" }));
    expect(() => vec.reset(1, new Map([[2, {}]]))).toThrow(
      expect.objectContaining({ code: "GEM_INVALID_ARGUMENT" }),
    );
  });

  it("lets another environment take a member's place", () => {
    const vec = vector(2);
    vec.reset(1);
    const other = dice(77);
    vec.setEnv(1, other);
    expect(vec.envs[1]).toBe(other);
    other.reset(5);
    expect(Array.from(roll(vec).rewards)).toEqual([1, 1]);
  });

  it("refuses to be empty and unknown modes", () => {
    expect(() => new VectorEnv([])).toThrow(/at least one environment/);
    expect(() => vector(1, { autoreset: "Never" })).toThrow(
      /"SameStep" or "NextStep", got "Never"/,
    );
  });
});
