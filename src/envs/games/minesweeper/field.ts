import type { PythonRandom } from "../../../random/python-random.ts";
import type { Picture, PictureCell } from "../../picture.ts";

/** What `grid` holds for a mine. */
export const MINE = -1;

/** Rows and columns of a field. */
export interface Size {
  readonly rows: number;
  readonly cols: number;
}

/** A field; its lists hold the cells row by row. */
export interface Field extends Size {
  /** `MINE`, or how many of the up to eight neighbours are mines; all 0 until the mines are laid. */
  readonly grid: Int8Array<ArrayBuffer>;
  /** 1 where a cell is revealed, else 0. */
  readonly revealed: Uint8Array<ArrayBuffer>;
  /** 1 where a cell carries a flag, else 0. */
  readonly flags: Uint8Array<ArrayBuffer>;
}

/** A field without mines, with nothing revealed. */
export function emptyField({ rows, cols }: Size): Field {
  const cells = rows * cols;
  return {
    rows,
    cols,
    grid: new Int8Array(cells),
    revealed: new Uint8Array(cells),
    flags: new Uint8Array(cells),
  };
}

/** How many mines can be laid whichever cell is revealed first: neither there nor on its neighbours. */
export function roomForMines({ rows, cols }: Size): number {
  return rows * cols - Math.min(rows, 3) * Math.min(cols, 3);
}

/** A grid with mines at random cells, none of them `first` or next to it. */
export function layMines(
  random: PythonRandom,
  size: Size,
  mines: number,
  first: number,
): Field["grid"] {
  const { rows, cols } = size;
  const grid = new Int8Array(rows * cols);
  const kept = new Set([first, ...neighbours(size, first)]);
  // More would be looked for without end; options are checked, but a snapshot may say anything.
  let left = Math.min(mines, roomForMines(size));
  while (left > 0) {
    const row = random.randint(0, rows - 1);
    const cell = row * cols + random.randint(0, cols - 1);
    if (grid[cell] === MINE || kept.has(cell)) continue;
    grid[cell] = MINE;
    left -= 1;
  }
  return grid.map((value, cell) =>
    value === MINE ? MINE : neighbours(size, cell).filter((other) => grid[other] === MINE).length,
  );
}

/**
 * Reveals a cell, then all neighbours without a flag of every cell so revealed that has no mine next to it.
 *
 * @returns how many cells it revealed
 */
export function revealFrom(field: Field, start: number): number {
  const { grid, revealed, flags } = field;
  const open = [start];
  revealed[start] = 1;
  let count = 0;
  for (let cell = open.pop(); cell !== undefined; cell = open.pop()) {
    count += 1;
    if (grid[cell] !== 0) continue;
    for (const other of neighbours(field, cell)) {
      if (revealed[other] === 1 || flags[other] === 1) continue;
      revealed[other] = 1;
      open.push(other);
    }
  }
  return count;
}

/** Whether every mine carries a flag and every other cell is revealed. */
export function isSolved({ grid, revealed, flags }: Field): boolean {
  return grid.every((value, cell) => (value === MINE ? flags : revealed)[cell] === 1);
}

/** The up to eight cells around a cell. */
function neighbours({ rows, cols }: Size, cell: number): number[] {
  const row = Math.floor(cell / cols);
  const column = cell % cols;
  const found: number[] = [];
  for (let r = Math.max(row - 1, 0); r <= Math.min(row + 1, rows - 1); r++) {
    for (let c = Math.max(column - 1, 0); c <= Math.min(column + 1, cols - 1); c++) {
      if (r !== row || c !== column) found.push(r * cols + c);
    }
  }
  return found;
}

/** A line of column numbers and one a row, all ended by a newline; a cell is three characters wide. */
export function renderField(field: Field): string {
  const header = Array.from({ length: field.cols }, (_, column) => String(column).padStart(2));
  const lines = toRows(field.grid, field, (_, cell) => ` ${glyphAt(field, cell)} `).map(
    (cells, row) => `${String(row).padStart(2)} ${cells.join("")}\n`,
  );
  return `   ${header.join(" ")}\n${lines.join("")}`;
}

/** The items of a list of cells in rows, each changed by `convert`. */
export function toRows<T>(
  items: Int8Array | Uint8Array,
  { rows, cols }: Size,
  convert: (item: number, cell: number) => T,
): T[][] {
  return Array.from({ length: rows }, (_, row) =>
    Array.from(items.subarray(row * cols, (row + 1) * cols), (item, column) =>
      convert(item, row * cols + column),
    ),
  );
}

function glyphAt({ grid, revealed, flags }: Field, cell: number): string {
  if (revealed[cell] === 1) return grid[cell] === MINE ? "*" : String(grid[cell]);
  return flags[cell] === 1 ? "F" : ".";
}

/** What is to be seen of a field. */
export function pictureOf(field: Field): Picture {
  return {
    rows: toRows(field.grid, field, (_, cell) => pictureCell(glyphAt(field, cell))),
    rowLabels: Array.from({ length: field.rows }, (_, row) => String(row)),
    columnLabels: Array.from({ length: field.cols }, (_, column) => String(column)),
  };
}

function pictureCell(glyph: string): PictureCell {
  if (glyph === ".") return { text: "", tone: "wall" };
  if (glyph === "F") return { text: glyph, tone: "near" };
  if (glyph === "*") return { text: glyph, tone: "bad" };
  return glyph === "0" ? { text: "", tone: "empty" } : { text: glyph, tone: "plain" };
}
