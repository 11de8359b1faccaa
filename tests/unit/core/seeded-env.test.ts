import { describe, expect, it } from "vitest";
import type { ResetResult, StepResult } from "../../../src/core/env.ts";
import { dice } from "../../fixtures/envs.ts";

const play = (env: ReturnType<typeof dice>, steps: number): unknown[] =>
  Array.from({ length: steps }, () => (env.step("roll") as StepResult)[0]);

describe("SeededEnv", () => {
  it("starts the first reset without a seed from the seed it was made with", () => {
    const [first] = dice(7).reset() as ResetResult;
    expect(first).toBe((dice(0).reset(7) as ResetResult)[0]);
  });

  it("goes on with its stream at a reset without a seed", () => {
    const a = dice();
    const b = dice();
    a.reset(5);
    b.reset(5);
    play(a, 3);
    play(b, 3);
    expect(a.reset()).toEqual(b.reset());
    expect(a.getState()).toMatchObject({ seed: "5", resets: 1 });
  });

  it("is not disturbed by another environment between its draws", () => {
    const alone = dice();
    alone.reset(3);
    const expected = play(alone, 3);
    const disturbed = dice();
    const other = dice();
    disturbed.reset(3);
    const seen = [1, 2, 3].map(() => {
      other.reset(9);
      return (disturbed.step("roll") as StepResult)[0];
    });
    expect(seen).toEqual(expected);
  });

  it.each([-1, 1.5, Number.NaN, 2 ** 60, -3n, "7", true, {}])(
    "refuses the seed %s before anything changes",
    (seed) => {
      const env = dice();
      env.reset(4);
      const before = env.getState();
      expect(() => env.reset(seed as number)).toThrow(
        expect.objectContaining({ code: "GEM_INVALID_SEED" }),
      );
      expect(env.getState()).toEqual(before);
    },
  );

  it("takes seeds beyond 64 bits exactly", () => {
    const env = dice();
    env.reset(2n ** 80n + 1n);
    expect(env.getState()["seed"]).toBe(String(2n ** 80n + 1n));
  });

  it("refuses a step before the first reset and anything after close", () => {
    const env = dice();
    expect(() => env.step("roll")).toThrow(expect.objectContaining({ code: "GEM_RESET_NEEDED" }));
    env.reset(1);
    env.close();
    env.close();
    expect(() => env.step("roll")).toThrow(expect.objectContaining({ code: "GEM_CLOSED" }));
    expect(() => env.reset(1)).toThrow(expect.objectContaining({ code: "GEM_CLOSED" }));
    expect(() => env.getState()).toThrow(expect.objectContaining({ code: "GEM_CLOSED" }));
  });

  it("refuses actions that are no text, and takes null as an empty reply", () => {
    const env = dice();
    env.reset(1);
    for (const action of [3, ["roll"], {}, undefined]) {
      expect(() => env.step(action as unknown as string)).toThrow(
        expect.objectContaining({ code: "GEM_INVALID_ACTION" }),
      );
    }
    expect((env.step(null) as StepResult)[1]).toBe(1);
  });

  it("refuses keyword arguments that its reset does not take", () => {
    expect(() => dice().reset(1, { idx: 3 })).toThrow(/unexpected keyword argument "idx"/);
  });

  it("continues from a snapshot exactly, also in another instance", () => {
    const env = dice();
    env.reset(11);
    play(env, 1);
    const snapshot = env.getState();
    const copy = dice(99);
    copy.setState(snapshot);
    expect(play(copy, 2)).toEqual(play(env, 2));
    expect(copy.reset()).toEqual(env.reset());
  });

  it("hands out snapshots that later steps do not change", () => {
    const env = dice();
    env.reset(1);
    const snapshot = env.getState();
    const frozen = structuredClone(snapshot);
    play(env, 2);
    expect(snapshot).toEqual(frozen);
  });

  it.each([
    {},
    { state: {} },
    { started: true, seed: "1", resets: 0, random: {}, state: { rolls: 3 } },
  ])("refuses a foreign snapshot %o and keeps its own state", (snapshot) => {
    const env = dice();
    env.reset(1);
    const before = env.getState();
    expect(() => {
      env.setState(snapshot);
    }).toThrow(expect.objectContaining({ code: "GEM_INVALID_STATE" }));
    expect(env.getState()).toEqual(before);
  });

  it("reads and writes attributes by name, and refuses unknown names and other types", () => {
    const env = dice();
    env.reset(1);
    env.setAttribute("limit", 9);
    expect(env.getAttribute("limit")).toBe(9);
    expect(() => env.getAttribute("turn_cuont")).toThrow(/Did you mean "turn_count"/);
    expect(() => {
      env.setAttribute("limit", "nine");
    }).toThrow(expect.objectContaining({ code: "GEM_INVALID_ATTRIBUTE" }));
  });
});
