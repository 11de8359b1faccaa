import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { DIRECTIONS } from "../../../../../src/envs/directions.ts";
import {
  cellsInPlace,
  fromRows,
  GAP,
  goalBoard,
  isUnsolvable,
  pictureOf,
  renderBoard,
  slide,
  sliding,
  toRows,
  type Board,
} from "../../../../../src/envs/games/fifteen-puzzle/board.ts";

const board = Uint8Array.of(3, 1, 2, GAP);

describe("goalBoard", () => {
  it("has the tiles row by row and the gap last", () => {
    expect(toRows(goalBoard(3))).toEqual([
      [1, 2, 3],
      [4, 5, 6],
      [7, 8, null],
    ]);
  });

  it("holds 255 tiles at most", () => {
    expect(Math.max(...goalBoard(16))).toBe(255);
  });
});

describe("sliding", () => {
  it.each([
    ["up", 0, 2],
    ["left", 0, 1],
    ["down", 0, undefined],
    ["right", 0, undefined],
    ["down", 3, 1],
    ["right", 3, 2],
    ["up", 3, undefined],
    ["left", 3, undefined],
  ] as const)("%s with the gap in cell %i of 2x2 takes the tile of cell %s", (way, gap, cell) => {
    expect(sliding(2, gap, way)).toBe(cell);
  });
});

describe("isUnsolvable", () => {
  it("tells the twelve 2x2 boards that moves from the goal reach from the others", () => {
    const start = goalBoard(2);
    const reached = new Set([start.join()]);
    const queue: Board[] = [start];
    for (const from of queue) {
      const gap = from.indexOf(GAP);
      for (const cell of DIRECTIONS.map((direction) => sliding(2, gap, direction))) {
        if (cell === undefined) continue;
        const next = from.slice();
        slide(next, gap, cell);
        if (!reached.has(next.join())) queue.push(next);
        reached.add(next.join());
      }
    }
    expect(reached.size).toBe(12);
    const all = permutations([1, 2, 3, GAP]).map((tiles) => Uint8Array.from(tiles));
    expect(
      all.filter((each) => !isUnsolvable(each)).every((each) => reached.has(each.join())),
    ).toBe(true);
    expect(all.filter((each) => isUnsolvable(each))).toHaveLength(12);
  });

  it("knows the famous board with 14 and 15 swapped", () => {
    const famous = goalBoard(4);
    famous[13] = 15;
    famous[14] = 14;
    expect(isUnsolvable(famous)).toBe(true);
  });

  it("never changes by a move", () => {
    const moves = fc.array(fc.constantFrom(...DIRECTIONS), { maxLength: 50 });
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 6 }), moves, (rows, directions) => {
        const each = goalBoard(rows);
        for (const direction of directions) {
          const gap = each.indexOf(GAP);
          const cell = sliding(rows, gap, direction);
          if (cell !== undefined) slide(each, gap, cell);
        }
        expect(isUnsolvable(each)).toBe(false);
      }),
    );
  });
});

describe("cellsInPlace", () => {
  it("counts tiles and the gap", () => {
    expect(cellsInPlace(board)).toEqual([3]);
    expect(cellsInPlace(Uint8Array.of(1, 3, GAP, 2))).toEqual([0]);
    expect(cellsInPlace(goalBoard(4))).toHaveLength(16);
  });
});

describe("fromRows", () => {
  it("reads what toRows gives", () => {
    expect(fromRows(toRows(board), 2)).toEqual(board);
  });

  it.each([
    [
      [
        [1, 2],
        [3, 3],
      ],
    ],
    [
      [
        [1, 2],
        [4, null],
      ],
    ],
    [[[1, 2]]],
    [[1, 2, 3, null]],
    ["1 2 3"],
    [
      [
        [1, 2],
        [3, 0.5],
      ],
    ],
  ])("refuses %j", (value) => {
    expect(fromRows(value, 2)).toBeUndefined();
  });
});

describe("renderBoard", () => {
  it("aligns tiles to two characters and ends each row", () => {
    expect(renderBoard(board)).toBe(" 3  1\n 2 __\n");
    expect(renderBoard(goalBoard(4)).split("\n")[3]).toBe("13 14 15 __");
  });
});

describe("pictureOf", () => {
  it("shows what is in place", () => {
    expect(pictureOf(Uint8Array.of(1, 3, 2, GAP)).rows).toEqual([
      [
        { text: "1", tone: "good" },
        { text: "3", tone: "piece" },
      ],
      [
        { text: "2", tone: "piece" },
        { text: "", tone: "empty" },
      ],
    ]);
  });
});

function permutations(items: readonly number[]): number[][] {
  if (items.length === 0) return [[]];
  return items.flatMap((item) =>
    permutations(items.filter((other) => other !== item)).map((rest) => [item, ...rest]),
  );
}
