import { describe, expect, it } from "vitest";
import { defaultScore } from "../../../../src/envs/reasoning/default-score.ts";

describe("defaultScore", () => {
  // Recorded from reasoning_gym 0.1.23.
  it.each([
    ["12", "12", 1],
    ["12 ", "12", 0.6666666666666666],
    ["012", "12", 0.6666666666666666],
    ["a 12 b", "12", 0.3333333333333333],
    ["", "12", 0],
    ["12", "", 0],
    ["", "", 0],
    ["é12", "12", 0.6666666666666666],
    ["😀12", "12", 0.6666666666666666],
    ["x", "X", 0],
    ["12", "1", 0.5],
    ["aXbXc", "X", 0.2],
    [" ", " ", 1],
    ["XXXXXXXXXX", "X", 0.1],
    ["\n12\n", "12", 0.5],
    ["12", "12 ", 0],
  ])("gives %j for %j %d", (answer, own, score) => {
    expect(defaultScore(answer, own)).toBe(score);
  });
});
