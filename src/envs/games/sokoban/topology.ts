import type { PythonRandom } from "../../../random/python-random.ts";

/** [row, column] of each turn the walk may take. */
const TURNS = [
  [1, 0],
  [0, 1],
  [-1, 0],
  [0, -1],
] as const;

const TURN_PROBABILITY = 0.35;

/** Cells round the walker's own, as [row, column], that become floor: the ones of a 3x3 pattern, row by row. */
const BRUSHES = ["000111000", "010010010", "000110010", "000110110", "000011010"].map((pattern) =>
  Array.from(pattern, (bit, i) => ({ bit, offset: [Math.floor(i / 3) - 1, (i % 3) - 1] as const }))
    .filter(({ bit }) => bit === "1")
    .map(({ offset }) => offset),
);

/** Carves floor by a random walk: 1 for each cell that stays wall, row by row; the border is wall. */
export function carve(
  random: PythonRandom,
  rows: number,
  columns: number,
  steps: number,
): Uint8Array {
  const walls = new Uint8Array(rows * columns).fill(1);
  let turn = pick(random, TURNS);
  let row = random.randint(1, rows - 1);
  let column = random.randint(1, columns - 1);
  for (let step = 0; step < steps; step++) {
    if (random.random() < TURN_PROBABILITY) turn = pick(random, TURNS);
    row = clamp(row + turn[0], rows - 2);
    column = clamp(column + turn[1], columns - 2);
    for (const [r, c] of pick(random, BRUSHES)) walls[(row + r) * columns + column + c] = 0;
  }
  return walls.map((wall, cell) => (isBorder(cell, rows, columns) ? 1 : wall));
}

/** One item, drawn as `sample(items, 1)` draws it. */
function pick<T>(random: PythonRandom, items: readonly T[]): T {
  return random.choice(items);
}

function clamp(position: number, last: number): number {
  return Math.max(1, Math.min(position, last));
}

function isBorder(cell: number, rows: number, columns: number): boolean {
  const row = Math.floor(cell / columns);
  const column = cell % columns;
  return row === 0 || row === rows - 1 || column === 0 || column === columns - 1;
}
