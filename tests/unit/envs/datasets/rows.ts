/** Rows and a library for tests of dataset environments. */
import type { Dataset, Row } from "../../../../src/data/dataset.ts";
import type { DatasetLibrary } from "../../../../src/envs/datasets/library.ts";
import { datasetFamilies } from "../../../../src/envs/datasets/index.ts";
import { GemError } from "../../../../src/errors.ts";
import { NumpyGenerator } from "../../../../src/random/numpy-generator.ts";
import { lastBalancedBox } from "../../../../src/text/balanced-box.ts";
import { Registry } from "../../../../src/core/registry.ts";
import { inlineHost } from "../../../../src/core/host.ts";
import type { Env } from "../../../../src/core/env.ts";
import { plainRunner } from "../../../fixtures/plain-runner.ts";

/** A dataset over an array. */
export function datasetOf(rows: readonly Row[]): Dataset {
  const columns = [...new Set(rows.flatMap((row) => Object.keys(row)))];
  const at = (index: number): Row => rows[index] ?? {};
  return {
    length: rows.length,
    columns,
    at,
    value: (index, column) => at(index)[column],
    column: (name) => rows.map((row) => row[name]),
    select: (indices) => datasetOf(indices.map(at)),
    shuffle: (seed) => datasetOf(new NumpyGenerator(seed).permutation(rows.length).map(at)),
    toState: () => ({ length: rows.length, order: [] }),
    fromState: () => datasetOf(rows),
  };
}

/** A library that remembers what it loaded, and grades by comparing texts. */
export function libraryOf(
  tables: Readonly<Record<string, readonly Row[]>>,
): DatasetLibrary & { readonly loads: unknown[] } {
  const loads: unknown[] = [];
  const cache = new Map<string, Dataset>();
  return {
    loads,
    load: (request) => {
      const { name } = request;
      const rows = tables[name];
      loads.push(request);
      if (rows === undefined)
        return Promise.reject(new GemError("GEM_UNAVAILABLE", `${name} is not here.`));
      const dataset = cache.get(name) ?? datasetOf(rows);
      cache.set(name, dataset);
      return Promise.resolve(dataset);
    },
    datasetOf,
    gradeMath: (answer, gold) => {
      const golds = typeof gold === "string" ? [gold] : gold;
      return Promise.resolve({ correct: golds.includes(lastBalancedBox(answer) ?? "") });
    },
    runner: () => plainRunner(),
  };
}

/** Makes environments by id or class over a library. */
export function maker(library: DatasetLibrary) {
  const registry = new Registry();
  for (const family of datasetFamilies(() => library)) registry.addFamily(family);
  return (what: string, given: Readonly<Record<string, unknown>> = {}): Env => {
    const { seed, prompts, ...options } = given;
    const spec = registry.has(what) ? registry.spec(what) : registry.classSpec(what);
    const start = typeof seed === "bigint" ? seed : BigInt(typeof seed === "number" ? seed : 0);
    return spec.create({
      id: spec.id,
      options: { ...spec.options, ...options },
      prompts,
      seed: start,
      host: inlineHost,
    });
  };
}

/** Rows `{problem: "p0", answer: "0"}`, … */
export function problems(count: number): Row[] {
  return Array.from({ length: count }, (_, i) => ({ problem: `p${i}`, answer: String(i) }));
}
