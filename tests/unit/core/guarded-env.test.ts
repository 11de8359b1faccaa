import { beforeEach, describe, expect, it } from "vitest";
import type { Env, ResetResult, StepResult } from "../../../src/core/env.ts";
import { faultCounts, onFault, type FaultEvent } from "../../../src/core/fault-counts.ts";
import type { FaultPolicy } from "../../../src/core/fault-policy.ts";
import { make, spawn } from "../../../src/make.ts";
import { MOODY, TROUBLE, calm, plan } from "../../fixtures/trouble-env.ts";

beforeEach(calm);

const DEADLINE = 0.05;

const trouble = (policy: FaultPolicy, id = TROUBLE): Env => make(id, { seed: 7 }, policy);

/** The undisturbed episode of a seed: observations and rewards. */
async function undisturbed(seed: number, steps: number): Promise<unknown[]> {
  const env = make(TROUBLE, { seed: 7 });
  return play(env, seed, Array<string>(steps).fill("roll"));
}

async function play(env: Env, seed: number | null, actions: readonly string[]): Promise<unknown[]> {
  const seen: unknown[] = [(await env.reset(seed))[0]];
  for (const action of actions) seen.push((await env.step(action)).slice(0, 4));
  return seen;
}

describe("an environment on its own", () => {
  it.each(["raise", "retry", "mask"] as const)(
    "under %s answers at once and says nothing in its infos while all is well",
    (policy) => {
      const env = trouble({ onFault: policy });
      const [, info] = env.reset(1) as ResetResult;
      expect(info).toEqual({});
      expect((env.step("roll") as StepResult)[4]).toEqual({});
    },
  );

  it("refuses a policy before anything is made", () => {
    expect(() => make(TROUBLE, {}, { onFault: "ignore" as never })).toThrow(/"ignore"/);
    expect(plan.made).toBe(0);
  });

  it("under raise throws what it throws, and can be stepped again", async () => {
    const env = trouble({ onFault: "raise" });
    await env.reset(1);
    plan.steps = ["throw"];
    expect(() => env.step("risk")).toThrow("the die is broken");
    expect((await env.step("risk"))[3]).toBe(false);
  });

  it("under raise has to be reset after a deadline, and is a fresh one then", async () => {
    const env = trouble({ deadlineSeconds: DEADLINE });
    await env.reset(1);
    plan.steps = ["hang"];
    await expect(env.step("risk")).rejects.toMatchObject({
      code: "GEM_DEADLINE",
      message: expect.stringContaining(
        "step() of test:Trouble-v0 was given up after 0.05 s",
      ) as string,
    });
    expect(() => env.step("roll")).toThrow(
      expect.objectContaining({
        code: "GEM_RESET_NEEDED",
        message: expect.stringContaining("given up after 0.05 s") as string,
      }),
    );
    expect(plan.made).toBe(1);
    expect(await play(env, 3, ["roll"])).toEqual(await undisturbed(3, 1));
    expect(plan.made).toBe(3);
  });

  it("has a deadline for its resets, too", async () => {
    const env = trouble({ deadlineSeconds: DEADLINE });
    plan.resets = ["hang"];
    await expect(env.reset(1)).rejects.toMatchObject({ code: "GEM_DEADLINE" });
    expect(await play(env, 1, ["roll"])).toEqual(await undisturbed(1, 1));
  });

  it.each(["throw", "hang", "unavailable"] as const)(
    "under retry goes on as if nothing had happened when a step goes wrong: %s",
    async (turn) => {
      const env = trouble({ onFault: "retry", deadlineSeconds: DEADLINE });
      const seen: unknown[] = [(await env.reset(5))[0]];
      seen.push((await env.step("roll")).slice(0, 4));
      plan.steps = [turn];
      const step = await env.step("risk");
      seen.push(step.slice(0, 4), (await env.step("roll")).slice(0, 4));
      expect(seen).toEqual(await undisturbed(5, 3));
      expect(step[4]["gem"]).toMatchObject({
        outcome: "retried",
        cause: { throw: "GEM_ENV_FAULT", hang: "GEM_DEADLINE", unavailable: "GEM_UNAVAILABLE" }[
          turn
        ],
        attempt: 2,
        retryable: true,
        duration_ms: expect.any(Number) as number,
      });
    },
  );

  it("under retry brings back an episode that nobody seeded, with the actions that it drew", async () => {
    const run = async (turns: typeof plan.steps): Promise<unknown[]> => {
      const env = trouble({ onFault: "retry" });
      await env.reset();
      await env.step("roll");
      const seen: unknown[] = [(await env.reset())[0], (await env.step("roll"))[0]];
      const drawn = await env.sampleRandomAction();
      plan.steps = turns;
      return [...seen, drawn, (await env.step("risk"))[0], (await env.step("roll"))[0]];
    };
    expect(await run(["throw", "throw"])).toEqual(await run([]));
  });

  it("under retry keeps what was set by hand", async () => {
    const env = trouble({ onFault: "retry" });
    await env.reset(1);
    await env.setAttribute("rolls", [1, 2]);
    plan.steps = ["throw"];
    expect((await env.step("risk"))[0]).toMatch(/^rolls 1 2 /);
  });

  it("under retry masks when three attempts were in vain", async () => {
    const env = trouble({ onFault: "retry" });
    await env.reset(1);
    plan.steps = ["throw", "throw", "throw"];
    const step = await env.step("risk");
    expect(step.slice(0, 4)).toEqual(["", 0, false, true]);
    expect(step[4]["gem"]).toMatchObject({ outcome: "fault", attempt: 3, cause: "GEM_ENV_FAULT" });
    expect(plan.steps).toEqual([]);
    expect(await play(env, 2, ["roll"])).toEqual(await undisturbed(2, 1));
  });

  it("under retry masks when its episode goes another way the second time", async () => {
    const env = make(MOODY, { seed: 1 }, { onFault: "retry" });
    await env.reset(1);
    await env.step("roll");
    plan.steps = ["throw"];
    const step = await env.step("risk");
    expect(step[3]).toBe(true);
    expect(step[4]["gem"]).toMatchObject({ outcome: "fault", cause: "GEM_ENV_FAULT", attempt: 1 });
  });

  it("under mask gives no reward and no observation, and cuts the episode off", async () => {
    const env = trouble({ onFault: "mask", deadlineSeconds: DEADLINE });
    await env.reset(1);
    plan.steps = ["hang"];
    const step = await env.step("risk");
    expect(step.slice(0, 4)).toEqual(["", 0, false, true]);
    expect(step[4]).toEqual({
      gem: {
        outcome: "fault",
        cause: "GEM_DEADLINE",
        message: expect.stringContaining("given up after 0.05 s") as string,
        attempt: 1,
        retryable: true,
        duration_ms: expect.any(Number) as number,
      },
    });
    expect((await env.step("roll")).slice(0, 4)).toEqual(["", 0, false, true]);
    expect(await play(env, 1, ["roll"])).toEqual(await undisturbed(1, 1));
  });

  it("under mask plays no episode twice because of a fault", async () => {
    const env = trouble({ onFault: "mask" });
    const [first] = await env.reset();
    plan.steps = ["throw"];
    await env.step("risk");
    expect((await env.reset())[0]).not.toBe(first);
  });

  it.each(["retry", "mask"] as const)(
    "under %s resets a fresh one when a reset fails",
    async (policy) => {
      const env = trouble({ onFault: policy });
      plan.resets = ["throw"];
      const [observation, info] = await env.reset(4);
      expect([observation]).toEqual(await undisturbed(4, 0));
      expect(info["gem"]).toMatchObject({ outcome: "retried", attempt: 2 });
    },
  );

  it("under mask says so when no reset succeeds, and tries again with the next", async () => {
    const env = trouble({ onFault: "mask" });
    plan.resets = ["throw", "throw"];
    expect(await env.reset(4)).toEqual([
      "",
      { gem: expect.objectContaining({ outcome: "fault", attempt: 2 }) as object },
    ]);
    expect((await env.step("roll"))[3]).toBe(true);
    expect(await play(env, 4, [])).toEqual(await undisturbed(4, 0));
  });

  it.each(["retry", "mask"] as const)("under %s throws the caller's mistakes", async (policy) => {
    const env = trouble({ onFault: policy });
    expect(() => env.step("roll")).toThrow(expect.objectContaining({ code: "GEM_RESET_NEEDED" }));
    await env.reset(1);
    expect(() => env.step(5 as never)).toThrow(
      expect.objectContaining({ code: "GEM_INVALID_ACTION" }),
    );
    plan.steps = ["caller"];
    await expect((async () => env.step("risk"))()).rejects.toMatchObject({
      code: "GEM_UNSUPPORTED",
    });
    await env.close();
    expect(() => env.reset()).toThrow(expect.objectContaining({ code: "GEM_CLOSED" }));
  });

  it("keeps its policy when it is copied", async () => {
    const env = trouble({ onFault: "mask" });
    await env.reset(1);
    const copy = await spawn(env, true);
    plan.steps = ["throw"];
    expect((await copy.step("risk"))[3]).toBe(true);
    expect((await env.step("roll"))[3]).toBe(false);
  });

  it("gives no state of an episode that it lost", async () => {
    const env = trouble({ onFault: "mask" });
    await env.reset(1);
    plan.steps = ["throw"];
    await env.step("risk");
    expect(() => env.getState()).toThrow(expect.objectContaining({ code: "GEM_RESET_NEEDED" }));
  });
});

describe("counts of faults", () => {
  it("have a row for each kind of environment, cause and outcome, and somebody may listen", async () => {
    const heard: FaultEvent[] = [];
    const stop = onFault((event) => heard.push(event));
    const count = (outcome: string): number =>
      faultCounts().find((row) => row.cause === "GEM_UNAVAILABLE" && row.outcome === outcome)
        ?.count ?? 0;
    const before = [count("retried"), count("masked"), count("raised")];
    for (const policy of ["retry", "mask", "raise"] as const) {
      const env = trouble({ onFault: policy });
      await env.reset(1);
      plan.steps = ["unavailable"];
      await Promise.resolve()
        .then(() => env.step("risk"))
        .catch(() => undefined);
    }
    stop();
    const after = [count("retried"), count("masked"), count("raised")];
    expect(after.map((value, i) => value - (before[i] ?? 0))).toEqual([1, 1, 1]);
    expect(heard.map(({ id, outcome }) => [id, outcome])).toEqual([
      [TROUBLE, "retried"],
      [TROUBLE, "masked"],
      [TROUBLE, "raised"],
    ]);
  });
});
