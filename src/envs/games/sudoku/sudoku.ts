/**
 * Sudoku: fill the empty cells of a grid so that every row, column and block holds each number once.
 *
 * Action       last `\boxed{row column number}` in the reply, of digits 0-9, counted from 1, one white-space character between; anything else is a format error
 * Observation  English text; reset gives the rules, a step what happened; the suffix holds the grid
 * Reward       the solution's number 1 / (empty cells at the start) · wrong, taken or outside 0 · format error -0.1
 * Ends         terminated: grid full, format error, out of turns; truncated: out of turns
 * Randomness   reset: [scale, clues, max_turns when one is null], the fill's shuffles, a shuffle of the cells; step: none; a random action: an empty cell, one of the numbers that fit
 * Source       gem-llm game:Sudoku, behaviour in docs/parity.md
 */
import { z } from "zod";
import { GAME_REWARD } from "../../../core/constants.ts";
import type { ResetResult } from "../../../core/env.ts";
import { defineFamily, type Family } from "../../../core/family.ts";
import { chain, type MaybePromise } from "../../../core/maybe-promise.ts";
import type { OptionValues } from "../../../core/options.ts";
import { Prompts } from "../../../core/prompts.ts";
import type { AttributeView } from "../../../core/seeded-env.ts";
import { lastBoxed } from "../../../text/boxed.ts";
import { MAX_DIGITS } from "../../../text/digits.ts";
import { WHITE_SPACE } from "../../../text/white-space.ts";
import { integerView } from "../../attribute-views.ts";
import { GameEnv, type Outcome, type PromptNames, type TurnState } from "../../game-env.ts";
import type { Picture } from "../../picture.ts";
import { generatePuzzle, type Puzzle } from "./generate-puzzle.ts";
import {
  emptyCells,
  emptyGrid,
  fromRows,
  pictureOf,
  renderGrid,
  SCALES,
  toRows,
  type Grid,
} from "./grid.ts";
import { numbersOf, UsedNumbers } from "./used-numbers.ts";

const LARGEST_SCALE = Math.max(...SCALES);

// Differs from upstream D03: options that no game can be played with are refused when the environment is made.
const OPTIONS = {
  clues: z
    .int()
    .min(1)
    .max(LARGEST_SCALE * LARGEST_SCALE)
    .nullable()
    .default(30)
    .describe(
      "an integer from 1 to the number of cells: how many cells a reset tries to empty; or null to draw it at each reset",
    ),
  max_turns: z
    .int()
    .min(1)
    .nullable()
    .default(100)
    .describe("a positive integer, or null to draw it at each reset"),
  scale: z
    .literal(SCALES)
    .nullable()
    .default(9)
    .describe("4, 9 or 16, or null to draw it at each reset"),
};

const PROMPTS = Prompts.define({
  rules:
    "Solve a {scale}x{scale} Sudoku within {max_turns} turns: fill every empty cell so that each row, each column and each " +
    "{block}x{block} block holds the numbers 1 to {scale} once.\n" +
    "Each turn you give one number. The puzzle has one solution, and only its numbers are accepted: a wrong number is not " +
    "written, but still takes a turn, and so does one for a cell that is filled. Dots are empty cells; rows and columns count from 1.\n" +
    "Each right number earns an equal share of 1; with the last one you win. " +
    "A reply without a valid answer loses 0.1 and ends the game.\n" +
    "Answer with row, column and number in \\boxed{{}}, for example \\boxed{{2 1 4}} to put a 4 into row 2, column 1.",
  suffix: "Grid:\n{board}\nYour next number?",
  right: "Turn {turn_count} of {max_turns}: {number} is right in row {row}, column {column}.",
  wrong: "Turn {turn_count} of {max_turns}: {number} is wrong in row {row}, column {column}.",
  taken: "Turn {turn_count} of {max_turns}: row {row}, column {column} is filled already.",
  outside: "Turn {turn_count} of {max_turns}: row, column and number must be from 1 to {scale}.",
  solved:
    "Turn {turn_count} of {max_turns}: {number} is right in row {row}, column {column}, and the grid is full. You win.",
  format_error:
    "Turn {turn_count} of {max_turns}: there is no answer such as \\boxed{{2 1 4}} in your reply. The game is over.",
  out_of_turns: "{observation} No turn is left: {empty} cells are still empty.",
});

type SudokuOptions = OptionValues<typeof OPTIONS>;

interface SudokuState extends TurnState {
  /** Rows, columns and blocks, and the largest number. */
  scale: number;
  /** How many cells the reset tried to empty. */
  clues: number;
  /** The solution. */
  full_grid: Grid;
  /** The grid as it stands. */
  board: Grid;
  /** Empty cells at the start. */
  init_num_empty: number;
}

type Goal = Pick<SudokuState, "scale" | "clues" | "max_turns">;

/** A number and its place, counted from 1; Infinity where it is very large. */
interface Entry {
  readonly row: number;
  readonly column: number;
  readonly number: number;
}

/** What null options are drawn from. */
const DRAWN_GOALS: readonly Goal[] = [
  { scale: 4, clues: 10, max_turns: 15 },
  { scale: 9, clues: 50, max_turns: 50 },
];

// Differs from upstream D01: only the digits 0-9 count, not those of other scripts.
const GRAMMAR = new RegExp(String.raw`\d+${WHITE_SPACE}\d+${WHITE_SPACE}\d+\}`, "y");

const VIEWS: Readonly<Record<string, AttributeView>> = {
  scale: { read: (scale: number) => scale },
  clues: integerView({ min: 1 }),
  max_turns: integerView({ min: 1 }),
  full_grid: {
    read: (grid: Grid) => toRows(grid),
    write: (value, { scale }: SudokuState) => fromRows(value, scale, 1),
  },
  board: {
    read: (grid: Grid) => toRows(grid),
    write: (value, { scale }: SudokuState) => fromRows(value, scale, 0),
  },
  init_num_empty: integerView({ min: 1 }),
  turn_count: integerView({ min: 0 }),
};

