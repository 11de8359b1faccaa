import { SEEDS } from "../seeds.ts";
import { box, type GameCases } from "./game-cases.ts";

/** Guess the Number. */
export const guessTheNumber: GameCases = {
  game: "GuessTheNumber",
  cases: [
    ["game:GuessTheNumber-v0-hard", {}, SEEDS],
    ["game:GuessTheNumber-v0-easy", {}, SEEDS],
    ["game:GuessTheNumber-v0-random", {}, SEEDS],
    ["game:GuessTheNumber-v0", {}, SEEDS],
    ["game:GuessTheNumber-v0-easy", { min_number: -3, max_number: 4, max_turns: 30 }, SEEDS],
    ["game:GuessTheNumber-v0-easy", { min_number: 100, max_number: null }, SEEDS],
  ],
  mixed(state, dice) {
    const min = Number(state["min_number"]);
    const max = Number(state["max_number"]);
    const kind = dice.below(10);
    if (kind === 0) return `so \\boxed{${String(state["game_number"])}} it is`;
    if (kind === 1) return box(String(max + 1 + dice.below(5)));
    if (kind === 2) return box("9".repeat(1 + dice.below(5000)));
    const number = String(Math.max(0, min + dice.below(max - min + 1)));
    if (kind === 3) return `\\boxed{0} \\boxed{00${number}} \\boxed{x} \\boxed{}`;
    return `first \\boxed{${String(max)}}, then \\boxed{${number}}.`;
  },
  winning: (state) => (state["turn_count"] === 1 ? box(String(state["game_number"])) : undefined),
  meets: ["all terminated", "some terminated truncated"],
  judged: {
    "game:GuessTheNumber-v0": {
      id: "game:GuessTheNumber-v0-easy",
      kwargs: { min_number: 1, max_number: 20, max_turns: 10 },
    },
  },
};
