import type { Dice } from "../dice.ts";
import { SEEDS } from "../seeds.ts";
import { box, type GameCases, type PlainState } from "./game-cases.ts";

/** White space that both sides read between the parts of an answer. */
const SPACES = [" ", "\t", "\n", "\u00a0", "\u001c", "\u0085", "\u3000"];

type Cell = readonly [row: number, column: number];

/** Minesweeper. */
export const minesweeper: GameCases = {
  game: "Minesweeper",
  cases: [
    ["game:Minesweeper-v0-easy", {}, SEEDS],
    ["game:Minesweeper-v0-hard", {}, SEEDS],
    ["game:Minesweeper-v0-random", {}, SEEDS],
    ["game:Minesweeper-v0-easy", { rows: 4, cols: 12, num_mines: 9, max_turns: 40 }, SEEDS],
    ["game:Minesweeper-v0-easy", { rows: 12, cols: 4, num_mines: 2, max_turns: 6 }, SEEDS],
    ["game:Minesweeper-v0-easy", { rows: 5, cols: 5, num_mines: 16, max_turns: 60 }, SEEDS],
    ["game:Minesweeper-v0-easy", { rows: 1, cols: 6, num_mines: 3, max_turns: 20 }, SEEDS],
    ["game:Minesweeper-v0-easy", { rows: 2, cols: 3, num_mines: 0, max_turns: 5 }, SEEDS],
    ["game:Minesweeper-v0-hard", { cols: null }, SEEDS],
  ],
  mixed(state, dice) {
    const rows = Number(state["rows"]);
    const cols = Number(state["cols"]);
    const kind = dice.below(14);
    const [row, column]: Cell = [dice.below(rows), dice.below(cols)];
    if (kind === 0) return box(`reveal ${String(row + rows)} ${String(column)}`);
    if (kind === 1) return box(`flag ${String(row)} ${String(column + cols)}`);
    if (kind === 2) return box(`flag 1 ${"0".repeat(dice.below(5000))}1`);
    if (kind === 3) return box(`open ${String(row)} ${String(column)}`);
    if (kind === 4) return box(`dig ${String(rows)} ${String(column)}`);
    if (kind === 5) return box(["Reveal", row, `0${String(column)}`].join(dice.pick(SPACES)));
    if (kind === 6) return `${box(`FLAG ${String(row)} ${String(column)}`)} \\boxed{reveal 1  1}`;
    if (kind === 7) return box(`reveal ${String(row)} ${String(column)}`);
    if (kind < 10) return box(`flag ${String(row)} ${String(column)}`);
    return safe(state, dice) ?? box(`reveal ${String(row)} ${String(column)}`);
  },
  winning: (state, dice) =>
    state["first_reveal"] === true ? safe(state, dice) : (flag(state) ?? safe(state, dice)),
  meets: [
    "some",
    "some terminated",
    "all terminated",
    "nothing terminated",
    "some terminated truncated",
    "nothing terminated truncated",
  ],
};

/** Flags a mine that has no flag, or takes away one that is wrong. */
function flag(state: PlainState): string | undefined {
  const flags = state["flags"] as boolean[][];
  const cell = find(state, ([row, column], value) => (value === -1) !== flags[row]?.[column])[0];
  return cell && box(`flag ${cell.join(" ")}`);
}

/** Reveals a hidden cell without a mine. */
function safe(state: PlainState, dice: Dice): string | undefined {
  const revealed = state["revealed"] as boolean[][];
  const cells = find(state, ([row, column], value) => value !== -1 && !revealed[row]?.[column]);
  return cells.length === 0 ? undefined : box(`reveal ${dice.pick(cells).join(" ")}`);
}

function find(state: PlainState, isWanted: (cell: Cell, value: number) => boolean): Cell[] {
  return (state["grid"] as number[][]).flatMap((line, row) =>
    line.flatMap((value, column): Cell[] =>
      isWanted([row, column], value) ? [[row, column]] : [],
    ),
  );
}
