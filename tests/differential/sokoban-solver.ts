import { DIRECTIONS, DIRECTION_STEPS, type Direction } from "../../src/envs/directions.ts";

const WALL = 0;
const TARGET = 2;
const BOXES = [3, 4];
const PLAYER = 5;

/** Positions after which a search gives up. */
const MAX_POSITIONS = 60_000;

interface Position {
  readonly player: number;
  readonly boxes: readonly number[];
  readonly move?: Direction;
  readonly before?: Position;
}

/** A shortest solution of a Sokoban room, or undefined when none is found among the first positions. */
export function solve(
  fixed: readonly (readonly number[])[],
  state: readonly (readonly number[])[],
): Direction[] | undefined {
  const columns = fixed[0]?.length ?? 0;
  const cells = fixed.flat();
  const now = state.flat();
  const boxes = [...now.keys()].filter((cell) => BOXES.includes(now[cell] ?? WALL));
  const queue: Position[] = [{ player: now.indexOf(PLAYER), boxes }];
  const seen = new Set<string>();
  for (const position of queue) {
    if (position.boxes.every((cell) => cells[cell] === TARGET)) return movesTo(position);
    if (queue.length > MAX_POSITIONS) return undefined;
    for (const move of DIRECTIONS) {
      const next = after(position, move, cells, columns);
      const key = next && [next.player, ...next.boxes.toSorted((a, b) => a - b)].join();
      if (next === undefined || key === undefined || seen.has(key)) continue;
      seen.add(key);
      queue.push(next);
    }
  }
  return undefined;
}

function after(
  position: Position,
  move: Direction,
  cells: readonly number[],
  columns: number,
): Position | undefined {
  const [down, right] = DIRECTION_STEPS[move];
  const step = down * columns + right;
  const to = position.player + step;
  if (cells[to] === WALL) return undefined;
  if (!position.boxes.includes(to)) return { ...position, player: to, move, before: position };
  const beyond = to + step;
  if (cells[beyond] === WALL || position.boxes.includes(beyond)) return undefined;
  const boxes = position.boxes.map((cell) => (cell === to ? beyond : cell));
  return { player: to, boxes, move, before: position };
}

function movesTo(last: Position): Direction[] {
  const moves: Direction[] = [];
  for (let at: Position | undefined = last; at?.move !== undefined; at = at.before)
    moves.push(at.move);
  return moves.reverse();
}
