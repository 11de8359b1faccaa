import { describe, expect, it } from "vitest";
import { TERMINAL_STATE } from "../../../../src/core/constants.ts";
import type { Env } from "../../../../src/core/env.ts";
import { inlineHost } from "../../../../src/core/host.ts";
import { Registry } from "../../../../src/core/registry.ts";
import { DATASETS } from "../../../../src/envs/reasoning/datasets.data.ts";
import { reasoning, reasoningFamily } from "../../../../src/envs/reasoning/index.ts";
import { GemError } from "../../../../src/errors.ts";
import { makeFromSpec, spawn, type MakeOptions } from "../../../../src/make.ts";
import { FakeLibrary } from "./fake-library.ts";

/** An environment over a fake library, in which item 3 of seed 42 asks "chain_sum 42 3". */
function setUp(options: MakeOptions = {}, id = "rg:chain_sum"): { env: Env; fake: FakeLibrary } {
  const fake = new FakeLibrary();
  const registry = new Registry();
  registry.addFamily(reasoningFamily(() => fake.library));
  return { env: makeFromSpec(registry.spec(id), options, inlineHost), fake };
}

async function questions(env: Env, seeds: readonly (number | null)[]): Promise<string[]> {
  const shown: string[] = [];
  for (const seed of seeds) {
    const [question, info] = await env.reset(seed);
    expect(info).toEqual({});
    shown.push(String(question).replace("chain_sum ", ""));
  }
  return shown;
}

const nulls = (count: number): null[] => Array.from({ length: count }, () => null);

describe("rg:*", () => {
  it("are the 104 datasets, in the library's order", () => {
    const ids = reasoning.flatMap((family) => Object.keys(family.variants));
    expect(ids).toHaveLength(104);
    expect(ids.slice(0, 3)).toEqual([
      "rg:composite",
      "rg:complex_arithmetic",
      "rg:intermediate_integration",
    ]);
    expect(ids.at(-1)).toBe("rg:zebra_puzzles");
    expect(ids).toEqual(Object.keys(DATASETS).map((name) => `rg:${name}`));
  });

  it("ask the library for nothing before the first reset", () => {
    expect(setUp().fake.calls).toEqual([]);
  });
});

describe("resets without a seed", () => {
  it("go through the dataset of seed 42, or of the seed that it was made with", async () => {
    expect(await questions(setUp().env, nulls(3))).toEqual(["42 0", "42 1", "42 2"]);
    expect(await questions(setUp({ seed: 7 }).env, nulls(2))).toEqual(["7 0", "7 1"]);
    expect(await questions(setUp({ seed: 2n ** 70n }).env, [null])).toEqual([
      `${String(2n ** 70n)} 0`,
    ]);
  });

  it("draw the dataset's seed where null is given for it", async () => {
    const [first] = await questions(setUp({ seed: null }).env, [null]);
    const [second] = await questions(setUp({ seed: null }).env, [null]);
    expect(first).not.toBe(second);
  });

  it("go on with a dataset whose seed is greater by the resets so far", async () => {
    const { env } = setUp({ size: 2, seed: 10 });
    expect(await questions(env, nulls(5))).toEqual(["10 0", "10 1", "12 0", "12 1", "14 0"]);
  });

  it("find their item there", async () => {
    const { env } = setUp();
    await env.reset();
    for (let i = 0; i < 50; i++) {
      await new Promise(setImmediate);
      expect(env.reset()).not.toBeInstanceOf(Promise);
    }
  });

  it("find the first item of the next dataset there", async () => {
    const { env } = setUp({ size: 1 });
    await env.reset();
    await new Promise(setImmediate);
    expect(env.reset()).not.toBeInstanceOf(Promise);
  });
});

describe("resets with a seed", () => {
  // random.Random(s).randint(0, 499) of CPython.
  it.each([
    [0, 432],
    [1, 68],
    [7, 165],
    [42, 327],
    [2 ** 31, 173],
  ])("%i draw item %i", async (seed, index) => {
    expect(await questions(setUp().env, [seed])).toEqual([`42 ${String(index)}`]);
  });

  it("do not move what resets without one go through", async () => {
    expect(await questions(setUp().env, [null, 0, null])).toEqual(["42 0", "42 432", "42 1"]);
  });

  it("draw from another dataset after as many resets as it has items", async () => {
    const { env } = setUp({ size: 3, seed: 10 });
    const shown = await questions(env, [0, 1, 2, 3, 4, 5, 6, null]);
    expect(shown.map((question) => question.split(" ")[0])).toEqual([
      "10",
      "10",
      "10",
      "12",
      "12",
      "12",
      "15",
      "10",
    ]);
  });

  it("ask for the one item, and one ahead", async () => {
    const { env, fake } = setUp();
    await questions(env, [0, 1]);
    await new Promise(setImmediate);
    expect(fake.asked("items")).toEqual(["432+1", "0+1", "68+1"]);
  });
});

