import { describe, expect, it } from "vitest";
import {
  emptyField,
  isSolved,
  layMines,
  MINE,
  pictureOf,
  renderField,
  revealFrom,
  roomForMines,
  toRows,
  type Field,
} from "../../../../../src/envs/games/minesweeper/field.ts";
import { PythonRandom } from "../../../../../src/random/python-random.ts";

/** A field with a mine in its upper left corner. */
function cornered(): Field {
  const grid = [
    [MINE, 1, 0, 0],
    [1, 1, 0, 0],
    [0, 0, 0, 0],
  ];
  return { ...emptyField({ rows: 3, cols: 4 }), grid: Int8Array.from(grid.flat()) };
}

function rowsOf(items: Uint8Array): number[][] {
  return toRows(items, { rows: 3, cols: 4 }, (item) => item);
}

describe("room for mines", () => {
  it.each([
    [5, 5, 16],
    [1, 1, 0],
    [1, 6, 3],
    [2, 3, 0],
    [3, 3, 0],
    [4, 2, 2],
  ])("in %i rows and %i columns is for %i", (rows, cols, mines) => {
    expect(roomForMines({ rows, cols })).toBe(mines);
  });
});

describe("laid mines", () => {
  const size = { rows: 4, cols: 6 };

  it.each([0, 5, 8, 18, 23])("leave cell %i and those around it free, and are counted", (first) => {
    for (let seed = 0; seed < 50; seed++) {
      const grid = layMines(new PythonRandom(seed), size, 15, first);
      const at = (row: number, column: number): number | undefined =>
        row < 0 || row >= 4 || column < 0 || column >= 6 ? undefined : grid[row * 6 + column];
      expect(grid.filter((cell) => cell === MINE)).toHaveLength(15);
      expect(grid[first]).toBe(0);
      for (let row = 0; row < 4; row++) {
        for (let column = 0; column < 6; column++) {
          if (at(row, column) === MINE) continue;
          let mines = 0;
          for (const r of [row - 1, row, row + 1]) {
            for (const c of [column - 1, column, column + 1]) if (at(r, c) === MINE) mines += 1;
          }
          expect(at(row, column)).toBe(mines);
        }
      }
    }
  });

  it("are no more than there is room for", () => {
    const grid = layMines(new PythonRandom(1), size, 1e9, 8);
    expect(grid.filter((cell) => cell === MINE)).toHaveLength(15);
  });
});

describe("revealing", () => {
  it("stops at cells with a mine beside", () => {
    const field = cornered();
    expect(revealFrom(field, 11)).toBe(11);
    expect(rowsOf(field.revealed)).toEqual([
      [0, 1, 1, 1],
      [1, 1, 1, 1],
      [1, 1, 1, 1],
    ]);
    expect(revealFrom(cornered(), 1)).toBe(1);
  });

  it("goes around flags", () => {
    const field = cornered();
    for (const cell of [2, 6, 10]) field.flags[cell] = 1;
    expect(revealFrom(field, 8)).toBe(4);
    expect(rowsOf(field.revealed)).toEqual([
      [0, 0, 0, 0],
      [1, 1, 0, 0],
      [1, 1, 0, 0],
    ]);
  });

  it("takes a large field without mines at once", () => {
    expect(revealFrom(emptyField({ rows: 100, cols: 100 }), 5050)).toBe(10_000);
  });
});

describe("a field", () => {
  it("is solved when all mines are flagged and all other cells revealed", () => {
    const field = cornered();
    revealFrom(field, 11);
    expect(isSolved(field)).toBe(false);
    field.flags[0] = 1;
    expect(isSolved(field)).toBe(true);
    field.revealed[5] = 0;
    expect(isSolved(field)).toBe(false);
  });

  it("is drawn with the numbers of rows and columns", () => {
    const field = cornered();
    field.flags[0] = 1;
    revealFrom(field, 5);
    expect(renderField(field)).toBe(
      "    0  1  2  3\n 0  F  .  .  . \n 1  .  1  .  . \n 2  .  .  .  . \n",
    );
  });

  it("is drawn in columns with numbers of two digits", () => {
    const [header, first] = renderField(emptyField({ rows: 1, cols: 12 })).split("\n");
    expect(header).toBe("    0  1  2  3  4  5  6  7  8  9 10 11");
    expect(first).toBe(` 0 ${" . ".repeat(12)}`);
  });

  it("shows a mine that was made revealed", () => {
    const field = cornered();
    field.revealed[0] = 1;
    expect(renderField(field)).toContain(" 0  * ");
    expect(pictureOf(field).rows[0]?.[0]).toEqual({ text: "*", tone: "bad" });
  });

  it("shows in pictures what the text shows", () => {
    const field = cornered();
    field.flags[0] = 1;
    revealFrom(field, 5);
    revealFrom(field, 3);
    const { rows } = pictureOf(field);
    expect(rows[0]?.map(({ tone }) => tone)).toEqual(["near", "plain", "empty", "empty"]);
    expect(rows[1]?.map(({ text }) => text)).toEqual(["1", "1", "", ""]);
    expect(
      pictureOf(cornered())
        .rows.flat()
        .every(({ text, tone }) => text === "" && tone === "wall"),
    ).toBe(true);
  });
});
