import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { carve } from "../../../../../src/envs/games/sokoban/topology.ts";
import { PythonRandom } from "../../../../../src/random/python-random.ts";

describe("carve", () => {
  it("carves floor and leaves the border", () => {
    const size = fc.integer({ min: 4, max: 12 });
    fc.assert(
      fc.property(size, size, fc.nat(), (rows, columns, seed) => {
        const walls = carve(new PythonRandom(seed), rows, columns, 10);
        expect(walls).toHaveLength(rows * columns);
        expect(walls.includes(0)).toBe(true);
        const border = [...walls.keys()].filter((cell) => {
          const [row, column] = [Math.floor(cell / columns), cell % columns];
          return row % (rows - 1) === 0 || column % (columns - 1) === 0;
        });
        expect(border.every((cell) => walls[cell] === 1)).toBe(true);
      }),
    );
  });

  it("leaves only walls when it takes no step", () => {
    expect(carve(new PythonRandom(0), 4, 4, 0).every((wall) => wall === 1)).toBe(true);
  });
});
