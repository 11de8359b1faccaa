import { describe, expect, it } from "vitest";
import type { Env } from "../../../../src/core/env.ts";
import { TERMINAL_STATE } from "../../../../src/core/constants.ts";
import { GemError } from "../../../../src/errors.ts";
import { Float64 } from "../../../../src/protocol/values.ts";
import { VectorEnv } from "../../../../src/vector/vector-env.ts";
import { datasetOf, libraryOf, maker, problems } from "./rows.ts";

const REPOSITORY = "axon-rl/GSM-8k";
/** default_rng(0).permutation(10), and that of seed 1 on it. */
const FIRST = [4, 6, 2, 7, 3, 5, 9, 0, 8, 1].map((i) => `p${i}`);
const SECOND = [8, 3, 0, 4, 6, 2, 5, 1, 9, 7].map((i) => `p${i}`);

function setUp(count = 10) {
  const library = libraryOf({ [REPOSITORY]: problems(count) });
  return { library, make: maker(library) };
}

async function questions(env: Env, count: number): Promise<unknown[]> {
  const shown: unknown[] = [];
  for (let i = 0; i < count; i++) shown.push((await env.reset())[0]);
  return shown;
}

describe("the order of questions", () => {
  it("is a shuffle with seed 0, and each epoch shuffles the order before", async () => {
    const env = setUp().make("math:GSM8K");
    expect(await questions(env, 10)).toEqual(FIRST);
    expect([env.getAttribute("idx"), env.getAttribute("epoch")]).toEqual([10, 0]);
    expect(await questions(env, 10)).toEqual(SECOND);
    expect([env.getAttribute("idx"), env.getAttribute("epoch")]).toEqual([10, 1]);
  });

  it("is that of the rows in the first epoch with eval", async () => {
    const env = setUp().make("math:GSM8K", { eval: true });
    expect(await questions(env, 3)).toEqual(["p0", "p1", "p2"]);
  });

  it("goes on after a row that idx names", async () => {
    const env = setUp().make("math:GSM8K");
    expect(await env.reset(null, { idx: 7 })).toEqual([FIRST[7], {}]);
    expect(env.getAttribute("idx")).toBe(8);
    expect(await questions(env, 2)).toEqual([FIRST[8], FIRST[9]]);
  });

  it("goes on after the row that a seed draws; idx wins over the seed", async () => {
    const env = setUp().make("math:GSM8K");
    // Python: random.seed(0); random.randint(0, 9) is 6.
    expect(await env.reset(0)).toEqual([FIRST[6], {}]);
    expect(await questions(env, 1)).toEqual([FIRST[7]]);
    expect((await env.reset(0, { idx: 1 }))[0]).toBe(FIRST[1]);
  });

  it.each([-1, 10, 1.5, "3"])("refuses idx=%j, and nothing changes", async (idx) => {
    const env = setUp().make("math:GSM8K");
    await env.reset();
    const before = await env.getState();
    await expect(async () => env.reset(5, { idx })).rejects.toMatchObject({
      code: "GEM_INVALID_ARGUMENT",
      message: expect.stringContaining("0 to 9") as string,
    });
    expect(await env.getState()).toEqual(before);
  });
});

