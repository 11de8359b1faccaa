import type { Grid } from "./grid.ts";

/** Units (rows, columns and blocks) that a cell is in. */
const UNITS_PER_CELL = 3;

/**
 * Which numbers the rows, columns and blocks of a grid hold.
 *
 * Sets of numbers are bit sets: the number v is bit v, so they go up to 31.
 */
export class UsedNumbers {
  /** Every number of the scale. */
  readonly all: number;
  /** Units: rows first, then columns, then blocks. */
  readonly unitCount: number;
  readonly #units: Uint8Array;
  readonly #used: Uint32Array;

  constructor(scale: number) {
    this.all = 2 ** (scale + 1) - 2;
    this.unitCount = UNITS_PER_CELL * scale;
    this.#units = unitsOfCells(scale);
    this.#used = new Uint32Array(this.unitCount);
  }

  /** Counts the numbers of a grid and forgets those of before. */
  start(grid: Grid): void {
    this.#used.fill(0);
    for (let cell = 0; cell < grid.length; cell++) {
      const value = grid[cell] ?? 0;
      if (value !== 0) this.toggle(cell, 1 << value);
    }
  }

  /** One of the units of a cell; `which` is 0 for the row, 1 for the column, 2 for the block. */
  unit(cell: number, which: number): number {
    return this.#units[UNITS_PER_CELL * cell + which] ?? 0;
  }

  /** The numbers that a unit holds. */
  inUnit(unit: number): number {
    return this.#used[unit] ?? 0;
  }

  /** The numbers that no unit of the cell holds. */
  candidates(cell: number): number {
    const used = this.#used;
    const row = used[this.unit(cell, 0)] ?? 0;
    const column = used[this.unit(cell, 1)] ?? 0;
    const block = used[this.unit(cell, 2)] ?? 0;
    return this.all & ~(row | column | block);
  }

  /** Writes a number, given as its bit, into a cell, or takes the cell's number away again. */
  toggle(cell: number, bit: number): void {
    for (let which = 0; which < UNITS_PER_CELL; which++) {
      const unit = this.unit(cell, which);
      this.#used[unit] = this.inUnit(unit) ^ bit;
    }
  }
}

/** The numbers of a bit set, ascending. */
export function numbersOf(bits: number): number[] {
  const numbers: number[] = [];
  for (let rest = bits; rest !== 0; rest &= rest - 1) numbers.push(31 - Math.clz32(rest & -rest));
  return numbers;
}

function unitsOfCells(scale: number): Uint8Array {
  const block = Math.sqrt(scale);
  const units = new Uint8Array(UNITS_PER_CELL * scale * scale);
  for (let cell = 0; cell < scale * scale; cell++) {
    const row = Math.floor(cell / scale);
    const column = cell % scale;
    const inBlock = Math.floor(row / block) * block + Math.floor(column / block);
    units.set([row, scale + column, 2 * scale + inBlock], UNITS_PER_CELL * cell);
  }
  return units;
}
