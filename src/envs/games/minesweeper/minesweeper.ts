/**
 * Minesweeper: reveal every cell of a field that holds no mine.
 *
 * Action       last `\boxed{verb row column}` in the reply, verb of letters in any case, numbers of the digits 0-9, counted from 0, one white-space character between; anything else is a format error
 * Observation  English text; reset gives the rules, a step what happened; the suffix holds the field
 * Reward       cells newly revealed / cells without a mine · a mine, a flag or an invalid move 0 · format error -0.1
 * Ends         terminated: mine revealed, last safe cell revealed with all mines flagged, format error, out of turns; truncated: out of turns
 * Randomness   reset: [rows, cols, num_mines, max_turns when one is null], the two examples in the rules; step: the mines at the first reveal
 * Source       gem-llm game:Minesweeper, behaviour in docs/parity.md
 */
import { z } from "zod";
import { GAME_REWARD } from "../../../core/constants.ts";
import type { ResetResult } from "../../../core/env.ts";
import { defineFamily, type Family } from "../../../core/family.ts";
import type { OptionValues } from "../../../core/options.ts";
import { Prompts } from "../../../core/prompts.ts";
import type { AttributeView } from "../../../core/seeded-env.ts";
import { lastBoxed } from "../../../text/boxed.ts";
import { MAX_DIGITS } from "../../../text/digits.ts";
import { WHITE_SPACE } from "../../../text/white-space.ts";
import { integerView, readMatrix } from "../../attribute-views.ts";
import { GameEnv, type Outcome, type PromptNames, type TurnState } from "../../game-env.ts";
import type { Picture } from "../../picture.ts";
import {
  emptyField,
  isSolved,
  layMines,
  MINE,
  pictureOf,
  renderField,
  revealFrom,
  roomForMines,
  toRows,
  type Field,
} from "./field.ts";

const side = z.int().min(1).max(100).nullable().default(8);
const SIDE = "an integer from 1 to 100, or null to draw it at each reset";

// Differs from upstream D03: options that no game can be played with are refused when the environment is made.
const OPTIONS = {
  rows: side.describe(SIDE),
  cols: side.describe(SIDE),
  num_mines: z
    .int()
    .min(0)
    .nullable()
    .default(10)
    .describe("an integer from 0 on, or null to draw it at each reset"),
  max_turns: z
    .int()
    .min(1)
    .nullable()
    .default(20)
    .describe("a positive integer, or null to draw it at each reset"),
};

const PROMPTS = Prompts.define({
  rules:
    "Clear a minefield of {rows} rows and {cols} columns with {num_mines} hidden mines within {max_turns} turns: reveal every cell " +
    "that holds no mine.\n" +
    "A revealed cell shows how many of the up to eight cells around it hold a mine; around a 0 they are revealed with it. " +
    "The first cell that you reveal holds no mine, and neither do the cells around it. Revealing a mine ends the game, also under a flag.\n" +
    "A flag marks a cell where you expect a mine; flagging the cell again takes the flag away. A flagged cell without a mine cannot be " +
    "revealed while it carries the flag.\n" +
    "Each cell revealed earns an equal share of 1. You win with the last of them if all mines are flagged by then, so flag the mines " +
    "first. Invalid moves earn nothing, but take a turn. A reply without a valid answer loses 0.1 and ends the game.\n" +
    "Cells: . hidden, F flagged, a digit revealed. Rows and columns count from 0.\n" +
    "Answer with reveal or flag, the row and the column in \\boxed{{}}, for example {reveal_example} or {flag_example}.",
  suffix: "Field:\n{board}\nYour move?",
  revealed:
    "Turn {turn_count} of {max_turns}: you revealed row {row}, column {column}; cells newly revealed: {count}.",
  won: "Turn {turn_count} of {max_turns}: you revealed row {row}, column {column}. All mines are flagged and all other cells revealed. You win.",
  mine: "Turn {turn_count} of {max_turns}: there is a mine in row {row}, column {column}. You lose.",
  already_revealed:
    "Turn {turn_count} of {max_turns}: row {row}, column {column} is revealed already.",
  carries_flag:
    "Turn {turn_count} of {max_turns}: row {row}, column {column} carries a flag, which you have to take away before.",
  flagged: "Turn {turn_count} of {max_turns}: row {row}, column {column} carries a flag now.",
  unflagged:
    "Turn {turn_count} of {max_turns}: row {row}, column {column} no longer carries a flag.",
  outside:
    "Turn {turn_count} of {max_turns}: rows go from 0 to {last_row}, columns from 0 to {last_column}.",
  unknown_verb: "Turn {turn_count} of {max_turns}: you can only reveal or flag a cell.",
  format_error:
    "Turn {turn_count} of {max_turns}: there is no answer such as \\boxed{{reveal 0 0}} in your reply. The game is over.",
  out_of_turns: "{observation} No turn is left: {hidden} cells without a mine are still hidden.",
});

