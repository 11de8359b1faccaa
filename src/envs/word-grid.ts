/** Words that cross each other in a square grid: laying them out, and showing the grid to players and clients. */
import type { AttributeView } from "../core/seeded-env.ts";
import { Tuple } from "../protocol/values.ts";
import type { PythonRandom } from "../random/python-random.ts";
import type { PictureCell } from "./picture.ts";

/** A cell that no word covers. */
export const UNUSED = ".";

/** Which way a word runs. */
export type Orientation = "across" | "down";

/** A word in a grid: where it starts, rows and columns counted from 0, and which way it runs. */
export interface PlacedWord {
  readonly word: string;
  readonly row: number;
  readonly column: number;
  readonly orientation: Orientation;
}

/** Words laid out in a square grid. */
export interface Layout {
  /** The cells row by row, one character each; `UNUSED` where there is no word. */
  readonly cells: string[];
  /** Those words that found a place, in the order in which they were placed. */
  readonly placed: readonly PlacedWord[];
}

/** Which crossings are drawn from: those where the word fits, or all whose start lies in the grid. */
export type Crossings = "fitting" | "all";

const ORIENTATIONS = ["across", "down"] as const;

/** The side of the grid for a longest word of so many letters: one and a half times as many. */
export function gridSide(longest: number): number {
  // Upstream quirk Q30: a half is rounded to the even neighbour.
  const below = Math.floor(1.5 * longest);
  return longest % 2 === 0 || below % 2 === 0 ? below : below + 1;
}

/**
 * Lays words out: each gets an orientation; the first goes into the middle, each further one where it crosses an earlier one of
 * the other orientation, or else where it first fits, or nowhere.
 *
 * It draws an orientation for every word, then for every word but the first a shuffle of its crossings.
 *
 * @param words the longest first, at least one, none empty
 */
export function layOut(
  words: readonly string[],
  random: PythonRandom,
  crossings: Crossings,
): Layout {
  const orientations = new Map(words.map((word) => [word, random.choice(ORIENTATIONS)]));
  const grid = new Grid(gridSide(words[0]?.length ?? 0));
  // Upstream quirk Q31: equal words share one orientation and one entry; each is written, and the last one's place counts.
  const placed = new Map<string, PlacedWord>();
  for (const [i, word] of words.entries()) {
    const orientation = orientations.get(word) ?? "across";
    const cell =
      i === 0
        ? grid.middle(word, orientation)
        : grid.findCrossing(word, orientation, placed.values(), random, crossings);
    const start = cell ?? grid.findSpace(word, orientation);
    if (start === undefined) continue;
    placed.set(word, grid.put(word, start, orientation));
  }
  return { cells: grid.cells, placed: [...placed.values()] };
}

/** A square grid of letters; a cell is its index, row by row. */
class Grid {
  readonly side: number;
  readonly cells: string[];

  constructor(side: number) {
    this.side = side;
    this.cells = new Array<string>(side * side).fill(UNUSED);
  }

  middle(word: string, orientation: Orientation): number {
    const half = Math.floor(this.side / 2);
    const before = Math.floor((this.side - word.length) / 2);
    return orientation === "across" ? half * this.side + before : before * this.side + half;
  }

  /** A cell from which the word crosses a placed one, drawn from all crossings; undefined when it fits in none. */
  findCrossing(
    word: string,
    orientation: Orientation,
    placed: Iterable<PlacedWord>,
    random: PythonRandom,
    crossings: Crossings,
  ): number | undefined {
    const starts: number[] = [];
    for (const other of placed) {
      if (other.orientation !== orientation) this.#addCrossings(starts, word, other);
    }
    const fits = (start: number): boolean => this.#fits(word, start, orientation);
    // Upstream quirk Q32: only one of the two games leaves out what does not fit before it shuffles.
    const drawn = crossings === "fitting" ? starts.filter(fits) : starts;
    random.shuffle(drawn);
    return drawn.find(fits);
  }

