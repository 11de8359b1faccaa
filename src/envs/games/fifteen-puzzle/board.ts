import { readMatrix } from "../../attribute-views.ts";
import { DIRECTION_STEPS, type Direction } from "../../directions.ts";
import type { Picture } from "../../picture.ts";

/** Tiles row by row, `GAP` where there is none. */
export type Board = Uint8Array<ArrayBuffer>;

/** What stands for the gap. */
export const GAP = 0;

/** The board in order: 1 to n² - 1 row by row, the gap last. */
export function goalBoard(rows: number): Board {
  const length = rows * rows;
  return Uint8Array.from({ length }, (_, cell) => tileOfGoal(cell, length));
}

/** The tile that belongs to a cell of a board of `length` cells. */
function tileOfGoal(cell: number, length: number): number {
  return cell === length - 1 ? GAP : cell + 1;
}

/**
 * Where the gap goes when a tile slides in a direction: to the other side, as it changes places with the tile.
 *
 * @returns the cell of the tile that slides, or undefined when there is none on that side of the gap
 */
export function sliding(rows: number, gap: number, direction: Direction): number | undefined {
  const [down, right] = DIRECTION_STEPS[direction];
  const row = Math.floor(gap / rows) - down;
  const column = (gap % rows) - right;
  const isInside = row >= 0 && row < rows && column >= 0 && column < rows;
  return isInside ? row * rows + column : undefined;
}

/** Moves the tile of a cell into the gap. */
export function slide(board: Board, gap: number, cell: number): void {
  board[gap] = board[cell] ?? GAP;
  board[cell] = GAP;
}

/** Which cells hold the tile, or the gap, that belongs there. */
export function cellsInPlace(board: Board): number[] {
  return [...board.keys()].filter((cell) => board[cell] === tileOfGoal(cell, board.length));
}

/**
 * Whether no sequence of moves leads to the goal.
 *
 * A move swaps two cells and takes the gap one step, so the parity of the permutation plus that of the gap's row and column
 * never changes; the goal's is even.
 */
export function isUnsolvable(board: Board): boolean {
  const rows = Math.sqrt(board.length);
  const gap = board.indexOf(GAP);
  const parity = transpositions(board) + Math.floor(gap / rows) + (gap % rows);
  return parity % 2 === 1;
}

/** How many swaps put every tile and the gap in place. */
function transpositions(board: Board): number {
  const left = board.slice();
  let swaps = 0;
  for (let cell = 0; cell < left.length; cell++) {
    for (;;) {
      const tile = left[cell] ?? GAP;
      const home = tile === GAP ? left.length - 1 : tile - 1;
      if (home === cell) break;
      left[cell] = left[home] ?? GAP;
      left[home] = tile;
      swaps += 1;
    }
  }
  return swaps;
}

/** The rows as clients see them, null for the gap. */
export function toRows(board: Board): (number | null)[][] {
  const rows = Math.sqrt(board.length);
  return Array.from({ length: rows }, (_, row) =>
    Array.from(board.subarray(row * rows, (row + 1) * rows), (tile) =>
      tile === GAP ? null : tile,
    ),
  );
}

/** A board from such rows with every tile once, or undefined when the value is none. */
export function fromRows(value: unknown, rows: number): Board | undefined {
  if (!Array.isArray(value)) return undefined;
  const numbers = (value as readonly unknown[]).map((row) =>
    Array.isArray(row) ? row.map((tile: unknown) => (tile === null ? GAP : tile)) : row,
  );
  const tiles = readMatrix(numbers, [rows, rows], { min: GAP, max: rows * rows - 1 })?.flat();
  return new Set(tiles).size === rows * rows ? Uint8Array.from(tiles ?? []) : undefined;
}

/** The rows as lines: tiles right-aligned to two, `__` for the gap, a space between, a newline after each. */
export function renderBoard(board: Board): string {
  const cellText = (tile: number | null): string =>
    tile === null ? "__" : String(tile).padStart(2);
  return toRows(board)
    .map((row) => `${row.map(cellText).join(" ")}\n`)
    .join("");
}

/** What is to be seen of a board. */
export function pictureOf(board: Board): Picture {
  const inPlace = new Set(cellsInPlace(board));
  return {
    rows: toRows(board).map((row, r) =>
      row.map((tile, c) =>
        tile === null
          ? { text: "", tone: "empty" }
          : { text: String(tile), tone: inPlace.has(r * row.length + c) ? "good" : "piece" },
      ),
    ),
  };
}
