/** Rooms drawn as text, for tests. */
import type { SolvedRoom } from "../../../../../src/envs/games/sokoban/reverse-play.ts";

const GLYPHS = "#_O√XP";

/** The cell codes of a drawn room. */
export function cells(drawing: readonly string[]): number[][] {
  return drawing.map((line) => Array.from(line, (glyph) => GLYPHS.indexOf(glyph)));
}

/** The drawing of cell codes. */
export function drawing(rows: readonly (readonly number[])[]): string[] {
  return rows.map((row) => row.map((cell) => GLYPHS[cell]).join(""));
}

/** A room for the search: targets are `√`, with their boxes, row by row; the player is `P`. */
export function solvedRoom(lines: readonly string[]): SolvedRoom {
  const all = cells(lines).flat();
  return {
    columns: lines[0]?.length ?? 0,
    walls: Uint8Array.from(all, (cell) => (cell === 0 ? 1 : 0)),
    targets: [...all.keys()].filter((cell) => all[cell] === 3),
    player: all.indexOf(5),
  };
}
