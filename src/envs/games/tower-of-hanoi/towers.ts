import type { Picture, PictureCell } from "../../picture.ts";

/** The towers' names, from the first to the one where the disks go. */
export const TOWERS = ["A", "B", "C"] as const;

/** A tower's name. */
export type Tower = (typeof TOWERS)[number];

/** The sizes of each tower's disks from bottom to top. */
export type Board = Record<Tower, number[]>;

/** A turn: the top disk of one tower is put on another, or on the same. */
export interface Move {
  readonly source: Tower;
  readonly target: Tower;
}

/** From each tower to each other one. */
const MOVES: readonly Move[] = TOWERS.flatMap((source) =>
  TOWERS.filter((target) => target !== source).map((target) => ({ source, target })),
);

/** All disks on the first tower. */
export function startBoard(disks: number): Board {
  return { A: Array.from({ length: disks }, (_, i) => disks - i), B: [], C: [] };
}

/** Whether a disk may be put on a tower, or is its top one. */
export function fits(disk: number, tower: readonly number[]): boolean {
  return disk <= (tower.at(-1) ?? Infinity);
}

/** The moves from one tower to another that the rules allow, in the order of their names; with a disk there is one. */
export function possibleMoves(board: Board): readonly Move[] {
  return MOVES.filter(({ source, target }) => {
    const disk = board[source].at(-1);
    return disk !== undefined && fits(disk, board[target]);
  });
}

/** A line a tower: its sizes from bottom to top, ended by a newline. */
export function renderBoard(board: Board): string {
  return TOWERS.map((tower) => `${tower}: [${board[tower].join(", ")}]\n`).join("");
}

/** The towers of a value that holds each disk once and none on a smaller one, or undefined when it does not. */
export function readBoard(value: unknown, disks: number): Board | undefined {
  if (typeof value !== "object" || value === null) return undefined;
  const given = new Map<string, unknown>(Object.entries(value));
  const [A, B, C] = TOWERS.map((tower) => readTower(given.get(tower)));
  if (given.size !== TOWERS.length || !A || !B || !C) return undefined;
  const sizes = [...A, ...B, ...C].sort((a, b) => a - b);
  return sizes.length === disks && sizes.every((size, i) => size === i + 1)
    ? { A, B, C }
    : undefined;
}

/** Sizes that fall from bottom to top. */
function readTower(value: unknown): number[] | undefined {
  if (!Array.isArray(value)) return undefined;
  const tower = value.filter((disk): disk is number => typeof disk === "number");
  const falls = tower.every((disk, i) => i === 0 || disk < (tower[i - 1] ?? 0));
  return falls && tower.length === value.length ? tower : undefined;
}

/** What is to be seen of the towers: a column each, as high as there are disks. */
export function pictureOf(board: Board, disks: number): Picture {
  const cell = (disk: number | undefined): PictureCell =>
    disk === undefined
      ? { text: "", tone: "empty" }
      : { text: String(disk), tone: { heat: disk / disks } };
  return {
    rows: Array.from({ length: disks }, (_, row) =>
      TOWERS.map((tower) => cell(board[tower][disks - 1 - row])),
    ),
    columnLabels: TOWERS,
  };
}
