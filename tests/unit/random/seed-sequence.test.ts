import { describe, expect, it } from "vitest";
import { SeedSequence } from "../../../src/random/seed-sequence.ts";
import { complaint } from "./errors.ts";

describe("SeedSequence", () => {
  it("gives the same words at every call, and longer states with the same start", () => {
    const sequence = new SeedSequence(5);
    const words = sequence.generateState(8);
    expect(sequence.generateState(8)).toEqual(words);
    expect(sequence.generateState(20).subarray(0, 8)).toEqual(words);
  });

  it("mixes in entropy beyond its pool of 128 bits", () => {
    const low = 2n ** 128n - 1n;
    const states = [0n, 1n, 2n].map((high) =>
      new SeedSequence(low + (high << 128n)).generateState(4).join(),
    );
    expect(new Set(states).size).toBe(3);
  });

  it("refuses entropy that is not a non-negative integer", () => {
    expect(complaint(() => new SeedSequence(-5n))).toBe(
      "GEM_INVALID_SEED: A seed of a NumPy generator must be a non-negative integer, got -5.",
    );
    expect(complaint(() => new SeedSequence(NaN))).toMatch(/^GEM_INVALID_SEED: A seed must be/);
  });
});
