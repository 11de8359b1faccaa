/**
 * Crosswords: fill the letters of crossing words from their clues.
 *
 * Action       last `\boxed{r c L}` in the reply: row, column, letter A-Z in either case, white space between; anything else is a format error
 * Observation  English text; reset gives the rules, a step what happened; the suffix holds the board and the clues
 * Reward       right letter 1 / number of letters · wrong letter, filled or unused cell, off the board 0 · format error -0.1
 * Ends         terminated: all letters filled, format error, out of turns; truncated: out of turns
 * Randomness   reset: [hardcore when an option is null], words, an orientation for each, a shuffle of each further word's crossings; step: none
 * Source       gem-llm game:Crosswords, behaviour in docs/parity.md
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
import {
  gridPicture,
  gridView,
  layOut,
  placedWordsView,
  renderGrid,
  rowsOf,
  sideOf,
  UNUSED,
  type PlacedWord,
} from "../../word-grid.ts";
import { printedClue, type Clue, type ClueSet } from "./clue-record.ts";
import { cluesOption, cluesComplaint, loadClues } from "./clues.ts";

// Differs from upstream D03: options that no game can be played with are refused when the environment is made.
const OPTIONS = {
  hardcore: z
    .boolean()
    .nullable()
    .default(false)
    .describe("false for everyday words, true for rare ones, or null to draw it at each reset"),
  max_turns: z
    .int()
    .min(1)
    .nullable()
    .default(100)
    .describe("a positive integer, or null to draw the game at each reset"),
  num_words: z
    .int()
    .min(1)
    .max(100)
    .nullable()
    .default(5)
    .describe("an integer from 1 to 100, or null to draw the game at each reset"),
  clues: cluesOption,
};

const PROMPTS = Prompts.define({
  rules:
    "Solve a crossword (words: {words}, letters: {letters}) within {max_turns} turns, one letter a turn.\n" +
    "Words run across (left to right) or down, and cross in common letters. Each clue tells which way its word runs and how long " +
    "it is. On the board _ is a letter to find and . is no part of a word; rows and columns count from 0.\n" +
    "A right letter earns 1/{letters} and stays on the board; when all are found you have earned 1 and the game ends. " +
    "A wrong letter, or a cell with nothing to find, earns nothing and takes a turn. " +
    "A reply without a valid answer loses 0.1 and ends the game.\n" +
    "Answer with row, column and letter in \\boxed{{}}, for example \\boxed{{2 3 A}} for an A in row 2, column 3.",
  suffix: "Board:\n{board}\nClues:\n{clues}\nYour next letter?",
  right: "Turn {turn_count} of {max_turns}: {letter} is right in row {row}, column {column}.",
  wrong: "Turn {turn_count} of {max_turns}: {letter} is wrong in row {row}, column {column}.",
  filled: "Turn {turn_count} of {max_turns}: row {row}, column {column} has its letter already.",
  unused: "Turn {turn_count} of {max_turns}: row {row}, column {column} is no part of a word.",
  off_board:
    "Turn {turn_count} of {max_turns}: that cell is not on the board, whose rows and columns run from 0 to {last}.",
  solved: "Turn {turn_count} of {max_turns}: all letters are found. You win.",
  format_error:
    "Turn {turn_count} of {max_turns}: there is no answer such as \\boxed{{2 3 A}} in your reply. The game is over.",
  out_of_turns: "{observation} No turn is left: {found} of {letters} letters are found.",
});

type CrosswordsOptions = OptionValues<typeof OPTIONS>;

interface CrosswordsState extends TurnState {
  hardcore: boolean;
  num_words: number;
  /** The letters of the words as in their source, row by row; `UNUSED` elsewhere. */
  solution: string;
  /** What is shown: capitals where found, `HIDDEN` where not yet. */
  board: string;
  placed_words: readonly PlacedWord[];
  /** All words that were drawn, the longest first; their places in this list are the numbers of the clues. */
  clues: readonly Clue[];
}

interface Move {
  readonly row: number;
  readonly column: number;
  /** A capital. */
  readonly letter: string;
}

/** A letter that is not found yet. */
const HIDDEN = "_";

// Differs from upstream D01: only the digits 0-9 count, not those of other scripts.
const GRAMMAR = new RegExp(`\\d+${WHITE_SPACE}+\\d+${WHITE_SPACE}+[A-Za-z]\\}`, "y");

const LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";