describe("an answer", () => {
  it("earns 1 when it is right and 0 otherwise, and ends the episode with both flags", async () => {
    const env = setUp().make("math:GSM8K");
    await env.reset();
    expect(await env.step("\\boxed{4}")).toEqual([TERMINAL_STATE, 1, true, true, { correct: 1 }]);
    expect(await env.step("\\boxed{5}")).toEqual([TERMINAL_STATE, 0, true, true, { correct: 0 }]);
    expect(await env.step("none")).toEqual([TERMINAL_STATE, 0, true, true, { correct: 0 }]);
    expect(await env.step(null)).toEqual([TERMINAL_STATE, 0, true, true, { correct: 0 }]);
  });

  it("without a box earns -0.1 and no verdict with use_format_error_reward", async () => {
    const env = setUp().make("math:GSM8K", { use_format_error_reward: true });
    await env.reset();
    expect(await env.step("4")).toEqual([TERMINAL_STATE, -0.1, true, true, {}]);
    expect(await env.step("\\boxed{4}")).toEqual([TERMINAL_STATE, 1, true, true, { correct: 1 }]);
  });

  it("is compared with numbers as Python writes them, and with each of a list", async () => {
    const dataset = [
      { problem: "a", answer: 12 },
      { problem: "b", answer: new Float64(2) },
      { problem: "c", answer: ["x", 7] },
    ];
    const env = setUp().make("math:GSM8K", { dataset, eval: true });
    const rewards: unknown[] = [];
    for (const reply of ["\\boxed{12}", "\\boxed{2.0}", "\\boxed{7}"]) {
      await env.reset();
      rewards.push((await env.step(reply))[1]);
    }
    expect(rewards).toEqual([1, 1, 1]);
  });

  it("to a row whose answer is no text, number or list of them is a mistake of the caller", async () => {
    const dataset = [{ problem: "a", answer: { final: 1 } }];
    const env = setUp().make("math:GSM8K", { dataset });
    await env.reset();
    expect(() => env.step("\\boxed{1}")).toThrow(/answer_key/);
  });

  it("that cannot be graded is a fault and no reward, and the next one is graded", async () => {
    const library = libraryOf({ [REPOSITORY]: problems(10) });
    let calls = 0;
    const gradeMath: typeof library.gradeMath = (...args) => {
      calls += 1;
      if (calls === 1) throw new GemError("GEM_DEADLINE", "Too slow.");
      return library.gradeMath(...args);
    };
    const env = maker({ ...library, gradeMath })("math:GSM8K");
    await env.reset();
    expect(() => env.step("\\boxed{4}")).toThrow(expect.objectContaining({ code: "GEM_DEADLINE" }));
    expect((await env.step("\\boxed{4}"))[1]).toBe(1);
  });

  it("is graded again under retry, without another environment", async () => {
    const library = libraryOf({ [REPOSITORY]: problems(10) });
    let failures = 2;
    const gradeMath: typeof library.gradeMath = (...args) => {
      if (failures-- > 0) throw new GemError("GEM_DEADLINE", "Too slow.");
      return library.gradeMath(...args);
    };
    const env = maker({ ...library, gradeMath })("math:GSM8K");
    const vec = new VectorEnv([env], { onFault: "retry", autoreset: "NextStep" });
    await vec.reset();
    const result = await vec.step(["\\boxed{4}"]);
    expect([result.rewards[0], result.faults[0]]).toEqual([1, 0]);
    expect(result.infos[0]).toMatchObject({
      correct: 1,
      gem: { outcome: "retried", cause: "GEM_DEADLINE", attempt: 3 },
    });
    expect(vec.envs[0]).toBe(env);
  });
});

