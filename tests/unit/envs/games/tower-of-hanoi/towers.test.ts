import { describe, expect, it } from "vitest";
import {
  fits,
  pictureOf,
  possibleMoves,
  readBoard,
  renderBoard,
  startBoard,
} from "../../../../../src/envs/games/tower-of-hanoi/towers.ts";

describe("towers", () => {
  it("start with all disks on A, the largest below", () => {
    expect(startBoard(3)).toEqual({ A: [3, 2, 1], B: [], C: [] });
  });

  it("are drawn a line each", () => {
    expect(renderBoard({ A: [3, 2], B: [], C: [1] })).toBe("A: [3, 2]\nB: []\nC: [1]\n");
  });

  it("take disks on larger ones, and keep their own", () => {
    expect(fits(1, [])).toBe(true);
    expect(fits(1, [2])).toBe(true);
    expect(fits(2, [3, 2])).toBe(true);
    expect(fits(2, [3, 1])).toBe(false);
  });

  it("allow moves onto larger disks and empty towers", () => {
    const names = (board: Parameters<typeof possibleMoves>[0]): string[] =>
      possibleMoves(board).map(({ source, target }) => source + target);
    expect(names({ A: [2, 1], B: [], C: [] })).toEqual(["AB", "AC"]);
    expect(names({ A: [3], B: [1], C: [2] })).toEqual(["BA", "BC", "CA"]);
    expect(names({ A: [], B: [], C: [1] })).toEqual(["CA", "CB"]);
  });

  it("are shown as columns, the top disk above", () => {
    const { rows, columnLabels } = pictureOf({ A: [3, 2], B: [], C: [1] }, 3);
    expect(rows.map((row) => row.map(({ text }) => text))).toEqual([
      ["", "", ""],
      ["2", "", ""],
      ["3", "", "1"],
    ]);
    expect(columnLabels).toEqual(["A", "B", "C"]);
  });
});

describe("reading towers", () => {
  it("takes each disk once, none on a smaller one", () => {
    expect(readBoard({ B: [2], A: [3, 1], C: [] }, 3)).toEqual({ A: [3, 1], B: [2], C: [] });
  });

  it.each([
    { A: [3, 2, 1], B: [] },
    { A: [3, 2, 1], B: [], C: [], D: [] },
    { A: [1, 2, 3], B: [], C: [] },
    { A: [3, 2], B: [], C: [] },
    { A: [3, 2], B: [2], C: [] },
    { A: [3, 2, 1], B: [4], C: [] },
    { A: [3, 2, "1"], B: [], C: [] },
    { A: [3, 2, 1.5], B: [], C: [] },
    { A: "321", B: [], C: [] },
    [3, 2, 1],
    null,
    7,
  ])("refuses %j", (value) => {
    expect(readBoard(value, 3)).toBeUndefined();
  });
});
