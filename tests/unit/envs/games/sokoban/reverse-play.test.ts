import { describe, expect, it } from "vitest";
import {
  ReversePlay,
  type BestPosition,
} from "../../../../../src/envs/games/sokoban/reverse-play.ts";
import { solvedRoom } from "./rooms.ts";

/** The best position from a drawn room, found in slices of `moves` moves. */
function search(lines: readonly string[], moves: number): BestPosition {
  const room = solvedRoom(lines);
  const play = new ReversePlay(room.walls.length, room.columns, room.targets.length);
  play.start(room);
  while (!play.advance(moves));
  return play.best();
}

const CORRIDOR = ["#######", "#√P___#", "#######"];

describe("ReversePlay", () => {
  it("pulls a box along a corridor: three pulls of a box three cells away", () => {
    const best = search(CORRIDOR, 1000);
    expect(best.score).toBe(9);
    expect(best.player).toBe(7 + 5);
    expect([...best.boxes]).toEqual([7 + 4]);
  });

  it("keeps the start with score 0 where no box can be pulled", () => {
    const best = search(["####", "#√P#", "####"], 1000);
    expect(best).toMatchObject({ score: 0, player: 4 + 2 });
    expect([...best.boxes]).toEqual([4 + 1]);
  });

  it("scores nothing while a target is covered", () => {
    const best = search(["#####", "#√P√#", "#####"], 1000);
    expect(best.score).toBe(0);
  });

  it("finds the same in slices of any size, and after another room", () => {
    const lines = ["########", "#√___√_#", "#_P#___#", "#______#", "#___#__#", "########"];
    const room = solvedRoom(lines);
    const expected = search(lines, 1_000_000);
    expect(search(lines, 1)).toEqual(expected);
    const play = new ReversePlay(room.walls.length, room.columns, 2);
    play.start(
      solvedRoom(["########", "#√√____#", "#____P_#", "#______#", "########", "########"]),
    );
    while (!play.advance(100));
    play.start(room);
    while (!play.advance(7));
    expect(play.best()).toEqual(expected);
    expect(expected.score).toBeGreaterThan(0);
  });
});
