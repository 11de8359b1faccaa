import { beforeEach, describe, expect, it } from "vitest";
import type { StepResult } from "../../../src/core/env.ts";
import { Wrapper } from "../../../src/core/wrapper.ts";
import { make, makeVec, type MakeVecOptions } from "../../../src/make.ts";
import type { VectorFault } from "../../../src/vector/vector-fault.ts";
import { VectorEnv, type VectorStepResult } from "../../../src/vector/vector-env.ts";
import { TROUBLE, calm, plan } from "../../fixtures/trouble-env.ts";

beforeEach(calm);

const COUNT = 3;
const DEADLINE = 0.05;

const vector = (options: MakeVecOptions, count = COUNT): VectorEnv =>
  makeVec(Array<string>(count).fill(TROUBLE), { deadlineSeconds: DEADLINE, ...options });

/** What a member of the result is, as far as it is data. */
const row = (result: VectorStepResult, position: number): unknown[] => [
  result.observations[position],
  result.rewards[position],
  result.terminated[position],
  result.truncated[position],
];

/** One of several results. */
function at(results: readonly VectorStepResult[], i: number): VectorStepResult {
  const result = results[i];
  if (result === undefined) throw new Error(`There is no result ${String(i)}.`);
  return result;
}

/** Five steps, of which the third is risky for member 1. */
async function play(vec: VectorEnv, turns: typeof plan.steps): Promise<VectorStepResult[]> {
  await vec.reset(10);
  const results: VectorStepResult[] = [];
  for (let i = 0; i < 5; i++) {
    plan.steps = i === 2 ? [...turns] : [];
    results.push(await vec.step(["roll", i === 2 ? "risk" : "roll", "roll"]));
  }
  return results;
}

describe("a vector without faults", () => {
  it.each(["raise", "retry", "mask"] as const)(
    "under %s adds nothing to infos",
    async (onFault) => {
      const results = await play(vector({ onFault }), []);
      expect(results.flatMap(({ infos }) => infos).every((info) => !("gem" in info))).toBe(true);
      expect(results.every(({ faults }) => faults.every((fault) => fault === 0))).toBe(true);
    },
  );

  it("answers at once, whatever the policy", async () => {
    for (const onFault of ["raise", "retry", "mask"] as const) {
      const vec = vector({ onFault });
      await vec.reset(1);
      expect(vec.step(["roll", "roll", "roll"])).not.toBeInstanceOf(Promise);
    }
  });

  it("refuses an unknown policy before anything is made", () => {
    expect(() => vector({ onFault: "skip" as never })).toThrow(/"raise", "retry" or "mask"/);
    expect(plan.made).toBe(0);
  });
});

