import { describe, expect, it } from "vitest";
import { matchIds } from "../../../src/check/globs.ts";

const IDS = ["game:Wordle-v0-easy", "game:Wordle-v0-hard", "rg:gcd", "ta:Wordle-v0"];

describe("matchIds", () => {
  it.each([
    [["rg:gcd"], ["rg:gcd"]],
    [["game:*"], ["game:Wordle-v0-easy", "game:Wordle-v0-hard"]],
    [["*:Wordle*v0"], ["ta:Wordle-v0"]],
    [["*-v0-*d"], ["game:Wordle-v0-hard"]],
    [["*"], IDS],
    [["ta:*", "*-v0"], ["ta:Wordle-v0"]],
    [["rg:*gcd*"], ["rg:gcd"]],
  ])("%j stands for %j", (patterns, ids) => {
    expect(matchIds(patterns, IDS)).toEqual(ids);
  });

  it.each(["game:*-x", "rg:gc", "rg:gcd*gcd", "game:.*", ""])(
    "refuses %j, which stands for none",
    (pattern) => {
      expect(() => matchIds([pattern], IDS)).toThrow(
        expect.objectContaining({ code: "GEM_UNKNOWN_ENV" }),
      );
    },
  );

  it("names the nearest id", () => {
    expect(() => matchIds(["game:Wordle-v0-eazy"], IDS)).toThrow(
      'Did you mean "game:Wordle-v0-easy"?',
    );
  });
});
