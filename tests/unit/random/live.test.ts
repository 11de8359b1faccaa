import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { numpyProgram, pythonProgram } from "./arbitraries.ts";
import { replay } from "./interpreter.ts";
import {
  comparable,
  runNumpy,
  runPython,
  type NumpyCall,
  type NumpyRun,
  type Program,
  type PythonRun,
} from "./programs.ts";

/** Which programs are drawn; GEM_TEST_SEED draws others. */
const SEED = Number(process.env["GEM_TEST_SEED"] ?? 1);
const PROGRAMS = { numRuns: 300, seed: SEED };

describe("PythonRandom", () => {
  it("agrees with the CPython of this machine on random programs", () => {
    const programs = fc.sample(pythonProgram, PROGRAMS);
    const recorded = replay("python", programs) as PythonRun[];
    programs.forEach((program, i) => {
      const ours = runPython(program);
      const theirs = recorded[i];
      expect(theirs && { ...program, ...comparable(theirs, program.calls, ours) }).toEqual({
        ...program,
        ...ours,
      });
    });
  });
});

describe("NumpyGenerator", () => {
  it("agrees with the NumPy of this machine on random programs", () => {
    const large: Program<NumpyCall> = { seed: "7", calls: [["uint32"], ["permutation", 57_000]] };
    const programs = [...fc.sample(numpyProgram, PROGRAMS), large];
    const recorded = replay("numpy", programs) as NumpyRun[];
    programs.forEach((program, i) => {
      expect({ ...program, ...runNumpy(program) }).toEqual({ ...program, ...recorded[i] });
    });
  });
});
