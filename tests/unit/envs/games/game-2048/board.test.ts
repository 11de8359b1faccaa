import { describe, expect, it } from "vitest";
import {
  canMove,
  doublings,
  emptyBoard,
  isTile,
  largestTile,
  readBoard,
  renderBoard,
  slide,
} from "../../../../../src/envs/games/game-2048/board.ts";

/** A line slid to the left, alone on its board. */
function slideLine(line: number[]): number[] | undefined {
  return slide([line], "left")?.[0];
}

describe("slide", () => {
  it.each([
    [
      [0, 2, 0, 2],
      [4, 0, 0, 0],
    ],
    [
      [2, 2, 2, 2],
      [4, 4, 0, 0],
    ],
    [
      [2, 2, 2, 0],
      [4, 2, 0, 0],
    ],
    [
      [2, 2, 4, 0],
      [4, 4, 0, 0],
    ],
    [
      [4, 2, 2, 0],
      [4, 4, 0, 0],
    ],
    [
      [4, 4, 8, 8],
      [8, 16, 0, 0],
    ],
    [
      [0, 0, 0, 2],
      [2, 0, 0, 0],
    ],
    [
      [2, 0, 4, 4],
      [2, 8, 0, 0],
    ],
  ])("turns %j into %j", (line, slid) => {
    expect(slideLine(line)).toEqual(slid);
  });

  it.each([[[2, 0, 0, 0]], [[2, 4, 8, 16]], [[2, 4, 0, 0]], [[0, 0, 0, 0]]])(
    "has nothing to do with %j",
    (line) => {
      expect(slideLine(line)).toBeUndefined();
    },
  );

  it("merges three in a row at the side moved to", () => {
    expect(slide([[2, 2, 2]], "right")).toEqual([[0, 2, 4]]);
  });

  it("moves columns up and down and leaves the board it was given", () => {
    const board = [
      [2, 0],
      [2, 4],
    ];
    expect(slide(board, "up")).toEqual([
      [4, 4],
      [0, 0],
    ]);
    expect(slide(board, "down")).toEqual([
      [0, 0],
      [4, 4],
    ]);
    expect(board).toEqual([
      [2, 0],
      [2, 4],
    ]);
  });
});

describe("canMove", () => {
  it.each([
    [
      [
        [2, 4],
        [8, 0],
      ],
      true,
    ],
    [
      [
        [2, 4],
        [8, 4],
      ],
      true,
    ],
    [
      [
        [2, 4],
        [8, 8],
      ],
      true,
    ],
    [
      [
        [2, 4],
        [8, 2],
      ],
      false,
    ],
  ])("is right about %j", (board, expected) => {
    expect(canMove(board)).toBe(expected);
  });
});

describe("renderBoard", () => {
  it("aligns tiles to four and draws a dot for an empty cell", () => {
    expect(
      renderBoard([
        [0, 2],
        [1024, 16],
      ]),
    ).toBe("   .    2\n1024   16");
  });
});

describe("tiles", () => {
  it("are powers of two from 2 on", () => {
    expect([2, 4, 2048, 2 ** 52].every(isTile)).toBe(true);
    expect([0, 1, 3, 2.5, -2, 2 ** 53, NaN, "2"].some(isTile)).toBe(false);
  });

  it("have an exact number of doublings", () => {
    const exponents = Array.from({ length: 52 }, (_, i) => i + 1);
    expect(exponents.map((n) => doublings(2 ** n))).toEqual(exponents);
  });

  it("are compared for the largest", () => {
    expect(
      largestTile([
        [0, 8],
        [2, 4],
      ]),
    ).toBe(8);
    expect(largestTile(emptyBoard(2))).toBe(0);
  });
});

describe("readBoard", () => {
  it("takes a square board of tiles and zeros only", () => {
    expect(
      readBoard(
        [
          [0, 2],
          [4, 0],
        ],
        2,
      ),
    ).toEqual([
      [0, 2],
      [4, 0],
    ]);
    expect(
      readBoard(
        [
          [0, 3],
          [4, 0],
        ],
        2,
      ),
    ).toBeUndefined();
    expect(readBoard([[0, 2]], 2)).toBeUndefined();
    expect(
      readBoard(
        [
          [0, 2],
          [4, 0],
        ],
        4,
      ),
    ).toBeUndefined();
  });
});
