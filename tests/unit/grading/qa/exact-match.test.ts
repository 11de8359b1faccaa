import { describe, expect, it } from "vitest";
import { emCheck, f1, normalizeAnswer } from "../../../../src/grading/qa/exact-match.ts";

describe("normalizeAnswer", () => {
  it.each([
    ["The  Cat's, a-b!", "cats ab"],
    ["state-of-the-art", "stateoftheart"],
    ["U.S.A.", "usa"],
    ["A", ""],
    ["“The” cat’s", "“ ” cat’s"],
    ["an\u00a0apple\u2003the\tpie\u0085", "apple pie"],
    ["thé the_x the1 éa", "thé thex the1 éa"],
    ["_the_", ""],
    ["ÀÉ Straße", "àé straße"],
  ])("of %j is %j", (text, expected) => {
    expect(normalizeAnswer(text)).toBe(expected);
  });
});

describe("emCheck", () => {
  it.each([
    ["the Beatles", ["Beatles!"], true],
    ["Beatles", ["Stones", "The  Beatles"], true],
    ["Beatles and Stones", ["Beatles"], false],
    ["a", ["The"], true],
    ["", [], false],
  ])("of %j and %j is %j", (prediction, golds, expected) => {
    expect(emCheck(prediction, golds)).toBe(expected);
  });
});

describe("f1", () => {
  it.each([
    // 2 words of 3 and of 2 in common: 2 * 2 / (3 + 2)
    ["red green blue", ["the green red"], 0.8],
    ["red red", ["red"], 2 / 3],
    ["red", ["green", "red"], 1],
    ["the", ["a"], 1],
    ["", ["red"], 0],
    ["red", [], 0],
  ])("of %j and %j is %d", (prediction, golds, expected) => {
    expect(f1(prediction, golds)).toBeCloseTo(expected, 12);
  });
});
