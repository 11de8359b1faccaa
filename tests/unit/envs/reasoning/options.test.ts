import { describe, expect, it } from "vitest";
import { inlineHost } from "../../../../src/core/host.ts";
import { Registry } from "../../../../src/core/registry.ts";
import { reasoningFamily } from "../../../../src/envs/reasoning/index.ts";
import { makeFromSpec } from "../../../../src/make.ts";
import { Float64, NdArray, Tuple } from "../../../../src/protocol/values.ts";
import { FakeLibrary } from "./fake-library.ts";

/** The dataset that the library is asked for by an environment with these options. */
async function asked(id: string, options: Readonly<Record<string, unknown>>): Promise<unknown> {
  const fake = new FakeLibrary();
  const registry = new Registry();
  registry.addFamily(reasoningFamily(() => fake.library));
  const spec = id.startsWith("rg:") ? registry.spec(id) : registry.classSpec(id);
  await makeFromSpec(spec, options, inlineHost).reset();
  return fake.calls[0]?.args[0];
}

const failsWith = (code: string, text: string): unknown =>
  expect.objectContaining({ code, message: expect.stringContaining(text) as string });

describe("the options of rg:*", () => {
  it("are 500 items of seed 42 by default", async () => {
    expect(await asked("rg:chain_sum", {})).toEqual(["chain_sum", 500, 42n, {}, true]);
  });

  it("are passed on, tuples as lists", async () => {
    const min_terms = new Float64(3);
    const options = { size: 10_000_000, seed: 5, operators: new Tuple(["+", "-"]) };
    expect(await asked("rg:countdown", options)).toEqual([
      "countdown",
      10_000_000,
      5n,
      { operators: ["+", "-"] },
      true,
    ]);
    expect(await asked("rg:chain_sum", { min_terms })).toEqual([
      "chain_sum",
      500,
      42n,
      { min_terms },
      true,
    ]);
  });

  it("leave out what trainers pass to every environment", async () => {
    const options = { use_mp: false, dataset: null, eval: true, max_turns: 3 };
    expect(await asked("rg:chain_sum", options)).toEqual(["chain_sum", 500, 42n, {}, true]);
  });

  it("name the dataset where the class is made itself", async () => {
    expect(await asked("ReasoningGymEnv", { name: "maze", min_dist: 3 })).toEqual([
      "maze",
      500,
      42n,
      { min_dist: 3 },
      true,
    ]);
    await expect(asked("ReasoningGymEnv", {})).rejects.toEqual(
      failsWith("GEM_INVALID_OPTION", "must be a dataset"),
    );
    await expect(asked("ReasoningGymEnv", { name: "mase" })).rejects.toEqual(
      failsWith("GEM_INVALID_OPTION", 'Did you mean "maze"?'),
    );
  });

  it("are refused by name, with the nearest", async () => {
    await expect(asked("rg:chain_sum", { min_term: 3 })).rejects.toEqual(
      failsWith("GEM_UNKNOWN_OPTION", 'no option "min_term". Did you mean "min_terms"?'),
    );
    await expect(asked("rg:maze", { min_terms: 3 })).rejects.toEqual(
      failsWith("GEM_UNKNOWN_OPTION", "min_grid_size"),
    );
  });

  it.each([[0], [-1], [1.5], ["3"], [2 ** 53], [null]])("refuse a size of %j", async (size) => {
    await expect(asked("rg:chain_sum", { size })).rejects.toEqual(
      failsWith("GEM_INVALID_OPTION", '"size"'),
    );
  });

  it("refuse what is no plain data", async () => {
    const matrix = NdArray.int64Matrix([[1]]);
    await expect(asked("rg:chain_sum", { min_terms: [matrix] })).rejects.toEqual(
      failsWith("GEM_INVALID_OPTION", '"min_terms"'),
    );
    await expect(asked("rg:chain_sum", { min_terms: new Set([1]) })).rejects.toEqual(
      failsWith("GEM_INVALID_OPTION", '"min_terms"'),
    );
  });
});

describe("rg:composite", () => {
  it("draws from the datasets that it is given, by name or with weight and options", async () => {
    const datasets = ["maze", { name: "chain_sum", weight: 2, config: { min_terms: 3, size: 9 } }];
    expect(await asked("rg:composite", { datasets })).toEqual([
      "composite",
      500,
      42n,
      {
        datasets: [
          { name: "maze", weight: 1, config: {} },
          { name: "chain_sum", weight: 2, config: { min_terms: 3, size: 9 } },
        ],
      },
      false,
    ]);
  });

  it.each([
    [undefined, "GEM_INVALID_OPTION", "must list the datasets"],
    [[], "GEM_INVALID_OPTION", "must list the datasets"],
    [{ name: "maze" }, "GEM_INVALID_OPTION", "must list the datasets"],
    [["mase"], "GEM_INVALID_OPTION", 'Did you mean "maze"?'],
    [["composite"], "GEM_INVALID_OPTION", "must name a dataset"],
    [[3], "GEM_INVALID_OPTION", "must name a dataset"],
    [[{ name: "maze", options: {} }], "GEM_INVALID_OPTION", "{name, weight, config}"],
    [[{ name: "maze", config: [] }], "GEM_INVALID_OPTION", "{name, weight, config}"],
    [[{ name: "maze", config: { min_dits: 3 } }], "GEM_UNKNOWN_OPTION", '"min_dist"'],
  ])("refuses %j as its datasets", async (datasets, code, text) => {
    const options = datasets === undefined ? {} : { datasets };
    await expect(asked("rg:composite", options)).rejects.toEqual(failsWith(code, text));
  });
});
