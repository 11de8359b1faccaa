import { beforeEach, describe, expect, it } from "vitest";
import { BoxSets, type Boxes } from "../../../../../src/envs/games/sokoban/box-sets.ts";

const CELLS = 64;

/** Boxes on these cells, those of `pulledCells` pulled. */
function boxesOn(cells: readonly number[], pulledCells: readonly number[] = []): Boxes {
  const at = new Int32Array(CELLS).fill(-1);
  cells.forEach((cell, box) => (at[cell] = box));
  return {
    at,
    cell: Int32Array.from(cells),
    pulled: Uint8Array.from(cells, (cell) => (pulledCells.includes(cell) ? 1 : 0)),
  };
}

describe("BoxSets", () => {
  let sets: BoxSets;
  beforeEach(() => {
    sets = new BoxSets(2, CELLS);
  });

  function hash(boxes: Boxes): number {
    return boxes.cell.reduce((sum, cell, box) => sum ^ sets.code(cell, boxes.pulled[box] ?? 0), 0);
  }

  function numberOf(boxes: Boxes): number {
    return sets.number(boxes, hash(boxes));
  }

  it("knows an arrangement again, whichever box is where", () => {
    const first = numberOf(boxesOn([9, 17]));
    expect(numberOf(boxesOn([9, 18]))).not.toBe(first);
    expect(numberOf(boxesOn([17, 9]))).toBe(first);
  });

  it("tells a pulled box from one that is not", () => {
    const numbers = [[], [9], [17], [9, 17]].map((pulled) => numberOf(boxesOn([9, 17], pulled)));
    expect(new Set(numbers).size).toBe(4);
  });

  it("compares in full when two hashes are equal", () => {
    const first = sets.number(boxesOn([9, 17]), 5);
    const second = sets.number(boxesOn([9, 18]), 5);
    expect(second).not.toBe(first);
    expect(sets.number(boxesOn([9, 17]), 5)).toBe(first);
    expect(sets.number(boxesOn([18, 9]), 5)).toBe(second);
  });

  it("remembers where the player has stood for each arrangement", () => {
    const one = numberOf(boxesOn([9, 17]));
    const other = numberOf(boxesOn([9, 18]));
    expect(sets.visit(one, 40)).toBe(true);
    expect(sets.visit(one, 40)).toBe(false);
    expect(sets.visit(one, 8)).toBe(true);
    expect(sets.visit(other, 40)).toBe(true);
  });

  it("keeps its numbers and visits while it grows", () => {
    const pairs: Boxes[] = [];
    for (let a = 0; a < CELLS; a++) for (let b = 0; b < a; b++) pairs.push(boxesOn([a, b]));
    const numbers = pairs.map(numberOf);
    numbers.forEach((number, i) => sets.visit(number, i % CELLS));
    expect(new Set(numbers).size).toBe(2016);
    expect(pairs.map(numberOf)).toEqual(numbers);
    expect(numbers.some((number, i) => sets.visit(number, i % CELLS))).toBe(false);
  });

  it("forgets everything when cleared", () => {
    const boxes = boxesOn([9, 17]);
    numberOf(boxesOn([1, 2]));
    sets.visit(numberOf(boxes), 40);
    sets.clear();
    expect(numberOf(boxes)).toBe(0);
    expect(sets.visit(0, 40)).toBe(true);
  });
});
