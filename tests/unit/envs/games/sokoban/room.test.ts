import { describe, expect, it } from "vitest";
import { renderRoom } from "../../../../../src/envs/games/sokoban/room.ts";

describe("renderRoom", () => {
  it("draws every kind of cell", () => {
    expect(
      renderRoom([
        [0, 1, 2],
        [3, 4, 5],
      ]),
    ).toBe("# _ O\n√ X P\n");
  });

  it("draws nothing for no room", () => {
    expect(renderRoom([])).toBe("");
  });
});