describe.each(["throw", "hang", "unavailable"] as const)(
  "a member whose step goes wrong: %s",
  (turn) => {
    for (const autoreset of ["SameStep", "NextStep"] as const) {
      for (const asyncMode of [true, false]) {
        const how = `(${autoreset}, asyncMode ${String(asyncMode)})`;

        it(`under retry is as if nothing had happened ${how}`, async () => {
          const clean = await play(vector({ autoreset, asyncMode }), []);
          const results = await play(vector({ autoreset, asyncMode, onFault: "retry" }), [turn]);
          for (const [i, result] of results.entries())
            for (let m = 0; m < COUNT; m++) expect(row(result, m)).toEqual(row(at(clean, i), m));
          expect(results[2]?.infos[1]?.["gem"]).toMatchObject({ outcome: "retried", attempt: 2 });
          expect(Array.from(results[2]?.faults ?? [])).toEqual([0, 0, 0]);
        });

        it(`under mask is marked, and leaves its neighbours alone ${how}`, async () => {
          const clean = await play(vector({ autoreset, asyncMode }), []);
          const results = await play(vector({ autoreset, asyncMode, onFault: "mask" }), [turn]);
          for (const [i, result] of results.entries())
            for (const m of [0, 2]) expect(row(result, m)).toEqual(row(at(clean, i), m));
          const third = at(results, 2);
          expect(Array.from(third.faults)).toEqual([0, 1, 0]);
          expect(row(third, 1).slice(1)).toEqual([0, 0, 1]);
          expect(third.infos[1]?.["gem"]).toMatchObject({ outcome: "fault", attempt: 1 });
          const fourth = at(results, 3);
          expect(Array.from(fourth.faults)).toEqual([0, 0, 0]);
          if (autoreset === "SameStep") {
            expect(third.observations[1]).toMatch(/^start /);
            expect(fourth.observations[1]).toMatch(/^rolls /);
          } else {
            expect(third.observations[1]).toBe("");
            expect(row(fourth, 1)).toEqual([expect.stringMatching(/^start /), 0, 0, 0]);
            expect(fourth.infos[1]).toEqual({});
          }
        });
      }
    }

    it("under raise is named by the error, which has what the others did", async () => {
      const clean = await play(vector({}), []);
      const vec = vector({});
      await vec.reset(10);
      for (let i = 0; i < 2; i++) await vec.step(["roll", "roll", "roll"]);
      plan.steps = [turn];
      const error = await (async () => vec.step(["roll", "risk", "roll"]))().catch(
        (e: unknown) => e as VectorFault,
      );
      expect(error).toMatchObject({ name: "GemError", details: { index: 1, faulty: [1] } });
      const partial = (error as VectorFault).partial as VectorStepResult;
      for (const m of [0, 2]) expect(row(partial, m)).toEqual(row(at(clean, 2), m));
      expect(row(partial, 1)).toEqual(["", 0, 0, 1]);
      expect(partial.infos[1]?.["gem"]).toMatchObject({ outcome: "fault" });
      expect(Array.from(partial.faults)).toEqual([0, 1, 0]);
      const next = await vec.step(["roll", "roll", "roll"]);
      for (const m of [0, 2]) expect(row(next, m)).toEqual(row(at(clean, 3), m));
      // After a deadline the environment is another one, and that is no step of the old episode.
      expect(Array.from(next.faults)).toEqual([0, turn === "hang" ? 1 : 0, 0]);
      expect(next.observations[1]).toMatch(turn === "hang" ? /^start / : /^rolls /);
    });
  },
);

