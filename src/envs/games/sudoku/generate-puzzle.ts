import type { Work } from "../../../core/host.ts";
import type { PythonRandom } from "../../../random/python-random.ts";
import { fillGrid } from "./fill.ts";
import type { Grid } from "./grid.ts";
import { OtherSolution } from "./other-solution.ts";

/** A puzzle with one solution. */
export interface Puzzle {
  readonly solution: Grid;
  readonly board: Grid;
}

/** Placements of the search between two interruptions, about 100 µs of work. */
const PLACEMENTS_PER_SLICE = 64;

/**
 * Makes a puzzle: fills a grid at random, then tries to empty so many of its cells, in random order.
 *
 * @param attempts at most scale²
 */
export function* generatePuzzle(
  random: PythonRandom,
  scale: number,
  attempts: number,
): Work<Puzzle> {
  const solution = yield* fillGrid(random, scale);
  const board = solution.slice();
  const cells = [...board.keys()];
  random.shuffle(cells);
  const search = new OtherSolution(scale);
  for (const cell of cells.reverse().slice(0, attempts)) {
    const value = solution[cell] ?? 0;
    board[cell] = 0;
    search.start(board, cell, value);
    while (!search.advance(PLACEMENTS_PER_SLICE)) yield;
    if (search.isFound) board[cell] = value;
    yield;
  }
  return { solution, board };
}