describe("the rows", () => {
  it("are loaded at the first reset, by upstream's names, and the question is shown as it is", async () => {
    const { library, make } = setUp();
    const env = make("math:GSM8K", { split: "train" });
    expect(library.loads).toEqual([]);
    await env.reset();
    expect(library.loads).toEqual([{ name: REPOSITORY, split: "train" }]);
    expect(await env.getAttribute("first_obs")).toBe("p4");
    expect(await env.getAttribute("answer")).toBe("4");
  });

  it("that cannot be loaded leave the environment as it was", async () => {
    const env = setUp().make("math:ASDiv2K");
    const before = await env.getState();
    await expect(async () => env.reset(3)).rejects.toMatchObject({ code: "GEM_UNAVAILABLE" });
    expect(await env.getState()).toEqual(before);
    expect(env.phase).toBe("new");
  });

  it.each([
    [{ dataset: [{ question: "q", answer: 1 }] }, /no column "problem".*question, answer/],
    [{ dataset: [] }, /no column|no rows/],
    [{ dataset: [{ problem: "p" }] }, /no column "answer"/],
  ])("of %j are refused at the reset", async (options, message) => {
    const env = setUp().make("math:GSM8K", options);
    await expect(async () => env.reset()).rejects.toMatchObject({
      code: "GEM_INVALID_OPTION",
      message: expect.stringMatching(message) as string,
    });
  });

  it("must be named or given", () => {
    expect(() => setUp().make("MathEnv")).toThrow(/dataset_name/);
    expect(() => setUp().make("math:GSM8K", { dataset: 3 })).toThrow(/list of rows/);
  });

  it("can be exchanged: they are taken in their order, and the episode keeps its question", async () => {
    const env = setUp().make("math:GSM8K");
    await env.reset();
    await env.setAttribute("dataset", [
      { problem: "new 0", answer: "a" },
      { problem: "new 1", answer: "b" },
    ]);
    expect(await env.getAttribute("first_obs")).toBe("p4");
    expect((await env.step("\\boxed{4}"))[1]).toBe(1);
    expect((await env.reset())[0]).toBe("new 1");
    expect(await env.getAttribute("dataset")).toMatchObject({
      columns: ["problem", "answer"],
      length: 2,
    });
    expect(await env.getAttribute("epoch")).toBe(0);
  });

  it("are described by the attribute dataset, with which other environments find them", async () => {
    const { library, make } = setUp();
    const env = make("math:GSM8K");
    await env.reset();
    const dataset = (await env.getAttribute("dataset")) as object;
    expect(dataset).toEqual({
      source: { name: REPOSITORY },
      view: [["shuffle", "0"]],
      columns: ["problem", "answer"],
      length: 10,
    });
    expect(await env.callMethod("dataset_values", [dataset, ["answer"], [0, 2]])).toEqual({
      columns: { answer: ["4", "2"] },
      length: 10,
    });
    const other = make("math:GSM8K", { dataset, eval: true });
    expect((await other.reset())[0]).toBe("p4");
    expect(new Set(library.loads.map((load) => JSON.stringify(load))).size).toBe(1);
    await expect(async () =>
      env.callMethod("dataset_values", [dataset, ["answers"], [0]]),
    ).rejects.toThrow(/no column "answers".*Did you mean "answer"/);
  });

  it("are asked for once where they live with a client, piece by piece", async () => {
    const asked: unknown[] = [];
    const object = {
      call: (method: string, args: readonly unknown[]) => {
        asked.push([method, args]);
        const [, [start]] = args as [string, [number]];
        const rows = problems(5).slice(start, start + 3);
        const columns = {
          problem: rows.map(({ problem }) => problem),
          answer: rows.map(({ answer }) => answer),
        };
        return Promise.resolve({ columns, length: 5 });
      },
    };
    const { make } = setUp();
    const dataset = { source: { token: "client-1" }, view: [], object };
    const envs = [1, 2, 3].map(() => make("math:GSM8K", { dataset, eval: true }));
    const shown = await Promise.all(envs.map(async (env) => env.reset()));
    expect(shown.map(([question]) => question)).toEqual(["p0", "p0", "p0"]);
    expect(asked).toEqual([
      ["call", ["rows", [0]]],
      ["call", ["rows", [3]]],
    ]);
  });
});

describe("attributes and state", () => {
  it("has upstream's names; answer, first_obs, idx and epoch can be written", async () => {
    const env = setUp().make("math:GSM8K");
    expect(env.attributeNames()).toEqual(
      expect.arrayContaining(["idx", "epoch", "dataset", "first_obs", "answer", "question_key"]),
    );
    await env.reset();
    await env.setAttribute("answer", "99");
    expect((await env.step("\\boxed{99}"))[1]).toBe(1);
    expect(await env.getAttribute("answer")).toBe("99");
    await env.setAttribute("idx", 3);
    expect((await env.reset())[0]).toBe(FIRST[3]);
    expect(await env.getAttribute("answer")).toBe("7");
    expect(() => env.setAttribute("idx", -1)).toThrow(/idx/);
  });

  it("continues from a snapshot, also one of a later epoch and of other rows", async () => {
    const { make } = setUp();
    const env = make("math:GSM8K");
    await questions(env, 13);
    const state = structuredClone(await env.getState());
    const fork = make("math:GSM8K");
    fork.setState(state);
    expect(await fork.getAttribute("answer")).toBe(await env.getAttribute("answer"));
    expect(await questions(fork, 12)).toEqual(await questions(env, 12));

    await env.setAttribute("dataset", datasetOf(problems(3)));
    const other = make("math:GSM8K");
    other.setState(structuredClone(await env.getState()));
    expect(await questions(other, 5)).toEqual(await questions(env, 5));
    expect(() => {
      other.setState({ ...state, state: { idx: 1 } });
    }).toThrow(/no state/);
  });

  it("keeps a small state, whatever the size of the dataset", async () => {
    const env = setUp(1000).make("math:GSM8K");
    await env.reset();
    const { state } = (await env.getState()) as { state: unknown };
    expect(JSON.stringify(state).length).toBeLessThan(200);
  });
});
