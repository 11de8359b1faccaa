import { describe, expect, it } from "vitest";
import { Pace } from "../../../../src/envs/reasoning/pace.ts";

describe("Pace", () => {
  it("doubles up to 64 while all is done, and falls to what was done", () => {
    const pace = new Pace();
    const sizes = [];
    for (let i = 0; i < 8; i++) {
      sizes.push(pace.of("a"));
      pace.note("a", pace.of("a"), pace.of("a"));
    }
    expect(sizes).toEqual([1, 2, 4, 8, 16, 32, 64, 64]);
    pace.note("a", 64, 3);
    expect([pace.of("a"), pace.of("b")]).toEqual([3, 1]);
  });

  it("learns nothing from a request that was smaller than it had to be", () => {
    const pace = new Pace();
    pace.note("a", 1, 1);
    pace.note("a", 1, 1);
    expect(pace.of("a")).toBe(2);
  });
});
