import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { PythonRandom } from "../../../src/random/python-random.ts";
import { complaint } from "./errors.ts";
import { seedDigits } from "./arbitraries.ts";
import { wordBytes } from "./programs.ts";

const generators = seedDigits.map((seed) => new PythonRandom(BigInt(seed)));

function take(random: PythonRandom, count: number): number[] {
  return Array.from({ length: count }, () => random.bits32(32));
}

describe("PythonRandom", () => {
  describe("getState, setState and copy", () => {
    const moved = fc.tuple(generators, fc.nat(1500), fc.boolean()).map(([random, draws, half]) => {
      take(random, draws);
      if (half) random.gauss();
      return random;
    });

    it("restore the state exactly, from words, bytes and plain numbers", () => {
      fc.assert(
        fc.property(moved, (random) => {
          const state = random.getState();
          const { words, ...rest } = state;
          const padded = Uint8Array.of(9, ...wordBytes(words));
          const forms = [words, [...words], wordBytes(words), padded.subarray(1)];
          for (const form of forms) {
            const other = new PythonRandom(1);
            other.setState({ ...rest, words: form });
            expect(other.getState()).toEqual(state);
          }
          expect(random.copy().getState()).toEqual(state);
        }),
        { numRuns: 30 },
      );
    });

    it("leave snapshots and copies alone when the generator moves on", () => {
      fc.assert(
        fc.property(moved, (random) => {
          const state = random.getState();
          const kept = structuredClone(state);
          const twin = random.copy();
          const expected = [...take(random, 700), random.gauss()];
          expect(state).toEqual(kept);
          expect([...take(twin, 700), twin.gauss()]).toEqual(expected);
          random.setState(state);
          take(random, 700);
          expect(state).toEqual(kept);
        }),
        { numRuns: 30 },
      );
    });

    it("refuse what is no state and keep their own", () => {
      const random = new PythonRandom(1);
      random.gauss();
      const good = random.getState();
      const refused = (change: object): string =>
        complaint(() => random.setState({ ...good, ...change }));
      const wrongWords = [undefined, "words", [], Array(624).fill(-1), Array(624).fill(0.5)];
      for (const words of [...wrongWords, new Uint32Array(623), new Uint8Array(624)]) {
        expect(refused({ words })).toMatch(/^GEM_INVALID_STATE: The words of a PythonRandom state/);
      }
      for (const index of [-1, 625, 1.5, "3", undefined]) {
        expect(refused({ index })).toMatch(/^GEM_INVALID_STATE: index of a PythonRandom state/);
      }
      for (const gauss_next of [NaN, Infinity, "0", undefined]) {
        expect(refused({ gauss_next })).toMatch(/^GEM_INVALID_STATE: gauss_next of a/);
      }
      expect(random.getState()).toEqual(good);
    });

    it("refuse null and other values that are not objects", () => {
      const random = new PythonRandom(1);
      for (const value of ["null", "1", '"state"', "[]"]) {
        const state = JSON.parse(value) as ReturnType<PythonRandom["getState"]>;
        expect(complaint(() => random.setState(state))).toMatch(/^GEM_INVALID_STATE/);
      }
    });
  });
});
