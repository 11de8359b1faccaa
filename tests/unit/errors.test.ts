import { describe, expect, it } from "vitest";
import { GemError, didYouMean, isGemError, nearest, show } from "../../src/errors.ts";

describe("nearest", () => {
  it("finds the candidate with the smallest edit distance", () => {
    expect(
      nearest("game:GuessTheNumbr-v0-easy", [
        "game:Sokoban-v0-easy",
        "game:GuessTheNumber-v0-easy",
      ]),
    ).toBe("game:GuessTheNumber-v0-easy");
  });

  it("finds nothing when all are far", () => {
    expect(nearest("xyz", ["game:Sokoban-v0-easy"])).toBeUndefined();
    expect(didYouMean("xyz", [])).toBe("");
  });
});

describe("show", () => {
  it("shows values as JSON and cuts long ones", () => {
    expect(show("a")).toBe('"a"');
    expect(show(2n ** 70n)).toBe("1180591620717411303424");
    expect(show(undefined)).toBe("undefined");
    expect(show("x".repeat(100))).toHaveLength(80);
    const circular: unknown[] = [];
    circular.push(circular);
    expect(show(circular)).toBe("object");
  });
});

describe("isGemError", () => {
  it("tells errors of the library from others", () => {
    expect(isGemError(new GemError("GEM_CLOSED", "closed"))).toBe(true);
    expect(isGemError(new Error("closed"))).toBe(false);
    expect(isGemError({ code: "GEM_CLOSED" })).toBe(false);
  });
});
