import { readMatrix } from "../../attribute-views.ts";
import type { Picture } from "../../picture.ts";

/** Numbers row by row, 0 where empty. */
export type Grid = Uint8Array<ArrayBuffer>;

/** Side lengths of grids: squares, so that the blocks are as many as the rows. */
export const SCALES = [4, 9, 16] as const;

/** A grid without numbers. */
export function emptyGrid(scale: number): Grid {
  return new Uint8Array(scale * scale);
}

/** The cells without a number, in order. */
export function emptyCells(grid: Grid): number[] {
  return [...grid.keys()].filter((cell) => grid[cell] === 0);
}

/** The rows as lists. */
export function toRows(grid: Grid): number[][] {
  const scale = Math.sqrt(grid.length);
  return Array.from({ length: scale }, (_, row) => [
    ...grid.subarray(row * scale, (row + 1) * scale),
  ]);
}

/** A grid from lists of numbers from `min` to the scale, or undefined when the value is none. */
export function fromRows(value: unknown, scale: number, min: number): Grid | undefined {
  const rows = readMatrix(value, [scale, scale], { min, max: scale });
  return rows && Uint8Array.from(rows.flat());
}

/** The rows as lines with labels, dots where empty, blocks apart, and no newline at the end. */
export function renderGrid(grid: Grid): string {
  const scale = Math.sqrt(grid.length);
  const block = Math.sqrt(scale);
  const labels = Array.from({ length: scale }, (_, column) => {
    const label = `C${String(column + 1)}`;
    return isBlockEnd(column, block) ? `${label}  ` : label;
  });
  const lines = [`   ${labels.join(" ")}`];
  for (const [r, row] of toRows(grid).entries()) {
    const cells = row.map((value, column) => {
      const cell = ` ${value === 0 ? "." : String(value)} `;
      return isBlockEnd(column, block) && column < scale - 1 ? `${cell}| ` : cell;
    });
    lines.push(`R${String(r + 1)} ${cells.join("")}`.trimEnd());
    if (isBlockEnd(r, block) && r < scale - 1) lines.push(`   ${"- ".repeat(2 * (scale - 1))}`);
  }
  return lines.join("\n");
}

function isBlockEnd(index: number, block: number): boolean {
  return (index + 1) % block === 0;
}

/** What is to be seen of a grid. */
export function pictureOf(grid: Grid): Picture {
  const rows = toRows(grid);
  return {
    rows: rows.map((row) =>
      row.map((value) =>
        value === 0 ? { text: "", tone: "empty" } : { text: String(value), tone: "plain" },
      ),
    ),
    rowLabels: rows.map((_, row) => `R${String(row + 1)}`),
    columnLabels: rows.map((_, column) => `C${String(column + 1)}`),
    block: Math.sqrt(rows.length),
  };
}
