import { describe, expect, it } from "vitest";
import { inlineHost, type Work } from "../../../../../src/core/host.ts";
import { fillGrid } from "../../../../../src/envs/games/sudoku/fill.ts";
import { generatePuzzle } from "../../../../../src/envs/games/sudoku/generate-puzzle.ts";
import { OtherSolution } from "../../../../../src/envs/games/sudoku/other-solution.ts";
import { PythonRandom } from "../../../../../src/random/python-random.ts";
import { countSolutions, grid, isSolution } from "./grids.ts";

function run<T>(work: Work<T>): T {
  const result = inlineHost.run(work);
  if (result instanceof Promise) throw new Error("The inline host answers at once.");
  return result;
}

describe("fillGrid", () => {
  it.each([4, 9, 16])("fills grids of scale %i by the rules", (scale) => {
    for (let seed = 0; seed < 5; seed++) {
      const filled = run(fillGrid(new PythonRandom(seed), scale));
      expect(filled).toHaveLength(scale * scale);
      expect(isSolution(filled)).toBe(true);
    }
  });

  it("begins anew where a 16x16 fill does not end", () => {
    expect(isSolution(run(fillGrid(new PythonRandom(164), 16)))).toBe(true);
  });
});

describe("generatePuzzle", () => {
  it.each([
    [4, 16],
    [9, 50],
  ])("of scale %i leaves one solution after %i attempts", (scale, attempts) => {
    for (let seed = 0; seed < 5; seed++) {
      const { solution, board } = run(generatePuzzle(new PythonRandom(seed), scale, attempts));
      expect(isSolution(solution)).toBe(true);
      expect(board.every((value, cell) => value === 0 || value === solution[cell])).toBe(true);
      expect(countSolutions([...board])).toBe(1);
    }
  });

  it("that tries every cell keeps no number that could go", () => {
    const { board } = run(generatePuzzle(new PythonRandom(1), 4, 16));
    const given = [...board.keys()].filter((cell) => board[cell] !== 0);
    for (const cell of given) expect(countSolutions([...board].with(cell, 0))).toBeGreaterThan(1);
  });

  it("draws as much for many attempts as for one", () => {
    const [one, many] = [new PythonRandom(3), new PythonRandom(3)];
    run(generatePuzzle(one, 9, 1));
    run(generatePuzzle(many, 9, 60));
    expect(one.bits32(32)).toBe(many.bits32(32));
  });
});

describe("OtherSolution", () => {
  it("finds the other way to fill a rectangle of two numbers", () => {
    // 1 and 2 can change places in rows 1 and 3, columns 1 and 2.
    const solution = "1234341221434321";
    const search = new OtherSolution(4);
    const isFound = (puzzle: string): boolean => {
      search.start(grid(puzzle), 0, 1);
      while (!search.advance(1));
      return search.isFound;
    };
    expect(isFound(`.${solution.slice(1)}`)).toBe(false);
    expect(isFound("..343412..434321")).toBe(true);
  });

  it("agrees with counting on puzzles of all kinds", () => {
    for (let seed = 0; seed < 40; seed++) {
      const { solution, board } = run(generatePuzzle(new PythonRandom(seed), 4, 1 + (seed % 12)));
      for (const cell of [...board.keys()].filter((each) => board[each] !== 0)) {
        const emptied = board.slice();
        emptied[cell] = 0;
        const search = new OtherSolution(4);
        search.start(emptied, cell, solution[cell] ?? 0);
        while (!search.advance(3));
        expect(search.isFound).toBe(countSolutions([...emptied]) > 1);
      }
    }
  });
});
