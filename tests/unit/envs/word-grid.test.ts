import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  cellsOf,
  gridSide,
  layOut,
  renderGrid,
  rowsOf,
  UNUSED,
  type Crossings,
} from "../../../src/envs/word-grid.ts";
import { PythonRandom } from "../../../src/random/python-random.ts";

describe("the side of a grid", () => {
  it("is one and a half times the longest word, a half rounded to the even neighbour", () => {
    const sides = [1, 2, 3, 4, 5, 7, 9, 11, 13].map(gridSide);
    expect(sides).toEqual([2, 3, 4, 6, 8, 10, 14, 16, 20]);
  });
});

describe("laying words out", () => {
  const words = fc
    .array(fc.stringMatching(/^[abc]{1,6}$/), { minLength: 1, maxLength: 8 })
    .map((list) => list.sort((a, b) => b.length - a.length));
  const crossings = fc.constantFrom<Crossings>("fitting", "all");

  it("puts the first word into the middle", () => {
    const placed = [0, 1, 2, 3].map(
      (seed) => layOut(["abc"], new PythonRandom(seed), "all").placed,
    );
    expect(placed.flat()).toEqual(
      expect.arrayContaining([
        { word: "abc", row: 2, column: 0, orientation: "across" },
        { word: "abc", row: 0, column: 2, orientation: "down" },
      ]),
    );
  });

  it("writes every placed word into the grid, each cell one letter", () => {
    fc.assert(
      fc.property(words, fc.nat(1000), crossings, (list, seed, kind) => {
        const { cells, placed } = layOut(list, new PythonRandom(seed), kind);
        const side = gridSide(list[0]?.length ?? 0);
        expect(cells).toHaveLength(side * side);
        for (const word of placed) {
          const letters = cellsOf(word, side).map((cell) => cells[cell]);
          expect(letters.join("")).toBe(word.word);
        }
        const covered = new Set(placed.flatMap((word) => cellsOf(word, side)));
        const repeats = new Set(list).size < list.length;
        const free = cells.filter((cell, i) => cell !== UNUSED && !covered.has(i));
        if (!repeats) expect(free).toEqual([]);
      }),
    );
  });

  it("lets a word cross an earlier one of the other orientation where it can", () => {
    const shared = Array.from({ length: 20 }, (_, seed) => {
      const { placed } = layOut(["silver", "river"], new PythonRandom(seed), "fitting");
      const [first, second] = placed.map((word) => cellsOf(word, 9));
      const cross = placed[0]?.orientation !== placed[1]?.orientation;
      return cross ? first?.filter((cell) => second?.includes(cell) === true).length : "parallel";
    });
    expect(new Set(shared)).toEqual(new Set([1, "parallel"]));
  });

  it("uses the first free place, row by row, for a word that crosses none, and leaves out one that has none", () => {
    expect(layOut(["ab", "cd", "ef", "gh"], new PythonRandom(15), "all").placed).toEqual([
      { word: "ab", row: 1, column: 0, orientation: "across" },
      { word: "cd", row: 0, column: 0, orientation: "across" },
      { word: "ef", row: 2, column: 0, orientation: "across" },
    ]);
  });

  it("gives equal words one entry, of the place of the last one", () => {
    const { cells, placed } = layOut(["ABCD", "ABCD"], new PythonRandom(3), "all");
    expect(placed).toHaveLength(1);
    expect(cells.filter((cell) => cell !== UNUSED).length).toBeGreaterThan(4);
    expect(placed[0]).toMatchObject({ row: 0, column: 0 });
  });

  it("draws an orientation for each word, and a shuffle of the crossings for each but the first", () => {
    const random = new PythonRandom(8);
    layOut(["abc", "xyz"], random, "all");
    const expected = new PythonRandom(8);
    expected.choice([0, 1]);
    expected.choice([0, 1]);
    expect(random.bits32(32)).toBe(expected.bits32(32));
  });

  it("shuffles other lists when crossings where the word does not fit take part", () => {
    const next = (crossing: Crossings): number[] =>
      Array.from({ length: 40 }, (_, seed) => {
        const random = new PythonRandom(seed);
        layOut(["banana", "cabana", "ananas"], random, crossing);
        return random.bits32(32);
      });
    expect(next("fitting")).not.toEqual(next("all"));
  });
});

describe("a grid as text", () => {
  it("has numbered rows and columns, and brackets around marked cells", () => {
    expect(renderGrid(".A_B", new Set([1, 2]))).toBe("   C00 C01\nR00  .  [A] \nR01 [_]  B  ");
  });

  it("is read as rows by clients", () => {
    expect(rowsOf("abcd")).toEqual([
      ["a", "b"],
      ["c", "d"],
    ]);
  });
});
