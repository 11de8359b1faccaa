import { describe, expect, it } from "vitest";
import { isRuleName, scoreByRule, type RuleName } from "../../../../src/envs/reasoning/rules.ts";

const UNKNOWN = undefined;

/** Recorded from reasoning_gym 0.1.23; undefined: left to it. */
const RECORDED: Readonly<
  Record<RuleName, readonly (readonly [string | null, string, number | undefined])[]>
> = {
  contained: [
    [null, "12", 0],
    ["12", "12", 1],
    ["a 12 b", "12", 1 / 3],
  ],
  equal: [
    [null, "A# #B", 0],
    ["A# #B", "A# #B", 1],
    ["A# #B ", "A# #B", 0],
    ["", "", 1],
  ],
  amount: [
    [null, "7", 0],
    ["", "7", 0],
    ["7", "7", 1],
    [" +007.00\n", "7", 1],
    ["1,000", "1000", 1],
    ["10e2", "1000", 1],
    ["-0", "0", 1],
    ["70e-1", "7", 1],
    ["7.", "7", 1],
    ["-7", "7", 0.5],
    ["17", "7", 0.5],
    ["7 8", "7", 1 / 3],
    ["about 7", "7", 1 / 7],
    [".", "7", 0],
    ["NaN", "7", 0],
    ["-Infinity", "7", 0],
    ["é7", "7", UNKNOWN],
    ["٧", "7", UNKNOWN],
    ["0_7", "7", UNKNOWN],
    ["7e1234567", "7", UNKNOWN],
    ["7", "seven", UNKNOWN],
  ],
  number: [
    [null, "74.9161", 0],
    ["", "74.9161", 0],
    ["074.91610", "74.9161", 1],
    ["749161e-4", "74.9161", 1],
    ["74.9161 or so", "74.9161", 0],
    ["74,9161", "74.9161", 0],
    ["٧", "74.9161", UNKNOWN],
  ],
  stripped: [
    [null, "1", 0],
    ["1", "1", 1],
    [" 1\n", "1", 1 / 3],
    ["\u00a01", "1", 0.5],
    ["11", "1", 0],
    ["", "1", 0],
  ],
  folded: [
    [null, "wife", 0],
    [" WIFE\t", "wife", 1],
    ["the wife", "wife", 0],
    ["w\u0130fe", "wife", UNKNOWN],
  ],
  joined: [
    [null, "593/1368", 0],
    ["593/\n1368", "593/1368", 1],
    ["ARNOLD\n", "arnold", 1],
    [" arnold", "arnold", 0],
    ["ſ", "s", UNKNOWN],
  ],
};

describe.each(Object.keys(RECORDED).filter(isRuleName))("%s", (name) => {
  it.each(RECORDED[name])("gives for %j, where %j is right, %d", (answer, own, score) => {
    expect(scoreByRule(name, answer, own)).toBe(score);
  });
});

describe("amount", () => {
  it("reads long texts in linear time", () => {
    const zeros = "0".repeat(200_000);
    expect(scoreByRule("amount", `${zeros}7.${zeros}`, "7")).toBe(1);
    expect(scoreByRule("amount", `${zeros}7${zeros}x`, "7")).toBe(1 / 400_002);
    expect(scoreByRule("amount", `${" ".repeat(200_000)}x`, "7")).toBe(0);
  });
});

describe("isRuleName", () => {
  it.each([null, true, "toString", "other"])("is false for %j", (name) => {
    expect(isRuleName(name)).toBe(false);
  });
});
