import { lastBoxed } from "../text/boxed.ts";

/** The four moves, in the order in which random actions draw them and searches try them. */
export const DIRECTIONS = ["up", "down", "left", "right"] as const;

/** One of the four moves. */
export type Direction = (typeof DIRECTIONS)[number];

/** How a move changes a cell's [row, column]; rows count downwards. */
export const DIRECTION_STEPS: Readonly<Record<Direction, readonly [row: number, column: number]>> =
  {
    up: [-1, 0],
    down: [1, 0],
    left: [0, -1],
    right: [0, 1],
  };

// Differs from upstream D05: case is that of ASCII. Without the flag `u`, `i` takes no dotless or dotted i for an i.
const GRAMMAR = /(?:down|left|right|up)\}/iy;

/** The direction in the last well-formed box of a reply, capitals and small letters alike, or undefined. */
export function lastBoxedDirection(reply: string): Direction | undefined {
  const word = lastBoxed(reply, GRAMMAR, "any-case")?.toLowerCase();
  return DIRECTIONS.find((direction) => direction === word);
}
