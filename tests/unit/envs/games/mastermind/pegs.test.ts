import { describe, expect, it } from "vitest";
import { pegsOf, pictureOf } from "../../../../../src/envs/games/mastermind/pegs.ts";

describe("pegs", () => {
  it.each([
    [[1, 2, 3, 4], [1, 2, 3, 4], 4, 0],
    [[1, 2, 3, 4], [4, 3, 2, 1], 0, 4],
    [[1, 2, 3, 4], [5, 6, 7, 8], 0, 0],
    [[1, 2, 3, 4], [1, 3, 5, 2], 1, 2],
    [[1, 2, 3, 4], [2, 2, 2, 2], 1, 0],
    [[1, 2, 3, 4], [2, 1, 1, 1], 0, 2],
    [[1, 1, 2, 2], [2, 1, 1, 1], 1, 2],
    [[1, 1, 2, 2], [1, 2, 1, 1], 1, 2],
    [[3], [3], 1, 0],
  ])("of the code %j for the guess %j are %i black and %i white", (code, guess, black, white) => {
    expect(pegsOf(guess, code)).toEqual({ black, white });
  });
});

describe("picture of guesses", () => {
  it("shows numbers, counts of pegs, and room for the next guess", () => {
    const { rows } = pictureOf([[2, 1]], [2, 3]);
    expect(rows.map((row) => row.map(({ text }) => text))).toEqual([
      ["2", "1", "1", "0"],
      ["", ""],
    ]);
  });

  it("does not show which numbers are right", () => {
    const [row = []] = pictureOf([[2, 1]], [2, 3]).rows;
    expect(row[0]?.tone).toEqual(row[1]?.tone);
  });

  it("has no room for more when the code is found", () => {
    expect(pictureOf([[2, 3]], [2, 3]).rows).toHaveLength(1);
  });
});
