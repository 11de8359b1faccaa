import type { Work } from "../../../core/host.ts";
import { GemError } from "../../../errors.ts";
import { NumpyGenerator } from "../../../random/numpy-generator.ts";
import { PythonRandom } from "../../../random/python-random.ts";
import { isBad } from "./bad-position.ts";
import { ReversePlay, type BestPosition, type SolvedRoom } from "./reverse-play.ts";
import { CELL, type Cell, type Room } from "./room.ts";
import { carve } from "./topology.ts";

/** What kind of room is wanted. */
export interface RoomPlan {
  readonly rows: number;
  readonly columns: number;
  readonly boxes: number;
  /** Steps of the walk that carves the floor. */
  readonly steps: number;
}

const MAX_ATTEMPTS = 50;
const MAX_TRIES = 1000;

/** Moves of the search between two interruptions, about 100 µs of work. */
const MOVES_PER_SLICE = 4096;

/**
 * Finds a room, the same for the same plan and seed.
 *
 * Attempt a starts a pair of generators from seed + a, which its tries share.
 *
 * @throws GEM_ENV_FAULT when no attempt finds one
 */
export function* generateRoom(plan: RoomPlan, seed: bigint): Work<Room> {
  const search = new ReversePlay(plan.rows * plan.columns, plan.columns, plan.boxes);
  for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
    const walker = new PythonRandom(seed + BigInt(attempt));
    const placer = new NumpyGenerator(seed + BigInt(attempt));
    for (let tries = 0; tries < MAX_TRIES; tries++) {
      const solved = solvedRoom(plan, walker, placer);
      if (solved !== undefined) {
        search.start(solved);
        while (!search.advance(MOVES_PER_SLICE)) yield;
        const best = search.best();
        if (best.score > 0 && !isBad(solved, best.boxes, best.player)) {
          return toRoom(plan, solved, best);
        }
      }
      yield;
    }
  }
  throw new GemError(
    "GEM_ENV_FAULT",
    `No Sokoban room of ${String(plan.rows)}x${String(plan.columns)} cells with ${String(plan.boxes)} boxes was found. ` +
      "Use a larger dim_room or fewer num_boxes.",
  );
}

/** A carved room with player and boxes on their targets, or undefined when this try fails. */
function solvedRoom(
  { rows, columns, boxes, steps }: RoomPlan,
  walker: PythonRandom,
  placer: NumpyGenerator,
): SolvedRoom | undefined {
  const walls = carve(walker, rows, columns, steps);
  const floor = [...walls.keys()].filter((cell) => walls[cell] === 0);
  if (floor.length <= boxes + 1) return undefined;
  const takeOne = (): number => floor.splice(placer.integers(floor.length), 1)[0] ?? 0;
  const player = takeOne();
  const targets = Array.from({ length: boxes }, takeOne);
  const solved = { columns, walls, targets, player };
  return isBad(solved, targets, player) ? undefined : solved;
}

function toRoom(plan: RoomPlan, solved: SolvedRoom, best: BestPosition): Room {
  const { rows, columns } = plan;
  const fixed = matrix(rows, columns, (cell) =>
    solved.walls[cell] === 1 ? CELL.wall : CELL.floor,
  );
  const at = (cell: number): Cell => [Math.floor(cell / columns), cell % columns];
  const put = (cells: number[][], cell: number, value: number): void => {
    const [row, column] = at(cell);
    cells[row]?.splice(column, 1, value);
  };
  for (const target of solved.targets) put(fixed, target, CELL.target);
  const state = structuredClone(fixed);
  for (const box of best.boxes) put(state, box, CELL.box);
  put(state, best.player, CELL.player);
  const pairs = solved.targets.map((target, box) => [target, best.boxes[box] ?? 0] as const);
  pairs.sort(([a], [b]) => a - b);
  const boxMapping = pairs.map(([target, box]) => [at(target), at(box)] as const);
  return { fixed, state, boxMapping, player: at(best.player) };
}

function matrix(rows: number, columns: number, value: (cell: number) => number): number[][] {
  return Array.from({ length: rows }, (_, r) =>
    Array.from({ length: columns }, (_, c) => value(r * columns + c)),
  );
}