type MinesweeperOptions = OptionValues<typeof OPTIONS>;

interface MinesweeperState extends TurnState {
  rows: number;
  cols: number;
  num_mines: number;
  grid: Field["grid"];
  revealed: Field["revealed"];
  flags: Field["flags"];
  /** Whether the mines are still to be laid. */
  first_reveal: boolean;
}

type Goal = Pick<MinesweeperState, "rows" | "cols" | "num_mines" | "max_turns">;

/** A verb, which may be none of the two, and a cell, which may be outside; Infinity where a number is very large. */
interface Move {
  readonly verb: string;
  readonly row: number;
  readonly column: number;
}

/** What a random action draws its verb from. */
const RANDOM_VERBS = [...new Array<string>(9).fill("reveal"), "flag"];

// Differs from upstream D01: only the digits 0-9 count, not those of other scripts.
const GRAMMAR = new RegExp(String.raw`[A-Za-z]+${WHITE_SPACE}\d+${WHITE_SPACE}\d+\}`, "y");

/** Cells that are 0 or 1, which clients see as rows of booleans. */
const booleansView: AttributeView = {
  read: (cells: Field["flags"], state: MinesweeperState) =>
    toRows(cells, state, (cell) => cell === 1),
  write: (value, { rows, cols }: MinesweeperState) => {
    if (!Array.isArray(value)) return undefined;
    const numbers = value.map((row: unknown) => (Array.isArray(row) ? row.map(fromBoolean) : row));
    const matrix = readMatrix(numbers, [rows, cols], { min: 0, max: 1 });
    return matrix && Uint8Array.from(matrix.flat());
  },
};

/** 0 or 1, or -1 for what is no boolean. */
function fromBoolean(value: unknown): number {
  return typeof value === "boolean" ? Number(value) : -1;
}

const VIEWS: Readonly<Record<string, AttributeView>> = {
  rows: { read: (rows: number) => rows },
  cols: { read: (cols: number) => cols },
  num_mines: { read: (count: number) => count },
  max_turns: integerView({ min: 1 }),
  grid: {
    read: (grid: Field["grid"], state: MinesweeperState) => toRows(grid, state, (cell) => cell),
    write: (value, { rows, cols }: MinesweeperState) => {
      const matrix = readMatrix(value, [rows, cols], { min: MINE, max: 8 });
      return matrix && Int8Array.from(matrix.flat());
    },
  },
  revealed: booleansView,
  flags: booleansView,
  turn_count: integerView({ min: 0 }),
};

class MinesweeperEnv extends GameEnv<
  MinesweeperOptions,
  MinesweeperState,
  Move,
  PromptNames<typeof PROMPTS>
