import { slide, type Board } from "../../../src/envs/games/game-2048/board.ts";
import { SEEDS } from "../seeds.ts";
import { anyDirection } from "./directions.ts";
import { box, type GameCases } from "./game-cases.ts";

/** 2048. */
export const game2048: GameCases = {
  game: "Game2048",
  cases: [
    ["game:Game2048-v0-easy", {}, SEEDS],
    ["game:Game2048-v0-hard", {}, SEEDS],
    ["game:Game2048-v0-extreme-hard", {}, SEEDS],
    ["game:Game2048-v0-random", {}, SEEDS],
    ["game:Game2048-v0-easy", { board_size: 2, max_turns: 1000 }, SEEDS],
    ["game:Game2048-v0-easy", { board_size: 5, target_tile: 8 }, SEEDS],
  ],
  mixed: (_state, dice) => anyDirection(dice),
  winning: (state) => box(greedy(state["board"] as Board)),
  meets: ["some", "some terminated", "nothing terminated", "some terminated truncated"],
};

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