describe("a step", () => {
  it("earns what the answer in the last box scores, and ends", async () => {
    const { env } = setUp();
    await env.reset();
    const rewards = [];
    for (const reply of [
      "\\boxed{42:0}",
      "\\boxed{ 42:0}",
      "42:0",
      "\\boxed{42:0} \\boxed{",
      null,
    ]) {
      const [observation, reward, ...rest] = await env.step(reply);
      expect([observation, ...rest]).toEqual([TERMINAL_STATE, true, true, {}]);
      rewards.push(reward);
    }
    expect(rewards).toEqual([1, 0.8, 0, 0, 0]);
  });

  it("does not ask the library where its default scorer judges", async () => {
    const { env, fake } = setUp();
    await env.reset();
    expect(env.step("\\boxed{42:0}")).not.toBeInstanceOf(Promise);
    expect(fake.asked("scores")).toEqual([]);
  });

  it("is judged by the library otherwise, with the first dataset as the judge", async () => {
    const { env, fake } = setUp({ size: 1, seed: 3 });
    fake.judges = true;
    await questions(env, nulls(2));
    expect(await env.step("\\boxed{4:0}")).toEqual([TERMINAL_STATE, 1, true, true, {}]);
    expect(await env.step("\\boxed{judge 3}")).toEqual([TERMINAL_STATE, 0.5, true, true, {}]);
  });

  it("earns 0 where the library's scorer raises, and tells what", async () => {
    const { env, fake } = setUp();
    fake.judges = true;
    await env.reset();
    const error = { error: "TypeError: bad" };
    expect(await env.step("\\boxed{bad}")).toEqual([TERMINAL_STATE, 0, true, true, error]);
  });
});

describe("a failure", () => {
  it("of a reset changes nothing", async () => {
    const { env, fake } = setUp();
    await env.reset();
    const before = await env.getState();
    fake.failure = new GemError("GEM_DEADLINE", "too slow");
    await expect(async () => env.reset(5)).rejects.toMatchObject({ code: "GEM_DEADLINE" });
    expect(await env.getState()).toEqual(before);
    fake.failure = undefined;
    expect(await questions(env, [null])).toEqual(["42 1"]);
  });

  it("of the scorer's process is a fault, not a reward", async () => {
    const { env, fake } = setUp();
    fake.judges = true;
    await env.reset();
    fake.failure = new GemError("GEM_ENV_FAULT", "gone");
    await expect(async () => env.step("\\boxed{1}")).rejects.toMatchObject({
      code: "GEM_ENV_FAULT",
    });
  });
});

describe("its state", () => {
  it("is small plain data, from which another one goes on", async () => {
    const { env, fake } = setUp({ size: 2 });
    await questions(env, [null, 5, null, null]);
    const snapshot = structuredClone(await env.getState());
    expect(snapshot["state"]).toEqual({
      idx: 4,
      dataset_seed: "45",
      next_seed: "45",
      next_index: 1,
      item: { seed: "45", index: 0 },
    });
    const fork = await spawn(env, true);
    const calls = fake.asked("items").length;
    expect(await fork.step("\\boxed{45:0}")).toEqual(await env.step("\\boxed{45:0}"));
    expect(fake.asked("items")).toHaveLength(calls);
    expect(await questions(fork, [null, 3, null])).toEqual(await questions(env, [null, 3, null]));
  });

  it("has upstream's names", async () => {
    const { env } = setUp({ size: 9 });
    expect(env.getAttribute("data")).toBeNull();
    await env.reset(1);
    const names = ["idx", "name", "size", "seed"];
    expect(names.map((name) => env.getAttribute(name))).toEqual([1, "chain_sum", 9, 42n]);
    const item = env.getAttribute("item") as { index: number };
    expect(await env.getAttribute("data")).toMatchObject({
      question: `chain_sum 42 ${String(item.index)}`,
    });
    env.setAttribute("idx", 8);
    await env.reset(1);
    expect(env.getAttribute("dataset_seed")).toBe(50n);
    const refused: unknown = expect.objectContaining({ code: "GEM_INVALID_ATTRIBUTE" });
    expect(() => {
      env.setAttribute("data", {});
    }).toThrow(refused);
    expect(() => {
      env.setAttribute("item", { seed: 1, index: 2 });
    }).toThrow(refused);
  });

  it.each([
    { next_index: 3 },
    { next_index: 1.5 },
    { item: { seed: "42", index: 2 } },
    { item: { seed: 42, index: 0 } },
    { dataset_seed: "-1" },
    { idx: -1 },
    { item: 3 },
  ])("is refused with %j", async (wrong) => {
    const { env } = setUp({ size: 2 });
    await env.reset();
    const snapshot = (await env.getState()) as { state: object };
    const broken = { ...snapshot, state: { ...snapshot.state, ...wrong } };
    expect(() => env.setState(broken)).toThrow(
      expect.objectContaining({ code: "GEM_INVALID_STATE" }),
    );
  });
});

describe("the rest of the contract", () => {
  it("has a random action that boxes a number", async () => {
    const { env } = setUp();
    await env.reset();
    expect(await env.sampleRandomAction()).toMatch(/^\\boxed\{\d{1,3}\}$/);
  });

  it("shows the question in the words that a user gives", async () => {
    const { env } = setUp({ prompts: { question: "{question} Answer in \\boxed{{}}." } });
    expect((await env.reset())[0]).toBe("chain_sum 42 0 Answer in \\boxed{}.");
  });

  it("asks for a reset, and refuses after close", async () => {
    const { env } = setUp();
    expect(() => env.step("")).toThrow(expect.objectContaining({ code: "GEM_RESET_NEEDED" }));
    await env.reset();
    await env.close();
    for (const call of [() => env.reset(), () => env.step("")]) {
      expect(call).toThrow(expect.objectContaining({ code: "GEM_CLOSED" }));
    }
  });

  it.each([[-1], ["x"], [1.5]])("refuses the seed %j and moves nothing", async (seed) => {
    const { env } = setUp();
    expect(() => env.reset(seed as number)).toThrow(
      expect.objectContaining({ code: "GEM_INVALID_SEED" }),
    );
    expect(await questions(env, [null])).toEqual(["42 0"]);
  });
});