> {
  protected override state: MinesweeperState = startState({
    rows: this.options.rows ?? 0,
    cols: this.options.cols ?? 0,
    num_mines: this.options.num_mines ?? 0,
    max_turns: this.options.max_turns ?? 1,
  });

  protected override onReset(): ResetResult {
    const goal = this.#drawGoal();
    this.state = startState(goal);
    // Upstream quirk Q04: the rules' examples are drawn from the same stream as the game.
    const reveal_example = this.#drawAnswer("reveal");
    const flag_example = this.#drawAnswer("flag");
    const rules = this.prompts.render("rules", { ...goal, reveal_example, flag_example });
    return [rules, this.suffixInfo()];
  }

  protected override readMove(reply: string): Move | undefined {
    const [verb, ...numbers] = lastBoxed(reply, GRAMMAR)?.split(/[^a-z\d]/i) ?? [];
    if (verb === undefined || numbers.some((digits) => digits.length > MAX_DIGITS))
      return undefined;
    const [row = 0, column = 0] = numbers.map(Number);
    return { verb: verb.toLowerCase(), row, column };
  }

  protected override play(move: Move): Outcome {
    const { rows, cols } = this.state;
    if (move.row >= rows || move.column >= cols) return this.#outcome("outside", move);
    if (move.verb === "reveal") return this.#reveal(move);
    return move.verb === "flag" ? this.#flag(move) : this.#outcome("unknown_verb", move);
  }

  #reveal(move: Move): Outcome {
    const { state } = this;
    const cell = move.row * state.cols + move.column;
    if (state.first_reveal) {
      // Upstream quirk Q18: the mines are laid around the first cell also when its flag forbids to reveal it.
      state.grid = layMines(this.random, state, state.num_mines, cell);
      state.first_reveal = false;
    }
    // Upstream quirk Q17: a flag does not protect from a mine; and the cell stays hidden.
    if (state.grid[cell] === MINE) return this.#outcome("mine", move, GAME_REWARD.fail, true);
    if (state.revealed[cell] === 1) return this.#outcome("already_revealed", move);
    if (state.flags[cell] === 1) return this.#outcome("carries_flag", move);
    const count = revealFrom(state, cell);
    const reward = count / (state.grid.length - state.num_mines);
    // Upstream quirk Q16: flags that are set after the last cell was revealed do not win.
    if (isSolved(state)) return this.#outcome("won", move, reward, true);
    return this.#outcome("revealed", { ...move, count }, reward);
  }

  #flag(move: Move): Outcome {
    const { revealed, flags, cols } = this.state;
    const cell = move.row * cols + move.column;
    if (revealed[cell] === 1) return this.#outcome("already_revealed", move);
    flags[cell] = flags[cell] === 1 ? 0 : 1;
    return this.#outcome(flags[cell] === 1 ? "flagged" : "unflagged", move);
  }

  protected override runOutOfTurns(_move: Move, { observation, reward }: Outcome): Outcome {
    const { revealed, num_mines } = this.state;
    const hidden = revealed.filter((cell) => cell === 0).length - num_mines;
    const text = this.prompts.render("out_of_turns", { observation, hidden });
    return { observation: text, reward, ended: true };
  }

  protected override formatErrorText(): string {
    const { turn_count, max_turns } = this.state;
    return this.prompts.render("format_error", { turn_count, max_turns });
  }

  protected override taskSuffix(): string {
    return this.prompts.render("suffix", { board: renderField(this.state) });
  }

  protected override picture(): Picture {
    return pictureOf(this.state);
  }

  protected override drawAction(): string {
    return this.#drawAnswer(this.random.choice(RANDOM_VERBS));
  }

  protected override attributeViews(): Readonly<Record<string, AttributeView>> {
    return VIEWS;
  }

  #drawGoal(): Goal {
    const { rows, cols, num_mines, max_turns } = this.options;
    if (rows !== null && cols !== null && num_mines !== null && max_turns !== null) {
      return { rows, cols, num_mines, max_turns };
    }
    // Upstream quirk Q06: one null makes all four drawn, also those that were given.
    const n = this.random.randint(5, 8);
    return { rows: n, cols: n, num_mines: Math.floor((n * n) / 5), max_turns: n * n };
  }

  /** An answer with this verb and a random cell. */
  #drawAnswer(verb: string): string {
    const { rows, cols } = this.state;
    const row = this.random.randint(0, rows - 1);
    return `\\boxed{${verb} ${String(row)} ${String(this.random.randint(0, cols - 1))}}`;
  }

  #outcome(
    name: PromptNames<typeof PROMPTS>,
    about: Move & { readonly count?: number },
    reward: number = GAME_REWARD.invalidAction,
    ended = false,
  ): Outcome {
    const { turn_count, max_turns, rows, cols } = this.state;
    const fields = { ...about, turn_count, max_turns, last_row: rows - 1, last_column: cols - 1 };
    return { observation: this.prompts.render(name, fields), reward, ended };
  }
}

function startState({ rows, cols, num_mines, max_turns }: Goal): MinesweeperState {
  const { grid, revealed, flags } = emptyField({ rows, cols });
  return {
    rows,
    cols,
    num_mines,
    max_turns,
    grid,
    revealed,
    flags,
    first_reveal: true,
    turn_count: 0,
  };
}

/** A sentence on options that do not go together, or undefined. */
function check({ rows, cols, num_mines, max_turns }: MinesweeperOptions): string | undefined {
  if (rows === null || cols === null || num_mines === null || max_turns === null) return undefined;
  // Differs from upstream D25: mines that leave no room around the first cell are refused; there laying them never ends.
  const room = roomForMines({ rows, cols });
  if (num_mines <= room) return undefined;
  return (
    `num_mines must be at most ${String(room)}, the cells of ${String(rows)} rows and ${String(cols)} columns that are neither ` +
    `the first one revealed nor next to it, got ${String(num_mines)}.`
  );
}

/** Minesweeper. */
export const minesweeper: Family = defineFamily({
  className: "MinesweeperEnv",
  options: OPTIONS,
  prompts: PROMPTS,
  variants: {
    "game:Minesweeper-v0-easy": { rows: 5, cols: 5, num_mines: 5, max_turns: 25 },
    "game:Minesweeper-v0-hard": { rows: 8, cols: 8, num_mines: 12, max_turns: 64 },
    "game:Minesweeper-v0-random": { rows: null, cols: null, num_mines: null, max_turns: null },
  },
  // Differs from upstream D07: an id without a level, for the easy one.
  aliases: { "game:Minesweeper-v0": "game:Minesweeper-v0-easy" },
  check,
  create: (init) => new MinesweeperEnv(init),
});
