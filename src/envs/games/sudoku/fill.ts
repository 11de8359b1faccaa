import type { Work } from "../../../core/host.ts";
import type { PythonRandom } from "../../../random/python-random.ts";
import { emptyGrid, type Grid } from "./grid.ts";
import { UsedNumbers } from "./used-numbers.ts";

/** Entries to cells between two interruptions, about 100 µs of work. */
const ENTRIES_PER_SLICE = 256;

/** Entries after which a fill starts anew; those of 4x4 and 9x9 grids need far fewer. */
const MAX_ENTRIES = 2 ** 20;

/** A grid filled by the rules at random. */
export function* fillGrid(random: PythonRandom, scale: number): Work<Grid> {
  const fill = new Fill(random, scale);
  while (!fill.advance(ENTRIES_PER_SLICE)) {
    yield;
    // Differs from upstream D37: some fills of 16x16 grids do not end in hours; after so many entries a new one begins.
    if (fill.entries >= MAX_ENTRIES) fill.restart();
  }
  return fill.grid;
}

/** Fills a grid cell by cell in reading order, and goes back where no number fits. */
class Fill {
  readonly grid: Grid;
  /** How often a cell was entered since the start. */
  entries = 0;
  readonly #random: PythonRandom;
  readonly #used: UsedNumbers;
  /** For each cell the numbers in the order in which they are tried. */
  readonly #orders: readonly Uint8Array[];
  /** For each cell how many of them were. */
  readonly #tried: Uint8Array;
  #cell = 0;
  #isBack = false;

  constructor(random: PythonRandom, scale: number) {
    this.grid = emptyGrid(scale);
    this.#random = random;
    this.#used = new UsedNumbers(scale);
    this.#orders = Array.from(this.grid, () => new Uint8Array(scale));
    this.#tried = new Uint8Array(this.grid.length);
  }

  /** Makes so many entries at most, and says whether the grid is full. */
  advance(entries: number): boolean {
    const end = this.entries + entries;
    while (this.#cell < this.grid.length) {
      if (this.#isBack) this.#takeBack(this.#cell);
      else if (this.entries === end) return false;
      else this.#enter(this.#cell);
      this.#isBack = !this.#putNext(this.#cell);
      this.#cell += this.#isBack ? -1 : 1;
    }
    return true;
  }

  /** Begins with an empty grid, and goes on with the random stream. */
  restart(): void {
    this.grid.fill(0);
    this.#used.start(this.grid);
    this.entries = 0;
    this.#cell = 0;
    this.#isBack = false;
  }

  #enter(cell: number): void {
    this.entries += 1;
    const order = this.#orders[cell] ?? new Uint8Array();
    for (let i = 0; i < order.length; i++) order[i] = i + 1;
    // Upstream quirk Q27: a cell that is entered again after going back is shuffled again.
    this.#random.shuffle(order);
    this.#tried[cell] = 0;
  }

  #takeBack(cell: number): void {
    this.#used.toggle(cell, 1 << (this.grid[cell] ?? 0));
    this.grid[cell] = 0;
  }

  /** Puts the cell's next number that fits, if there is one. */
  #putNext(cell: number): boolean {
    const order = this.#orders[cell] ?? new Uint8Array();
    const candidates = this.#used.candidates(cell);
    for (let i = this.#tried[cell] ?? 0; i < order.length; i++) {
      const value = order[i] ?? 0;
      if (((candidates >>> value) & 1) === 0) continue;
      this.#tried[cell] = i + 1;
      this.#used.toggle(cell, 1 << value);
      this.grid[cell] = value;
      return true;
    }
    return false;
  }
}