const boardView: AttributeView = {
  read: (board: string) => rowsOf(board),
  write: (value, { solution }: CrosswordsState) => readBoard(value, solution),
};

const VIEWS: Readonly<Record<string, AttributeView>> = {
  hardcore: { read: (hardcore: boolean) => hardcore },
  num_words: { read: (count: number) => count },
  max_turns: integerView({ min: 1 }),
  solution: gridView,
  board: boardView,
  placed_words: placedWordsView,
  clues: { read: (clues: readonly Clue[]) => new Map(clues.map(({ word, text }) => [word, text])) },
  turn_count: integerView({ min: 0 }),
};

class CrosswordsEnv extends GameEnv<
  CrosswordsOptions,
  CrosswordsState,
  Move,
  PromptNames<typeof PROMPTS>
> {
  protected override state: CrosswordsState = {
    hardcore: this.options.hardcore ?? false,
    num_words: this.options.num_words ?? 0,
    max_turns: this.options.max_turns ?? 1,
    solution: "",
    board: "",
    placed_words: [],
    clues: [],
    turn_count: 0,
  };
  /** What words are drawn from, once it is loaded: the same at every reset. */
  #clueSet: ClueSet | undefined;

  protected override onReset(): MaybePromise<ResetResult> {
    if (this.#clueSet !== undefined) return this.#begin(this.#clueSet);
    const { clues, hardcore, num_words, max_turns } = this.options;
    const level = num_words === null || max_turns === null ? null : hardcore;
    return chain(loadClues(this.id, clues, level, this.host), (set) => {
      this.#clueSet = set;
      return this.#begin(set);
    });
  }

  #begin(set: ClueSet): ResetResult {
    const { hardcore, num_words, max_turns } = this.#drawGame();
    const pool = hardcore ? set.hard : set.everyday;
    const clues = this.random
      .sample(pool, Math.min(num_words, pool.length))
      .sort((a, b) => b.word.length - a.word.length);
    const words = clues.map(({ word }) => word);
    const { cells, placed } = layOut(words, this.random, "fitting");
    const solution = cells.join("");
    this.state = {
      hardcore,
      num_words,
      max_turns,
      solution,
      board: solution.replace(/[a-z]/gi, HIDDEN),
      placed_words: placed,
      clues,
      turn_count: 0,
    };
    const fields = { words: placed.length, letters: this.#letters(), max_turns };
    return [this.prompts.render("rules", fields), this.suffixInfo()];
  }

  protected override readMove(reply: string): Move | undefined {
    const [row = "", column = "", letter = ""] =
      lastBoxed(reply, GRAMMAR)?.match(/\d+|[a-z]/gi) ?? [];
    // Differs from upstream D39: a longer number is a format error; upstream raises.
    if (letter === "" || row.length > MAX_DIGITS || column.length > MAX_DIGITS) return undefined;
    return { row: Number(row), column: Number(column), letter: letter.toUpperCase() };
  }

  protected override play(move: Move): Outcome {
    const { row, column, letter } = move;
    const { solution, board } = this.state;
    const side = sideOf(board);
    const cell = row * side + column;
    let result: PromptNames<typeof PROMPTS> = "right";
    if (row >= side || column >= side) result = "off_board";
    else if (board[cell] === UNUSED) result = "unused";
    else if (board[cell] !== HIDDEN) result = "filled";
    else if (solution[cell]?.toUpperCase() !== letter) result = "wrong";
    if (result === "right") {
      this.state.board = board.slice(0, cell) + letter + board.slice(cell + 1);
    }
    const isSolved = !this.state.board.includes(HIDDEN);
    const reward = result === "right" ? 1 / this.#letters() : GAME_REWARD.invalidAction;
    const name = isSolved && result === "right" ? "solved" : result;
    return { observation: this.#tell(name, move), reward, ended: isSolved };
  }

  protected override runOutOfTurns(_move: Move, { observation, reward }: Outcome): Outcome {
    const letters = this.#letters();
    const found = letters - count(this.state.board, HIDDEN);
    const text = this.prompts.render("out_of_turns", { observation, found, letters });
    return { observation: text, reward, ended: true };
  }

  protected override formatErrorText(): string {
    const { turn_count, max_turns } = this.state;
    return this.prompts.render("format_error", { turn_count, max_turns });
  }

  protected override taskSuffix(): string {
    const board = renderGrid(this.state.board);
    return this.prompts.render("suffix", { board, clues: this.#clueLines().join("\n") });
  }

  protected override picture(): Picture {
    const picture = gridPicture(this.state.board, (letter) => {
      if (letter === UNUSED) return { text: "", tone: "wall" };
      return letter === HIDDEN ? { text: "", tone: "plain" } : { text: letter, tone: "good" };
    });
    return { ...picture, notes: this.#clueLines() };
  }

  // Differs from upstream D38: its draws are these, but brackets in its box make it a format error.
  protected override drawAction(): string {
    const { board } = this.state;
    const hidden = [...board.matchAll(/_/g)].map(({ index }) => index);
    if (hidden.length === 0) return "\\boxed{0 0 A}";
    const side = sideOf(board);
    const cell = this.random.choice(hidden);
    const letter = this.random.choice<string>(LETTERS);
    return `\\boxed{${String(Math.floor(cell / side))} ${String(cell % side)} ${letter}}`;
  }

  protected override attributeViews(): Readonly<Record<string, AttributeView>> {
    return VIEWS;
  }

  protected override derivedNames(): readonly string[] {
    return ["total_letter_cells"];
  }

  protected override derive(): unknown {
    return this.#letters();
  }

  #drawGame(): Pick<CrosswordsState, "hardcore" | "num_words" | "max_turns"> {
    const { hardcore, num_words, max_turns } = this.options;
    if (hardcore !== null && num_words !== null && max_turns !== null) {
      return { hardcore, num_words, max_turns };
    }
    // Differs from upstream D42: hardcore may be null; there the constructor fails.
    // Upstream quirk Q06: one null makes all three drawn, also those that were given.
    return { hardcore: this.random.choice([false, true]), num_words: 3, max_turns: 20 };
  }

  /** How many letters the words have, each crossing counted once. */
  #letters(): number {
    const { solution } = this.state;
    return solution.length - count(solution, UNUSED);
  }

  /** The clues of the words on the board. */
  #clueLines(): string[] {
    const { placed_words, clues } = this.state;
    const orientations = new Map(
      placed_words.map(({ word, orientation }) => [word, orientation] as const),
    );
    return clues.flatMap(({ word, text }, i) => {
      const orientation = orientations.get(word);
      // Upstream quirk Q33: a word that found no place is left out, but counts in the numbers.
      if (orientation === undefined) return [];
      const letters = word.length === 1 ? "1 letter" : `${String(word.length)} letters`;
      return [`${String(i + 1)}. ${printedClue(text)} (${orientation}, ${letters})`];
    });
  }

  #tell(name: PromptNames<typeof PROMPTS>, { row, column, letter }: Move): string {
    const { turn_count, max_turns, board } = this.state;
    const last = sideOf(board) - 1;
    return this.prompts.render(name, { turn_count, max_turns, row, column, letter, last });
  }
}

/** How often a character occurs. */
function count(text: string, character: string): number {
  return text.split(character).length - 1;
}

/** A client's board in stored form, or undefined unless each cell is as in the solution or, where that has a letter, hidden. */
function readBoard(value: unknown, solution: string): string | undefined {
  const right = rowsOf(solution.toUpperCase());
  if (!Array.isArray(value) || value.length !== right.length) return undefined;
  const rows = value as readonly unknown[];
  const fits = right.every((row, r) => {
    const given: unknown = rows[r];
    return (
      Array.isArray(given) &&
      given.length === row.length &&
      row.every((cell, c) => given[c] === cell || (cell !== UNUSED && given[c] === HIDDEN))
    );
  });
  return fits ? rows.flat().join("") : undefined;
}

/** Crosswords. */
export const crosswords: Family = defineFamily({
  className: "CrosswordsEnv",
  options: OPTIONS,
  prompts: PROMPTS,
  variants: {
    "game:Crosswords-v0-easy": { hardcore: false, max_turns: 30, num_words: 3 },
    "game:Crosswords-v0-hard": { hardcore: true, max_turns: 40, num_words: 3 },
    "game:Crosswords-v0-random": { hardcore: null, max_turns: null, num_words: null },
  },
  // Differs from upstream D07: an id without a level, for the easy one.
  aliases: { "game:Crosswords-v0": "game:Crosswords-v0-easy" },
  check: ({ clues, hardcore, num_words, max_turns }) =>
    cluesComplaint(clues, num_words === null || max_turns === null ? null : hardcore),
  create: (init) => new CrosswordsEnv(init),
});
