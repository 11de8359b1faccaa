import type { Grid } from "./grid.ts";
import { UsedNumbers } from "./used-numbers.ts";

/**
 * Searches a puzzle for a solution that has another number in one cell than the known one.
 *
 * When the puzzle had one solution while that cell was filled, this answers whether it still has only one without it: any
 * further solution differs there. The search tries the cell or number with fewest choices first, and stops at the first
 * solution.
 */
export class OtherSolution {
  /** Whether there is such a solution; final when `advance` says so. */
  isFound = false;
  readonly #used: UsedNumbers;
  /** The empty cells, those that have a number now first. */
  readonly #cells: Uint16Array;
  /** For each of these the numbers that are left to try. */
  readonly #left: Uint32Array;
  /** For each of these that has a number its bit. */
  readonly #put: Uint32Array;
  /** For each unit the numbers that fit in one of its empty cells at least, and in two at least. */
  readonly #once: Uint32Array;
  readonly #twice: Uint32Array;
  #count = 0;
  #depth = 0;

  constructor(scale: number) {
    this.#used = new UsedNumbers(scale);
    this.#cells = new Uint16Array(scale * scale);
    this.#left = new Uint32Array(scale * scale);
    this.#put = new Uint32Array(scale * scale);
    this.#once = new Uint32Array(this.#used.unitCount);
    this.#twice = new Uint32Array(this.#used.unitCount);
  }

  /** Starts with a puzzle whose cell `cell` is empty, and whose known solution has `value` there. */
  start(puzzle: Grid, cell: number, value: number): void {
    this.isFound = false;
    this.#used.start(puzzle);
    this.#cells[0] = cell;
    this.#count = 1;
    for (let other = 0; other < puzzle.length; other++) {
      if (puzzle[other] === 0 && other !== cell) this.#cells[this.#count++] = other;
    }
    this.#depth = 0;
    this.#left[0] = this.#used.candidates(cell) & ~(1 << value);
  }

  /** Makes so many placements at most, and says whether the search has ended. */
  advance(placements: number): boolean {
    for (let made = 0; made < placements;) {
      const left = this.#left[this.#depth] ?? 0;
      if (left === 0) {
        if (this.#depth === 0) return true;
        this.#depth -= 1;
        this.#used.toggle(this.#cells[this.#depth] ?? 0, this.#put[this.#depth] ?? 0);
        continue;
      }
      made += 1;
      const bit = left & -left;
      this.#left[this.#depth] = left ^ bit;
      this.#put[this.#depth] = bit;
      this.#used.toggle(this.#cells[this.#depth] ?? 0, bit);
      this.#depth += 1;
      if (this.#depth === this.#count) {
        this.isFound = true;
        return true;
      }
      this.#chooseNext();
    }
    return false;
  }

  /** Puts the empty cell with fewest candidates next in turn. */
  #chooseNext(): void {
    let best = this.#depth;
    let bestBits = 0;
    let fewest = Infinity;
    for (let i = this.#depth; i < this.#count && fewest > 1; i++) {
      const bits = this.#used.candidates(this.#cells[i] ?? 0);
      const count = countBits(bits);
      if (count >= fewest) continue;
      fewest = count;
      best = i;
      bestBits = bits;
    }
    this.#setNext(best, bestBits);
    if (fewest > 1) this.#chooseOnlyPlace();
  }

  /** Where a number fits in a single cell of a unit, puts that next in turn; where it fits in none, goes back. */
  #chooseOnlyPlace(): void {
    this.#countPlaces();
    for (let unit = 0; unit < this.#used.unitCount; unit++) {
      if (((this.#once[unit] ?? 0) | this.#used.inUnit(unit)) === this.#used.all) continue;
      this.#left[this.#depth] = 0;
      return;
    }
    for (let i = this.#depth; i < this.#count; i++) {
      const cell = this.#cells[i] ?? 0;
      const only =
        this.#used.candidates(cell) &
        (this.#onlyOnce(this.#used.unit(cell, 0)) |
          this.#onlyOnce(this.#used.unit(cell, 1)) |
          this.#onlyOnce(this.#used.unit(cell, 2)));
      if (only === 0) continue;
      // Two numbers that both have their only place here leave no solution.
      this.#setNext(i, countBits(only) === 1 ? only : 0);
      return;
    }
  }

  #countPlaces(): void {
    this.#once.fill(0);
    this.#twice.fill(0);
    for (let i = this.#depth; i < this.#count; i++) {
      const cell = this.#cells[i] ?? 0;
      const bits = this.#used.candidates(cell);
      for (let which = 0; which < 3; which++) {
        const unit = this.#used.unit(cell, which);
        const once = this.#once[unit] ?? 0;
        this.#twice[unit] = (this.#twice[unit] ?? 0) | (once & bits);
        this.#once[unit] = once | bits;
      }
    }
  }

  #onlyOnce(unit: number): number {
    return (this.#once[unit] ?? 0) & ~(this.#twice[unit] ?? 0);
  }

  /** Puts the cell at index `i` of the empty ones next in turn, with the numbers to try. */
  #setNext(i: number, bits: number): void {
    const cell = this.#cells[i] ?? 0;
    this.#cells[i] = this.#cells[this.#depth] ?? 0;
    this.#cells[this.#depth] = cell;
    this.#left[this.#depth] = bits;
  }
}

function countBits(bits: number): number {
  let count = 0;
  for (let rest = bits; rest !== 0; rest &= rest - 1) count += 1;
  return count;
}
