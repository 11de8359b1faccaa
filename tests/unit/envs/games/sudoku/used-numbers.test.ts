import { describe, expect, it } from "vitest";
import { numbersOf, UsedNumbers } from "../../../../../src/envs/games/sudoku/used-numbers.ts";
import { grid } from "./grids.ts";

describe("UsedNumbers", () => {
  const used = new UsedNumbers(4);

  it("knows the numbers that fit a cell", () => {
    used.start(grid("3....1.413.2...."));
    expect(numbersOf(used.candidates(1))).toEqual([2, 4]);
    expect(numbersOf(used.candidates(10))).toEqual([4]);
  });

  it("follows numbers that are written and taken away", () => {
    used.start(grid("................"));
    used.toggle(5, 1 << 3);
    expect([4, 13, 0, 10].map((cell) => numbersOf(used.candidates(cell)))).toEqual([
      [1, 2, 4],
      [1, 2, 4],
      [1, 2, 4],
      [1, 2, 3, 4],
    ]);
    used.toggle(5, 1 << 3);
    expect(used.candidates(4)).toBe(used.all);
  });

  it("goes up to 16", () => {
    expect(numbersOf(new UsedNumbers(16).all)).toEqual([...Array(16).keys()].map((n) => n + 1));
  });
});
