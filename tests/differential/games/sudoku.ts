import type { Dice } from "../dice.ts";
import { SEEDS, SLOW_SEEDS } from "../seeds.ts";
import { box, type GameCases, type PlainState } from "./game-cases.ts";

/** White space that both sides read between numbers. */
const SPACES = [" ", "\t", "\n", "\u00a0", "\u001c", "\u0085", "\u3000"];

/** Sudoku. */
export const sudoku: GameCases = {
  game: "Sudoku",
  cases: [
    ["game:Sudoku-v0-easy", {}, SEEDS],
    ["game:Sudoku-v0-hard", {}, SEEDS],
    ["game:Sudoku-v0-random", {}, SEEDS],
    ["game:Sudoku-v0-easy", { clues: 1, max_turns: 100 }, SEEDS],
    ["game:Sudoku-v0-easy", { clues: 16, max_turns: 7 }, SEEDS],
    ["game:Sudoku-v0-hard", { clues: 30, max_turns: 31 }, SEEDS],
    ["game:Sudoku-v0-hard", { scale: null, clues: 3 }, SEEDS],
    ["game:Sudoku-v0-hard", { scale: 16, clues: 20, max_turns: 40 }, SLOW_SEEDS],
  ],
  mixed(state, dice) {
    const scale = Number(state["scale"]);
    const kind = dice.below(12);
    if (kind === 0) return answer(dice.below(scale + 2), dice.below(scale + 2), dice.below(20));
    if (kind === 1) return box(`${"9".repeat(1 + dice.below(5000))} 1 1`);
    if (kind === 2) return box("1  1 1");
    if (kind < 7) return solving(state, dice) ?? answer(1, 1, 1);
    const [row, column, number] = [1, 1, 1].map((one) => String(one + dice.below(scale)));
    if (kind === 7)
      return `\\boxed{${[row, column].join(" ")}} \\boxed{0${[row, column, number].join(" 0")}} x`;
    return box([row, column, number].join(dice.pick(SPACES)));
  },
  winning: solving,
  meets: ["some", "some terminated", "all terminated", "some terminated truncated"],
  sampler: "none",
};

/** The right number for one of the empty cells, or undefined when the grid is full. */
function solving(state: PlainState, dice: Dice): string | undefined {
  const board = state["board"] as number[][];
  const right = (state["full_grid"] as number[][]).flatMap((line, row) =>
    line.flatMap((number, column) =>
      board[row]?.[column] === 0 ? [answer(row + 1, column + 1, number)] : [],
    ),
  );
  return right.length === 0 ? undefined : dice.pick(right);
}

function answer(row: number, column: number, number: number): string {
  return box([row, column, number].join(" "));
}