class SudokuEnv extends GameEnv<SudokuOptions, SudokuState, Entry, PromptNames<typeof PROMPTS>> {
  protected override state: SudokuState = {
    scale: this.options.scale ?? 4,
    clues: this.options.clues ?? 1,
    max_turns: this.options.max_turns ?? 1,
    full_grid: emptyGrid(this.options.scale ?? 4),
    board: emptyGrid(this.options.scale ?? 4),
    init_num_empty: 1,
    turn_count: 0,
  };

  protected override onReset(): MaybePromise<ResetResult> {
    const goal = this.#drawGoal();
    const work = generatePuzzle(this.random, goal.scale, goal.clues);
    return chain(this.host.run(work), (puzzle) => this.#begin(goal, puzzle));
  }

  #begin(goal: Goal, { solution, board }: Puzzle): ResetResult {
    const { scale, clues, max_turns } = goal;
    this.state = {
      scale,
      clues,
      max_turns,
      full_grid: solution,
      board,
      init_num_empty: emptyCells(board).length,
      turn_count: 0,
    };
    const fields = { scale, block: Math.sqrt(scale), max_turns };
    return [this.prompts.render("rules", fields), this.suffixInfo()];
  }

  protected override readMove(reply: string): Entry | undefined {
    const parts = lastBoxed(reply, GRAMMAR)?.split(/\D/);
    if (parts === undefined || parts.some((digits) => digits.length > MAX_DIGITS)) return undefined;
    const [row = 0, column = 0, number = 0] = parts.map(Number);
    return { row, column, number };
  }

  protected override play(entry: Entry): Outcome {
    const { scale, board, full_grid, init_num_empty } = this.state;
    const { row, column, number } = entry;
    if ([row, column, number].some((value) => value < 1 || value > scale)) {
      return this.#outcome("outside", entry, GAME_REWARD.invalidAction);
    }
    const cell = (row - 1) * scale + column - 1;
    if (board[cell] !== 0) return this.#outcome("taken", entry, GAME_REWARD.invalidAction);
    if (full_grid[cell] !== number) return this.#outcome("wrong", entry, GAME_REWARD.internalStep);
    board[cell] = number;
    const isSolved = board.every((value, i) => value === full_grid[i]);
    return this.#outcome(isSolved ? "solved" : "right", entry, 1 / init_num_empty, isSolved);
  }

  protected override runOutOfTurns(_entry: Entry, { observation, reward }: Outcome): Outcome {
    const fields = { observation, empty: emptyCells(this.state.board).length };
    return { observation: this.prompts.render("out_of_turns", fields), reward, ended: true };
  }

  protected override formatErrorText(): string {
    const { turn_count, max_turns } = this.state;
    return this.prompts.render("format_error", { turn_count, max_turns });
  }

  protected override taskSuffix(): string {
    return this.prompts.render("suffix", { board: renderGrid(this.state.board) });
  }

  protected override picture(): Picture {
    return pictureOf(this.state.board);
  }

  // Differs from upstream D36: there are no random actions there.
  protected override drawAction(): string {
    const { scale, board } = this.state;
    const empty = emptyCells(board);
    const cell = this.random.choice(empty.length === 0 ? [...board.keys()] : empty);
    const used = new UsedNumbers(scale);
    used.start(board);
    const fitting = numbersOf(used.candidates(cell));
    const number = this.random.choice(fitting.length === 0 ? numbersOf(used.all) : fitting);
    const place = [Math.floor(cell / scale) + 1, (cell % scale) + 1];
    return `\\boxed{${[...place, number].join(" ")}}`;
  }

  protected override attributeViews(): Readonly<Record<string, AttributeView>> {
    return VIEWS;
  }

  #drawGoal(): Goal {
    const { scale, clues, max_turns } = this.options;
    if (scale !== null && clues !== null && max_turns !== null) return { scale, clues, max_turns };
    // Upstream quirk Q06: one null makes all three drawn, also those that were given.
    return this.random.choice(DRAWN_GOALS);
  }

  #outcome(
    name: PromptNames<typeof PROMPTS>,
    entry: Entry,
    reward: number,
    ended = false,
  ): Outcome {
    const { turn_count, max_turns, scale } = this.state;
    const fields = { turn_count, max_turns, scale, ...entry };
    return { observation: this.prompts.render(name, fields), reward, ended };
  }
}

/** A sentence on options that do not go together, or undefined. */
function check({ scale, clues, max_turns }: SudokuOptions): string | undefined {
  if (scale === null || clues === null || max_turns === null || clues <= scale * scale) return;
  return `clues must be at most ${String(scale * scale)}, the number of cells for scale ${String(scale)}, got ${String(clues)}.`;
}

/** Sudoku. */
export const sudoku: Family = defineFamily({
  className: "SudokuEnv",
  options: OPTIONS,
  prompts: PROMPTS,
  variants: {
    // Upstream quirk Q28: clues is how many cells are tried to be emptied, not how many numbers are left.
    "game:Sudoku-v0-easy": { clues: 10, max_turns: 15, scale: 4 },
    "game:Sudoku-v0-hard": { clues: 50, max_turns: 50, scale: 9 },
    "game:Sudoku-v0-random": { clues: null, max_turns: null, scale: null },
  },
  // Differs from upstream D07: an id without a level, for the easy one.
  aliases: { "game:Sudoku-v0": "game:Sudoku-v0-easy" },
  check,
  create: (init) => new SudokuEnv(init),
});
