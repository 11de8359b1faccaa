/** Grids in tests, and checks of them that share nothing with the library. */

/** A grid from one character a cell, `.` for empty. */
export function grid(text: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(text, (character) => (character === "." ? 0 : Number(character)));
}

/** One character a cell. */
export function textOf(cells: readonly (readonly number[])[]): string {
  return cells
    .flat()
    .map((value) => (value === 0 ? "." : String(value)))
    .join("");
}

/** Whether every row, column and block holds 1 to the scale once. */
export function isSolution(cells: ArrayLike<number>): boolean {
  const scale = Math.sqrt(cells.length);
  return unitsOf(scale).every((unit) => new Set(unit.map((cell) => cells[cell])).size === scale);
}

/** How many solutions a puzzle has, tried cell by cell. */
export function countSolutions(cells: readonly number[]): number {
  const empty = cells.indexOf(0);
  if (empty === -1) return 1;
  const scale = Math.sqrt(cells.length);
  const seen = new Set(
    unitsOf(scale)
      .filter((unit) => unit.includes(empty))
      .flatMap((unit) => unit.map((cell) => cells[cell])),
  );
  let count = 0;
  for (let value = 1; value <= scale; value++) {
    if (!seen.has(value)) count += countSolutions(cells.with(empty, value));
  }
  return count;
}

/** The cells of each row, column and block. */
function unitsOf(scale: number): number[][] {
  const block = Math.sqrt(scale);
  const cells = [...Array(scale * scale).keys()];
  const row = (cell: number): number => Math.floor(cell / scale);
  const blockOf = (cell: number): number =>
    Math.floor(row(cell) / block) * block + Math.floor((cell % scale) / block);
  return [row, (cell: number) => cell % scale, blockOf].flatMap((unitOf) =>
    [...Array(scale).keys()].map((unit) => cells.filter((cell) => unitOf(cell) === unit)),
  );
}