  /** The first cell, row by row, from which the word fits. */
  findSpace(word: string, orientation: Orientation): number | undefined {
    const start = this.cells.findIndex((_, cell) => this.#fits(word, cell, orientation));
    return start < 0 ? undefined : start;
  }

  put(word: string, start: number, orientation: Orientation): PlacedWord {
    const step = orientation === "across" ? 1 : this.side;
    for (let i = 0; i < word.length; i++) this.cells[start + i * step] = word.charAt(i);
    const row = Math.floor(start / this.side);
    return { word, row, column: start % this.side, orientation };
  }

  /** Adds the starts from which `word`, of the other orientation, has an equal letter in common with `other`. */
  #addCrossings(starts: number[], word: string, other: PlacedWord): void {
    const { side } = this;
    const isAcross = other.orientation === "down";
    for (let i = 0; i < word.length; i++) {
      for (let j = 0; j < other.word.length; j++) {
        if (word.charCodeAt(i) !== other.word.charCodeAt(j)) continue;
        const row = isAcross ? other.row + j : other.row - i;
        const column = isAcross ? other.column - i : other.column + j;
        if (row >= 0 && row < side && column >= 0 && column < side)
          starts.push(row * side + column);
      }
    }
  }

  #fits(word: string, start: number, orientation: Orientation): boolean {
    const { side, cells } = this;
    const isAcross = orientation === "across";
    const first = isAcross ? start % side : Math.floor(start / side);
    if (first + word.length > side) return false;
    const step = isAcross ? 1 : side;
    for (let i = 0; i < word.length; i++) {
      const cell = cells[start + i * step];
      if (cell !== UNUSED && cell !== word.charAt(i)) return false;
    }
    return true;
  }
}

/** The side of a square grid from its cells. */
export function sideOf(cells: string): number {
  return Math.sqrt(cells.length);
}

/** The cells that a word covers, as indices into the cells of a grid with the given side. */
export function cellsOf({ word, row, column, orientation }: PlacedWord, side: number): number[] {
  const step = orientation === "across" ? 1 : side;
  return Array.from({ length: word.length }, (_, i) => row * side + column + i * step);
}

/** The grid as lines with numbered rows and columns, a bracket around each marked cell. */
export function renderGrid(cells: string, marked: ReadonlySet<number> = new Set()): string {
  const side = sideOf(cells);
  const numbers = Array.from({ length: side }, (_, i) => String(i).padStart(2, "0"));
  const lines = [`   ${numbers.map((number) => `C${number}`).join(" ")}`];
  for (const [row, number] of numbers.entries()) {
    let line = `R${number} `;
    for (let cell = row * side; cell < (row + 1) * side; cell++) {
      const letter = cells.charAt(cell);
      line += marked.has(cell) ? `[${letter}] ` : ` ${letter}  `;
    }
    lines.push(line);
  }
  return lines.join("\n");
}

/** What is to be seen of a grid, from what is to be seen of each cell. */
export function gridPicture(
  cells: string,
  cellPicture: (letter: string, cell: number) => PictureCell,
): {
  readonly rows: PictureCell[][];
  readonly rowLabels: string[];
  readonly columnLabels: string[];
} {
  const rows = rowsOf(cells).map((row, r) =>
    row.map((letter, c) => cellPicture(letter, r * row.length + c)),
  );
  const labels = rows.map((_, i) => String(i));
  return { rows, rowLabels: labels, columnLabels: labels };
}

/** The rows of a grid, each a list of characters. */
export function rowsOf(cells: string): string[][] {
  const side = sideOf(cells);
  return Array.from({ length: side }, (_, r) => cells.slice(r * side, (r + 1) * side).split(""));
}

/** The cells of a grid, which clients see as rows; read-only. */
export const gridView: AttributeView = { read: (cells: string) => rowsOf(cells) };

/** Placed words, which clients see as a map from the word to (row, column, orientation); read-only. */
export const placedWordsView: AttributeView = {
  read: (placed: readonly PlacedWord[]) =>
    new Map(
      placed.map(({ word, row, column, orientation }) => [
        word,
        new Tuple([row, column, orientation]),
      ]),
    ),
};
