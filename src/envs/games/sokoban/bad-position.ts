import type { SolvedRoom } from "./reverse-play.ts";

/** Whether a room with boxes and player on these cells is refused: a box in a dead corner, or one that cannot be pushed. */
export function isBad(room: SolvedRoom, boxes: ArrayLike<number>, player: number): boolean {
  const cells = Array.from(boxes);
  const steps = [-room.columns, room.columns, -1, 1];
  const isWall = (cell: number): boolean => room.walls[cell] === 1;
  const isOpen = (cell: number): boolean => !isWall(cell) && !cells.includes(cell);
  if (cells.some((box) => !room.targets.includes(box) && isDeadCorner(box, steps, isWall))) {
    return true;
  }
  const canBePushed = (box: number): boolean =>
    steps.some((step) => isOpen(box + step) && box + step !== player && isOpen(box - step));
  return cells.length >= 2 && !cells.every(canBePushed);
}

/**
 * Whether the walls round a cell count as a corner.
 *
 * Upstream quirk Q09: of two walls, those that are neighbours in the order up, down, left, right count, and up with right. So
 * the walls of a corridor are a corner, and up with left or down with right are none.
 */
function isDeadCorner(
  cell: number,
  steps: readonly number[],
  isWall: (cell: number) => boolean,
): boolean {
  const sides = [0, 1, 2, 3].filter((side) => isWall(cell + (steps[side] ?? 0)));
  const [first = 0, second = 0] = sides;
  return sides.length > 2 || (sides.length === 2 && (second - first) % 2 === 1);
}
