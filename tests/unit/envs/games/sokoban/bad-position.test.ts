import { describe, expect, it } from "vitest";
import { isBad } from "../../../../../src/envs/games/sokoban/bad-position.ts";
import { cells } from "./rooms.ts";

/** Judges a drawn position; `O` and `√` are targets, `X` and `√` boxes. */
function judge(lines: readonly string[]): boolean {
  const all = cells(lines).flat();
  const where = (...codes: number[]): number[] =>
    [...all.keys()].filter((cell) => codes.includes(all[cell] ?? 0));
  const room = {
    columns: lines[0]?.length ?? 0,
    walls: Uint8Array.from(all, (cell) => (cell === 0 ? 1 : 0)),
    targets: where(2, 3),
    player: all.indexOf(5),
  };
  return isBad(room, where(3, 4), room.player);
}

describe("isBad", () => {
  it.each([
    ["walls above and below", ["#####", "#_X_#", "##_##", "#P_O#", "#####"], false],
    ["a corridor across", ["#####", "#_X_#", "#####", "#P_O#", "#####"], true],
    ["a corridor down", ["###", "#_#", "#X#", "#_#", "#P#", "#O#", "###"], true],
    ["walls above and to the left", ["####", "#X_#", "#_P#", "#_O#", "####"], false],
    ["walls below and to the right", ["####", "#OP#", "#_X#", "####"], false],
    ["walls above and to the right", ["####", "#_X#", "#P_#", "#O_#", "####"], true],
    ["walls below and to the left", ["####", "#_O#", "#X_#", "##P#", "####"], true],
    ["three walls", ["####", "#X##", "#_P#", "#_O#", "####"], true],
    ["three walls, but on a target", ["####", "#√##", "#_P#", "#__#", "####"], false],
  ])("is right about a box with %s", (_, lines, expected) => {
    expect(judge(lines)).toBe(expected);
  });

  it("refuses two boxes of which one cannot be pushed, but not one such box", () => {
    expect(judge(["######", "#√√__#", "#__P_#", "######"])).toBe(true);
    expect(judge(["######", "#√____#", "#__P_#", "######"])).toBe(false);
  });

  it("takes two boxes that can be pushed, from the player's cell too", () => {
    expect(judge(["######", "#____#", "#_√P_#", "#_√__#", "#____#", "######"])).toBe(false);
  });
});
