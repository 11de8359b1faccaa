import { slide, type Board } from "../../src/envs/games/game-2048/board.ts";
import { DIRECTIONS } from "../../src/envs/directions.ts";
import type { Action, Policy } from "./run.ts";
import { solve } from "./sokoban-solver.ts";

/** Replies that no game takes, and some that look as if. */
const MALFORMED = [
  "",
  "no answer here",
  "\\boxed{}",
  "\\boxed{?}",
  "boxed{1}",
  "\\boxed {up}",
  "\\boxed{ 1 }",
  "\\boxed{-1}",
  "\\boxed{1,2}",
  "\\boxed{up",
  "\\boxed{upleft}",
  "\\boxed{00}",
  "\\boxed{s\u0131de}",
  "\ud800\\boxed{\ud800}",
];

/** A small generator of its own, so that choosing actions moves no environment's stream. */
export class Dice {
  #state: number;

  constructor(seed: number) {
    this.#state = (Math.imul(seed, 0x9e37_79b1) + 12_345) >>> 0;
  }

  /** An integer from [0, n). */
  below(n: number): number {
    this.#state = (Math.imul(this.#state, 1_664_525) + 1_013_904_223) >>> 0;
    return (this.#state >>> 8) % n;
  }

  pick<T>(items: readonly T[]): T {
    const item = items[this.below(items.length)];
    if (item === undefined) throw new Error("pick() needs an item.");
    return item;
  }
}

/** Right, wrong, repeated, out-of-range and malformed replies, and now and then the environment's own random action. */
export function mixed(seed: number): Policy {
  const dice = new Dice(seed);
  return (state) => {
    if (dice.below(20) === 0) return dice.pick(MALFORMED);
    if (dice.below(12) === 0) return 0;
    return "game_number" in state ? guess(state, dice) : move(dice);
  };
}

/** Nothing but the environment's own random actions. */
export function sampling(): Policy {
  return () => 0;
}

/** Plays to win where a simple player can, and goes on after that with mixed replies. */
export function winning(seed: number): Policy {
  const otherwise = mixed(seed);
  let path: readonly string[] | undefined;
  return (state) => {
    if ("game_number" in state) {
      return state["turn_count"] === 1 ? box(String(state["game_number"])) : otherwise(state);
    }
    if ("target_tile" in state) return box(greedy(state["board"] as Board));
    path ??= solve(state["room_fixed"] as number[][], state["room_state"] as number[][]) ?? [];
    const direction = path[Number(state["turn_count"])];
    return direction === undefined ? otherwise(state) : box(direction);
  };
}

function guess(state: Readonly<Record<string, unknown>>, dice: Dice): Action {
  const min = Number(state["min_number"]);
  const max = Number(state["max_number"]);
  const kind = dice.below(10);
  if (kind === 0) return `so \\boxed{${String(state["game_number"])}} it is`;
  if (kind === 1) return box(String(max + 1 + dice.below(5)));
  if (kind === 2) return box("9".repeat(1 + dice.below(5000)));
  const number = String(Math.max(0, min + dice.below(max - min + 1)));
  if (kind === 3) return `\\boxed{0} \\boxed{00${number}} \\boxed{x} \\boxed{}`;
  return `first \\boxed{${String(max)}}, then \\boxed{${number}}.`;
}

function move(dice: Dice): Action {
  const direction = dice.pick(DIRECTIONS);
  const kind = dice.below(15);
  if (kind === 0) return `\\BOXED{${direction.toUpperCase()}}`;
  if (kind === 1)
    return `\\boxed{${dice.pick(DIRECTIONS)}} no, \\Boxed{${direction}} \\boxed{north}`;
  return box(direction);
}

/** The move that leaves most cells empty, towards a corner when several do. */
function greedy(board: Board): string {
  const empty = (after: Board): number => after.flat().filter((tile) => tile === 0).length;
  let best = "up";
  let bestEmpty = -1;
  for (const direction of ["left", "down", "right", "up"] as const) {
    const after = slide(board, direction);
    if (after === undefined || empty(after) <= bestEmpty) continue;
    best = direction;
    bestEmpty = empty(after);
  }
  return best;
}

function box(content: string): string {
  return `\\boxed{${content}}`;
}
