import { describe, expect, it } from "vitest";
import {
  emptyCells,
  emptyGrid,
  fromRows,
  pictureOf,
  renderGrid,
  toRows,
} from "../../../../../src/envs/games/sudoku/grid.ts";
import { grid } from "./grids.ts";

const SMALL = grid("3....1.413.2....");

describe("emptyCells", () => {
  it("lists cells without a number in order", () => {
    expect(emptyCells(SMALL)).toEqual([1, 2, 3, 4, 6, 10, 12, 13, 14, 15]);
  });
});

describe("fromRows", () => {
  it("reads what toRows gives", () => {
    expect(fromRows(toRows(SMALL), 4, 0)).toEqual(SMALL);
  });

  it("refuses numbers out of range, other shapes and other things", () => {
    expect(fromRows(toRows(SMALL), 4, 1)).toBeUndefined();
    expect(fromRows(toRows(grid("5...............")), 4, 0)).toBeUndefined();
    expect(fromRows(toRows(SMALL), 9, 0)).toBeUndefined();
    expect(fromRows("3", 4, 0)).toBeUndefined();
  });
});

describe("renderGrid", () => {
  it("draws 4x4", () => {
    expect(renderGrid(SMALL).split("\n")).toEqual([
      "   C1 C2   C3 C4  ",
      "R1  3  . |  .  .",
      "R2  .  1 |  .  4",
      "   - - - - - - ",
      "R3  1  3 |  .  2",
      "R4  .  . |  .  .",
    ]);
  });

  it("draws 9x9", () => {
    const lines = renderGrid(emptyGrid(9)).split("\n");
    expect(lines[0]).toBe("   C1 C2 C3   C4 C5 C6   C7 C8 C9  ");
    expect(lines[1]).toBe("R1  .  .  . |  .  .  . |  .  .  .");
    expect(lines[4]).toBe(`   ${"- ".repeat(16)}`);
    expect(lines).toHaveLength(12);
  });
});

describe("pictureOf", () => {
  it("has numbers, labels and blocks", () => {
    const picture = pictureOf(SMALL);
    expect(picture.rows[0]?.slice(0, 2)).toEqual([
      { text: "3", tone: "plain" },
      { text: "", tone: "empty" },
    ]);
    expect(picture.columnLabels).toEqual(["C1", "C2", "C3", "C4"]);
    expect(picture.rowLabels).toEqual(["R1", "R2", "R3", "R4"]);
    expect(picture.block).toBe(2);
  });
});