describe("faults beside the usual", () => {
  it("masks a member when its attempts are used up", async () => {
    const vec = vector({ onFault: "retry" });
    await vec.reset(1);
    plan.steps = ["throw", "hang", "unavailable"];
    const result = await vec.step(["roll", "risk", "roll"]);
    expect(Array.from(result.faults)).toEqual([0, 1, 0]);
    expect(result.infos[1]?.["gem"]).toMatchObject({ attempt: 3, cause: "GEM_UNAVAILABLE" });
    expect(result.observations[1]).toMatch(/^start /);
  });

  it("steps the named members only, and marks them in their order", async () => {
    const vec = vector({ onFault: "mask" });
    await vec.reset(1);
    plan.steps = ["throw"];
    const result = await vec.step(["roll", "risk"], [2, 0]);
    expect(Array.from(result.faults)).toEqual([0, 1]);
    expect(Array.from(vec.faults)).toEqual([0, 1]);
  });

  it("keeps an episode's last reward when the next one cannot begin", async () => {
    const vec = vector({ onFault: "mask" }, 1);
    await vec.reset(1);
    for (let i = 0; i < 3; i++) await vec.step(["roll"]);
    plan.resets = ["throw", "throw"];
    const last = await vec.step(["roll"]);
    expect(last.rewards[0]).toBeGreaterThan(0);
    expect([last.terminated[0], last.faults[0], last.observations[0]]).toEqual([1, 0, ""]);
    expect(last.infos[0]).toMatchObject({ gem: { outcome: "fault" }, final_info: {} });
    const next = await vec.step(["roll"]);
    expect(row(next, 0)).toEqual([expect.stringMatching(/^start /), 0, 0, 1]);
    expect(next.faults[0]).toBe(1);
    expect((await vec.step(["roll"])).faults[0]).toBe(0);
  });

  it("under raise keeps it in the error", async () => {
    const vec = vector({}, 1);
    await vec.reset(1);
    for (let i = 0; i < 3; i++) await vec.step(["roll"]);
    plan.resets = ["throw"];
    const error = await (async () => vec.step(["roll"]))().catch((e: unknown) => e as VectorFault);
    const partial = (error as VectorFault).partial as VectorStepResult;
    expect(partial.rewards[0]).toBeGreaterThan(0);
    expect([partial.terminated[0], partial.faults[0]]).toEqual([1, 0]);
    expect((await vec.step(["roll"])).observations[0]).toMatch(/^start /);
  });

  it("resets fresh ones where resets fail", async () => {
    const [observations] = await vector({}).reset(5);
    const vec = vector({ onFault: "mask" });
    plan.resets = ["hang"];
    const [again, infos] = await vec.reset(5);
    expect(again).toEqual(observations);
    expect(infos[0]?.["gem"]).toMatchObject({ outcome: "retried", cause: "GEM_DEADLINE" });
    expect(Array.from(vec.faults)).toEqual([0, 0, 0]);
  });

  it("says which resets were in vain, and steps on", async () => {
    const vec = vector({ onFault: "mask" });
    plan.resets = ["throw", "throw"];
    const [observations] = await vec.reset(5);
    expect(observations[0]).toBe("");
    expect(Array.from(vec.faults)).toEqual([1, 0, 0]);
    const result = await vec.step(["roll", "roll", "roll"]);
    expect(result.observations[0]).toMatch(/^start /);
    expect(Array.from(result.faults)).toEqual([1, 0, 0]);
  });

  it("throws the caller's mistakes under any policy, after all have stepped", async () => {
    const vec = vector({ onFault: "retry" });
    await vec.reset(1);
    plan.steps = ["caller"];
    await expect((async () => vec.step(["roll", "risk", "roll"]))()).rejects.toMatchObject({
      code: "GEM_UNSUPPORTED",
      details: { faulty: [1] },
    });
    expect(vec.envs.map((env) => (env.getAttribute("rolls") as number[]).length)).toEqual([
      2, 1, 2,
    ]);
  });

  it("replaces environments with their wrappers", async () => {
    class Loud extends Wrapper {
      readonly className = "Loud";
      override async step(action: string | null): Promise<StepResult> {
        const [observation, ...rest] = await this.env.step(action);
        return [`${String(observation)}!`, ...rest];
      }
    }
    const vec = vector({ onFault: "mask", wrappers: ["concat", (env) => new Loud(env)] });
    await vec.reset(1);
    plan.steps = ["throw"];
    await vec.step(["risk", "roll", "roll"]);
    expect((await vec.step(["roll", "roll", "roll"])).observations[0]).toMatch(
      /^start .*\nrolls .*\n!$/,
    );
  });

  it("masks environments that cannot be made again, and resets them in the next step", async () => {
    const other = make(TROUBLE, { seed: 3 });
    const vec = new VectorEnv([other], { onFault: "mask" });
    await vec.reset(1);
    plan.steps = ["throw"];
    const result = await vec.step(["risk"]);
    expect([result.faults[0], result.observations[0]]).toEqual([
      1,
      expect.stringMatching(/^start /),
    ]);
    expect(vec.envs[0]).toBe(other);
  });

  it("marks such a one for as long as what it was given up at goes on", async () => {
    const other = make(TROUBLE, { seed: 3 });
    const vec = new VectorEnv([other], { onFault: "mask", deadlineSeconds: DEADLINE });
    await vec.reset(1);
    plan.steps = ["hang"];
    for (let i = 0; i < 3; i++) {
      const result = await vec.step(["risk"]);
      expect([result.faults[0], result.observations[0], result.truncated[0]]).toEqual([1, "", 1]);
    }
  });

  it("gives faults to those who receive, marked", async () => {
    const vec = vector({ onFault: "mask" });
    await vec.reset(1);
    plan.steps = ["throw"];
    vec.send(["risk", "roll", "roll"]);
    const result = await vec.recv({ min: COUNT });
    const position = Array.from(result.indices).indexOf(0);
    expect(result.faults[position]).toBe(1);
    expect(result.faults.reduce((sum, fault) => sum + fault)).toBe(1);
  });
});
