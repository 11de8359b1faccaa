import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { PythonRandom, type PythonRandomStateInput } from "../../../src/random/python-random.ts";
import { SeedSequence } from "../../../src/random/seed-sequence.ts";
import {
  comparable,
  runNumpy,
  runPython,
  type NumpyCall,
  type NumpyRun,
  type PythonCall,
  type PythonRun,
} from "./programs.ts";

interface Vectors<Call, Run> {
  readonly calls: readonly Call[];
  readonly runs: readonly (Run & { readonly seed: string })[];
}

interface StateVector {
  readonly draws_before: number;
  readonly state: PythonRandomStateInput;
  readonly next: readonly number[];
}

function load(name: string): unknown {
  const url = new URL(`../../fixtures/random/${name}.json`, import.meta.url);
  return JSON.parse(readFileSync(url, "utf8"));
}

const python = load("python") as Vectors<PythonCall, PythonRun>;
const numpy = load("numpy") as Vectors<NumpyCall, NumpyRun>;
const pythonState = load("python-state") as StateVector;
const seedSequence = load("seed-sequence") as { readonly runs: readonly [string, number[]][] };

describe("PythonRandom", () => {
  it.each(python.runs)("gives what CPython gave for seed $seed", ({ seed, ...recorded }) => {
    const ours = runPython({ seed, calls: python.calls });
    expect(ours).toEqual(comparable(recorded, python.calls, ours));
  });

  it("continues from a state that CPython left", () => {
    const random = new PythonRandom(0);
    random.setState(pythonState.state);
    const next = [random.gauss(), ...Array.from({ length: 4 }, () => random.random())];
    expect(next).toEqual(pythonState.next);
  });

  it("reaches the state words that CPython reached", () => {
    const random = new PythonRandom(42);
    for (let i = 0; i < pythonState.draws_before; i++) random.random();
    random.gauss();
    const { words, index } = random.getState();
    expect([...words]).toEqual(pythonState.state.words);
    expect(index).toBe(pythonState.state.index);
  });
});

describe("NumpyGenerator", () => {
  it.each(numpy.runs)("gives what NumPy gave for seed $seed", ({ seed, ...recorded }) => {
    expect(runNumpy({ seed, calls: numpy.calls })).toEqual(recorded);
  });
});

describe("SeedSequence", () => {
  it.each(seedSequence.runs)("gives NumPy's words for entropy %s", (entropy, words) => {
    expect([...new SeedSequence(BigInt(entropy)).generateState(words.length)]).toEqual(words);
  });
});
