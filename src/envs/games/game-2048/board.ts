import { readMatrix } from "../../attribute-views.ts";
import type { Direction } from "../../directions.ts";
import type { Picture } from "../../picture.ts";

/** Rows of tiles, 0 where empty. */
export type Board = number[][];

/** A board without tiles. */
export function emptyBoard(size: number): Board {
  return Array.from({ length: size }, () => new Array<number>(size).fill(0));
}

/** Whether a value is a tile: a power of two from 2 to 2^52. */
export function isTile(value: unknown): value is number {
  return (
    typeof value === "number" &&
    value >= 2 &&
    value <= 2 ** 52 &&
    Number.isInteger(Math.log2(value))
  );
}

/** A square board of tiles and zeros, or undefined when the value is none. */
export function readBoard(value: unknown, size: number): Board | undefined {
  const board = readMatrix(value, [size, size], { min: 0 });
  return board?.every((row) => row.every((tile) => tile === 0 || isTile(tile))) === true
    ? board
    : undefined;
}

/** log2 of a tile, an integer. */
export function doublings(tile: number): number {
  return Math.round(Math.log2(tile));
}

/** The largest tile, 0 on an empty board. */
export function largestTile(board: Board): number {
  return board.reduce((largest, row) => Math.max(largest, ...row), 0);
}

/** The board after a move, or undefined when the move changes nothing. */
export function slide(board: Board, direction: Direction): Board | undefined {
  const vertical = direction === "up" || direction === "down";
  const backwards = direction === "down" || direction === "right";
  const lines = vertical ? transpose(board) : board;
  const slid = lines.map((line) =>
    backwards ? slideLine(line.toReversed()).reverse() : slideLine(line),
  );
  if (slid.every((line, i) => line.every((tile, j) => tile === lines[i]?.[j]))) return undefined;
  return vertical ? transpose(slid) : slid;
}

/** A line slid towards its start; each tile merges once, those near the start first. */
function slideLine(line: readonly number[]): number[] {
  const slid: number[] = [];
  let open = 0;
  for (const tile of line) {
    if (tile === 0) continue;
    if (tile === open) {
      slid[slid.length - 1] = 2 * tile;
      open = 0;
    } else {
      slid.push(tile);
      open = tile;
    }
  }
  while (slid.length < line.length) slid.push(0);
  return slid;
}

function transpose(board: Board): Board {
  return board.map((_, c) => board.map((row) => row[c] ?? 0));
}

/** Whether any move changes the board, which holds at least one tile. */
export function canMove(board: Board): boolean {
  return board.some((row, r) =>
    row.some((tile, c) => tile === 0 || tile === row[c + 1] || tile === board[r + 1]?.[c]),
  );
}

/** The rows as lines: tiles right-aligned to four, a dot where empty, a space between. */
export function renderBoard(board: Board): string {
  return board
    .map((row) => row.map((tile) => (tile === 0 ? "." : String(tile)).padStart(4)).join(" "))
    .join("\n");
}

/** What is to be seen of a board: tiles are the warmer the nearer they are to the target. */
export function pictureOf(board: Board, target: number): Picture {
  return {
    rows: board.map((row) =>
      row.map((tile) =>
        tile === 0
          ? { text: "", tone: "empty" }
          : { text: String(tile), tone: { heat: doublings(tile) / doublings(target) } },
      ),
    ),
  };
}
