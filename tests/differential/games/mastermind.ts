import type { Dice } from "../dice.ts";
import { SEEDS } from "../seeds.ts";
import { box, type GameCases, type PlainState } from "./game-cases.ts";

/** White space that both sides read between numbers. */
const SPACES = [" ", "\t", "\n", "  \u00a0", "\u001c", "\u0085", "\u3000"];

/** Mastermind. */
export const mastermind: GameCases = {
  game: "Mastermind",
  cases: [
    ["game:Mastermind-v0-hard", {}, SEEDS],
    ["game:Mastermind-v0-easy", {}, SEEDS],
    ["game:Mastermind-v0-random", {}, SEEDS],
    ["game:Mastermind-v0-hard", { duplicate_numbers: true }, SEEDS],
    ["game:Mastermind-v0-easy", { code_length: 7, num_numbers: 7, max_turns: 70 }, SEEDS],
    ["game:Mastermind-v0-hard", { code_length: 6, num_numbers: 1000, max_turns: 12 }, SEEDS],
    ["game:Mastermind-v0-hard", { num_numbers: null, duplicate_numbers: true }, SEEDS],
    ["game:Mastermind-v0-easy", { code_length: 1, num_numbers: 3, max_turns: 1 }, SEEDS],
  ],
  mixed(state, dice) {
    const code = state["game_code"] as number[];
    const kind = dice.below(12);
    if (kind === 0) return `so ${box(code.join(" "))} it is`;
    if (kind === 1) return box([...code, 1].join(" "));
    if (kind === 2) return box(code.slice(1).join(" "));
    if (kind === 3) return box([...code.slice(1), "9".repeat(1 + dice.below(5000))].join(" "));
    if (kind === 4) return box([0, ...code.slice(1)].join(" "));
    if (kind === 5) return box(code.toReversed().join(dice.pick(SPACES)));
    if (kind === 6) return `${box(code.join(" 0"))} \\boxed{ 1 2} \\boxed{1, 2} \\boxed{1 2 }`;
    if (kind === 7) return box(code.map(() => code[0]).join(" "));
    return `not ${box("1 2")}, but ${box(near(state, dice).join(" "))}.`;
  },
  winning: (state, dice) => {
    const code = state["game_code"] as number[];
    const turn = Number(state["turn_count"]);
    if (turn < code.length - 1) return box(near(state, dice).join(" "));
    return turn === code.length - 1 ? box(code.join(" ")) : undefined;
  },
  meets: ["some", "some terminated", "all terminated", "nothing terminated truncated"],
};

/** A guess of the right length with about half of the numbers in their places. */
function near(state: PlainState, dice: Dice): number[] {
  const most = Number(state["num_numbers"]);
  const code = state["game_code"] as number[];
  return code.map((number) => dice.pick([number, number, 1 + dice.below(most), dice.pick(code)]));
}
