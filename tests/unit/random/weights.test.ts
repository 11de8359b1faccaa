import { describe, expect, it } from "vitest";
import { cumulate, pickWeighted } from "../../../src/random/weights.ts";

describe("cumulate", () => {
  it("sums weights up, passes running sums on, and gives nothing without either", () => {
    const cumWeights = [1, 4];
    expect(cumulate(3, { weights: Uint8Array.of(1, 0, 5) })).toEqual([1, 1, 6]);
    expect(cumulate(2, { cumWeights })).toBe(cumWeights);
    expect(cumulate(2, {})).toBeUndefined();
  });
});

describe("pickWeighted", () => {
  it.each([
    [0, 1],
    [0.24, 1],
    [0.25, 2],
    [0.49, 2],
    [0.5, 4],
    [0.99, 4],
  ])("gives the first item whose sum lies above the share: draw %d, item %d", (draw, index) => {
    expect(pickWeighted([0, 1, 2, 2, 4], draw)).toBe(index);
  });
});
