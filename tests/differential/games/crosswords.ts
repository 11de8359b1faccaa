import { execFileSync } from "node:child_process";
import type { Dice } from "../dice.ts";
import { findPython } from "../oracle.ts";
import { SEEDS } from "../seeds.ts";
import { box, type GameCases, type PlainState } from "./game-cases.ts";

/** Upstream's clues; its constructor ignores the option. */
const clues = upstreamClues();

/** Crosswords. */
export const crosswords: GameCases = {
  game: "Crosswords",
  cases: [
    ["game:Crosswords-v0-easy", { clues }, SEEDS],
    ["game:Crosswords-v0-hard", { clues }, SEEDS],
    ["game:Crosswords-v0-random", { clues }, SEEDS],
    ["game:Crosswords-v0-easy", { clues, num_words: null, max_turns: 8 }, SEEDS],
    ["game:Crosswords-v0-easy", { clues, num_words: 12, max_turns: 200 }, SEEDS],
    ["game:Crosswords-v0-hard", { clues, num_words: 100, max_turns: 59 }, SEEDS],
    ["game:Crosswords-v0-hard", { clues, num_words: 1, max_turns: 12 }, SEEDS],
  ],
  mixed(state, dice) {
    const board = state["board"] as string[][];
    const kind = dice.below(14);
    const row = dice.below(board.length);
    const column = dice.below(board.length);
    const letter = dice.pick(Array.from("abcdefghijKLMNOPQRSTUVWXYZ"));
    if (kind === 0) return box(`${String(board.length)} ${String(column)} ${letter}`);
    if (kind === 1)
      return box(`${String(row)}\t${"9".repeat(1 + dice.below(3000))}\u2003${letter}`);
    if (kind === 2) return box(`[${String(row)} ${String(column)} ${letter}]`);
    if (kind === 3) return box(`${String(row)} ${String(column)}`);
    if (kind === 4)
      return `\\boxed{0 0 A} so \\boxed{${String(row)} 00${String(column)}  ${letter}}, not \\boxed{1 1 AB}`;
    if (kind === 5) return box(`${String(row)} \x1c${String(column)}\u3000\n${letter}`);
    if (kind < 8) return box(`${String(row)} ${String(column)} ${letter}`);
    const cell = cellOf(state, dice, kind < 10 ? (text) => /[A-Z]/.test(text) : isHidden);
    return cell ?? box(`${String(row)} ${String(column)} ${letter}`);
  },
  winning: (state, dice) => cellOf(state, dice, isHidden),
  meets: ["some", "some terminated", "nothing terminated truncated", "some terminated truncated"],
  sampler: "unreadable",
  judged: {
    "game:Crosswords-v0-random": {
      id: "game:Crosswords-v0-random",
      kwargs: { hardcore: false, num_words: 3, max_turns: 20 },
      draws: true,
    },
  },
};

function isHidden(cell: string): boolean {
  return cell === "_";
}

/** The right letter for one of the cells of a kind. */
function cellOf(
  state: PlainState,
  dice: Dice,
  isWanted: (cell: string) => boolean,
): string | undefined {
  const board = state["board"] as string[][];
  const solution = state["solution"] as string[][];
  const wanted = board.flatMap((cells, row) =>
    cells.flatMap((cell, column) => (isWanted(cell) ? [[row, column] as const] : [])),
  );
  if (wanted.length === 0) return undefined;
  const [row, column] = dice.pick(wanted);
  return box(`${String(row)} ${String(column)} ${solution[row]?.[column] ?? ""}`);
}

/** The path of upstream's clues, which come with its package. */
function upstreamClues(): string {
  const find =
    "import importlib.util as u, os; print(os.path.join(u.find_spec('gem').submodule_search_locations[0], " +
    "'envs', 'game_env', 'crosswords', 'words_clues.jsonl'))";
  return execFileSync(findPython(), ["-c", find], { encoding: "utf8" }).trim();
}
