import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isExactInteger, seedWords } from "../../../src/random/seed-words.ts";
import { seedDigits } from "./arbitraries.ts";

describe("seedWords", () => {
  it.each<[bigint | number, number[]]>([
    [0, [0]],
    [-0, [0]],
    [1n, [1]],
    [2 ** 32 - 1, [0xffff_ffff]],
    [2 ** 32, [0, 1]],
    [-(2 ** 32) - 5, [5, 1]],
    [2n ** 53n + 1n, [1, 0x20_0000]],
    [2n ** 64n, [0, 0, 1]],
    [-(2n ** 140n) - 7n, [7, 0, 0, 0, 0x1000]],
  ])("splits %s into 32-bit words, lowest first", (seed, words) => {
    expect([...seedWords(seed)]).toEqual(words);
  });

  it("keeps every bit", () => {
    fc.assert(
      fc.property(seedDigits, (digits) => {
        const words = [...seedWords(BigInt(digits))];
        const joined = words.reduceRight((sum, word) => (sum << 32n) | BigInt(word), 0n);
        expect(joined).toBe(BigInt(digits));
        expect(words.length === 1 || words.at(-1) !== 0).toBe(true);
      }),
    );
  });
});

describe("isExactInteger", () => {
  it("holds for bigints and for numbers that are exact", () => {
    expect([5, -5, 2n ** 80n, Number.MAX_SAFE_INTEGER].every(isExactInteger)).toBe(true);
    expect([0.5, NaN, 2 ** 53, "5", null, undefined, true].some(isExactInteger)).toBe(false);
  });
});
