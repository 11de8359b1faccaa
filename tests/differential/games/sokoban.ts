import { solve } from "../sokoban-solver.ts";
import { SEEDS, SLOW_SEEDS } from "../seeds.ts";
import { anyDirection } from "./directions.ts";
import { box, type GameCases, type PlainState } from "./game-cases.ts";

/** Sokoban. */
export const sokoban: GameCases = {
  game: "Sokoban",
  cases: [
    ["game:Sokoban-v0-easy", {}, SEEDS],
    ["game:Sokoban-v0-easy", { dim_room: [5, 7], num_boxes: 1, max_turns: 100 }, SEEDS],
    ["game:Sokoban-v0-easy", { dim_room: [7, 6], num_boxes: 3, max_turns: 40 }, SLOW_SEEDS],
    ["game:Sokoban-v0-hard", {}, SLOW_SEEDS],
    ["game:Sokoban-v0-random", {}, SLOW_SEEDS],
    ["game:Sokoban-v0-random", { num_boxes: 2, max_turns: 30 }, SEEDS],
  ],
  mixed: (_state, dice) => anyDirection(dice),
  winning: (state) => {
    const direction = solution(state)[Number(state["turn_count"])];
    return direction === undefined ? undefined : box(direction);
  },
  meets: ["all terminated", "some terminated truncated"],
};

let solved: { readonly fixed: string; readonly path: readonly string[] } | undefined;

/** The moves from the start of the episode to its end; kept until the next room. */
function solution(state: PlainState): readonly string[] {
  const fixed = JSON.stringify(state["room_fixed"]);
  if (state["turn_count"] === 0 || solved?.fixed !== fixed) {
    const path = solve(state["room_fixed"] as number[][], state["room_state"] as number[][]) ?? [];
    solved = { fixed, path };
  }
  return solved.path;
}
