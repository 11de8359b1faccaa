/** A Sokoban room: its cells, and how it is drawn. */
import type { Picture, Tone } from "../../picture.ts";

/** What a cell holds. `box` is a box beside a target, `boxOnTarget` one that is where it belongs. */
export const CELL = { wall: 0, floor: 1, target: 2, boxOnTarget: 3, box: 4, player: 5 } as const;

const GLYPHS = ["#", "_", "O", "√", "X", "P"];

/** By what a cell holds. */
const TONES: readonly Tone[] = ["wall", "empty", "goal", "good", "piece", "player"];

/** [row, column], counted from 0. */
export type Cell = readonly [row: number, column: number];

/** A room at the start of a game. */
export interface Room {
  /** Walls, floor and targets; shape [rows][columns]. */
  readonly fixed: number[][];
  /** The same with boxes and player. */
  readonly state: number[][];
  /** Each target, row by row, and the box that was pulled away from it. */
  readonly boxMapping: readonly (readonly [target: Cell, box: Cell])[];
  readonly player: Cell;
}

/** The room as lines of glyphs with a space between, each ended by a newline; a player hides a target. */
export function renderRoom(state: readonly (readonly number[])[]): string {
  let board = "";
  for (const row of state) {
    for (let column = 0; column < row.length; column++) {
      board += (column === 0 ? "" : " ") + (GLYPHS[row[column] ?? 0] ?? "?");
    }
    board += "\n";
  }
  return board;
}

/** What is to be seen of a room. */
export function pictureOf(state: readonly (readonly number[])[]): Picture {
  const text = (cell: number): string =>
    cell === CELL.wall || cell === CELL.floor ? "" : (GLYPHS[cell] ?? "?");
  return {
    rows: state.map((row) =>
      row.map((cell) => ({ text: text(cell), tone: TONES[cell] ?? "empty" })),
    ),
  };
}
