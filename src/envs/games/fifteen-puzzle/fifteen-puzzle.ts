/**
 * Fifteen puzzle: slide the tiles of a square board with one gap until they are in order.
 *
 * Action       last `\boxed{d}` in the reply, d one of up, down, left, right in small letters: where a tile beside the gap slides; anything else is a format error
 * Observation  English text; reset gives the rules, a step what happened; the suffix holds the board
 * Reward       in order 1 · any other move 0 · format error -0.1 · last turn: share of cells in place, the gap's included
 * Ends         terminated: in order, format error, out of turns; truncated: out of turns
 * Randomness   reset: [num_rows and max_turns when one is null], then mc_rand_moves moves from the goal, or a shuffle and, if its parity is odd, two tiles to swap; step: none
 * Source       gem game:FifteenPuzzle of upstream's repository (later than gem-llm 0.1.0), behaviour in docs/parity.md
 */
import { z } from "zod";
import { GAME_REWARD } from "../../../core/constants.ts";
import type { ResetResult } from "../../../core/env.ts";
import { defineFamily, type Family } from "../../../core/family.ts";
import { chain, type MaybePromise } from "../../../core/maybe-promise.ts";
import type { OptionValues } from "../../../core/options.ts";
import { Prompts } from "../../../core/prompts.ts";
import type { AttributeView } from "../../../core/seeded-env.ts";
import { GemError, show } from "../../../errors.ts";
import { Tuple } from "../../../protocol/values.ts";
import { lastBoxed } from "../../../text/boxed.ts";
import { integerView } from "../../attribute-views.ts";
import { DIRECTIONS, type Direction } from "../../directions.ts";
import { GameEnv, type Outcome, type PromptNames, type TurnState } from "../../game-env.ts";
import type { Picture } from "../../picture.ts";
import {
  cellsInPlace,
  fromRows,
  GAP,
  goalBoard,
  isUnsolvable,
  pictureOf,
  renderBoard,
  slide,
  sliding,
  toRows,
  type Board,
} from "./board.ts";
import { deal, walkFromGoal } from "./scramble.ts";

// Differs from upstream D03: options that no game can be played with are refused when the environment is made.
const OPTIONS = {
  max_turns: z
    .int()
    .min(1)
    .nullable()
    .default(20)
    .describe("a positive integer, or null to draw it at each reset"),
  // Differs from upstream D34: num_rows may be null too; there the constructor fails.
  num_rows: z
    .int()
    .min(2)
    .max(16)
    .nullable()
    .default(2)
    .describe("an integer from 2 to 16, or null to draw it at each reset"),
  init_algo: z
    .enum(["monte_carlo", "pure_random"])
    .default("monte_carlo")
    .describe(
      '"monte_carlo" (random moves from the goal) or "pure_random" (any board that can be solved)',
    ),
  mc_rand_moves: z
    .int()
    .min(1)
    .max(1_000_000)
    .default(100)
    .describe("an integer from 1 to 1000000: the moves of init_algo monte_carlo"),
};

const PROMPTS = Prompts.define({
  rules:
    "Solve a sliding puzzle on a {num_rows}x{num_rows} board within {max_turns} turns: bring the tiles 1 to {greatest_num} in " +
    "order, row by row from the top left, with the gap (__) at the bottom right.\n" +
    "A turn slides one tile beside the gap into it. You name the direction in which the tile slides: up moves the tile below the " +
    "gap, down the one above it, left the one to its right, right the one to its left. A move without such a tile changes nothing " +
    "and still takes a turn.\n" +
    "Bringing all in order earns 1 and ends the game. If no turn is left, you earn the share of cells that are as in the goal. " +
    "A reply without a valid answer loses 0.1 and ends the game.\n" +
    "Answer with up, down, left or right in \\boxed{{}}, for example \\boxed{{up}}.",
  suffix: "Board:\n{board}\nYour move?",
  moved: "Turn {turn_count} of {max_turns}: you moved {tile} {direction}.",
  impossible: "Turn {turn_count} of {max_turns}: there is no tile that can slide {direction}.",
  solved:
    "Turn {turn_count} of {max_turns}: you moved {tile} {direction}, and all tiles are in order. You win.",
  format_error:
    "Turn {turn_count} of {max_turns}: there is no answer such as \\boxed{{left}} in your reply. The game is over.",
  out_of_turns: "{observation} No turn is left: {in_place} of {cells} cells are as in the goal.",
});

type PuzzleOptions = OptionValues<typeof OPTIONS>;

interface PuzzleState extends TurnState {
  /** Rows, and columns, of the board. */
  num_rows: number;
  board: Board;
}

type Size = Pick<PuzzleState, "num_rows" | "max_turns">;

/** What null options are drawn from. */
const DRAWN_SIZES: readonly Size[] = [
  { num_rows: 2, max_turns: 10 },
  { num_rows: 3, max_turns: 20 },
  { num_rows: 4, max_turns: 50 },
];

// Upstream quirk Q29: capitals are format errors, unlike in the other games that are played with directions.
const GRAMMAR = /(?:down|left|right|up)\}/y;

const VIEWS: Readonly<Record<string, AttributeView>> = {
  max_turns: integerView({ min: 1 }),
  num_rows: { read: (rows: number) => rows },
  board: {
    read: (board: Board) => toRows(board),
    write: (value, { num_rows }: PuzzleState) => fromRows(value, num_rows),
  },
  turn_count: integerView({ min: 0 }),
};

const DERIVED = ["greatest_num", "goal_board", "goal_parity", "init_algo", "mc_rand_moves"];

const METHODS = [
  "_generate_goal_board",
  "_get_empty_position",
  "_is_solvable",
  "_is_solved",
  "_move",
];

class FifteenPuzzleEnv extends GameEnv<
  PuzzleOptions,
  PuzzleState,
  Direction,
  PromptNames<typeof PROMPTS>
> {
  protected override state: PuzzleState = {
    num_rows: this.options.num_rows ?? 0,
    max_turns: this.options.max_turns ?? 1,
    board: goalBoard(this.options.num_rows ?? 0),
    turn_count: 0,
  };

  protected override onReset(): MaybePromise<ResetResult> {
    const size = this.#drawSize();
    return chain(this.#newBoard(size.num_rows), (board) => {
      this.state = { ...size, board, turn_count: 0 };
      const fields = { ...size, greatest_num: greatestTile(size) };
      return [this.prompts.render("rules", fields), this.suffixInfo()];
    });
  }

  // Differs from upstream D33: boards are made as its repository does now; gem-llm 0.1.0 only shuffles, so half cannot be solved.
  #newBoard(rows: number): MaybePromise<Board> {
    const { init_algo, mc_rand_moves } = this.options;
    if (init_algo === "pure_random") return deal(this.random, rows);
    return this.host.run(walkFromGoal(this.random, rows, mc_rand_moves));
  }

  protected override readMove(reply: string): Direction | undefined {
    const word = lastBoxed(reply, GRAMMAR);
    return DIRECTIONS.find((direction) => direction === word);
  }

  protected override play(direction: Direction): Outcome {
    const { board, num_rows } = this.state;
    const gap = board.indexOf(GAP);
    const cell = sliding(num_rows, gap, direction);
    if (cell === undefined) {
      return this.#outcome("impossible", { direction }, GAME_REWARD.invalidAction);
    }
    const fields = { direction, tile: board[cell] ?? GAP };
    slide(board, gap, cell);
    if (cellsInPlace(board).length === board.length) {
      return this.#outcome("solved", fields, GAME_REWARD.success, true);
    }
    return this.#outcome("moved", fields, GAME_REWARD.internalStep);
  }

  protected override runOutOfTurns(_direction: Direction, { observation }: Outcome): Outcome {
    const cells = this.state.board.length;
    const inPlace = cellsInPlace(this.state.board);
    const fields = { observation, in_place: inPlace.length, cells };
    // Added one by one, because a sum of rounded shares is not always the rounded product.
    const reward = inPlace.reduce((sum) => sum + 1 / cells, 0);
    return { observation: this.prompts.render("out_of_turns", fields), reward, ended: true };
  }

  protected override formatErrorText(): string {
    const { turn_count, max_turns } = this.state;
    return this.prompts.render("format_error", { turn_count, max_turns });
  }

  protected override taskSuffix(): string {
    return this.prompts.render("suffix", { board: renderBoard(this.state.board) });
  }

  protected override picture(): Picture {
    return pictureOf(this.state.board);
  }

  protected override drawAction(): string {
    // Differs from upstream D35: the word stands in a box; upstream's own random actions are format errors to it.
    return `\\boxed{${this.random.choice(DIRECTIONS)}}`;
  }

  protected override attributeViews(): Readonly<Record<string, AttributeView>> {
    return VIEWS;
  }

  protected override derivedNames(): readonly string[] {
    return DERIVED;
  }

  protected override derive(name: string): unknown {
    if (name === "greatest_num") return greatestTile(this.state);
    if (name === "goal_board") return toRows(goalBoard(this.state.num_rows));
    // The goal's parity, which is even: that of every board that can be solved.
    if (name === "goal_parity") return 0;
    return name === "init_algo" ? this.options.init_algo : this.options.mc_rand_moves;
  }

  override methodNames(): readonly string[] {
    return [...super.methodNames(), ...METHODS];
  }

  // What upstream's tests call; `_move` slides a tile without taking a turn.
  override callMethod(name: string, args: readonly unknown[]): unknown {
    const { board, num_rows } = this.state;
    if (name === "_generate_goal_board") return toRows(goalBoard(num_rows));
    if (name === "_is_solved") return cellsInPlace(board).length === board.length;
    if (name === "_get_empty_position") {
      const gap = board.indexOf(GAP);
      return new Tuple([Math.floor(gap / num_rows), gap % num_rows]);
    }
    if (name === "_move") return this.#slide(args[0]);
    if (name === "_is_solvable") return this.#isSolvable(args[0]);
    return super.callMethod(name, args);
  }

  #slide(word: unknown): boolean {
    const { board, num_rows } = this.state;
    const direction = DIRECTIONS.find((known) => known === word);
    const gap = board.indexOf(GAP);
    const cell = direction === undefined ? undefined : sliding(num_rows, gap, direction);
    if (cell === undefined) return false;
    slide(board, gap, cell);
    return true;
  }

  #isSolvable(value: unknown): boolean {
    const board = fromRows(value, this.state.num_rows);
    if (board !== undefined) return !isUnsolvable(board);
    throw new GemError(
      "GEM_INVALID_ARGUMENT",
      `_is_solvable() of ${this.id} takes ${this.state.num_rows} rows with each tile once and null for the gap, got ${show(value)}.`,
    );
  }

  #drawSize(): Size {
    const { num_rows, max_turns } = this.options;
    if (num_rows !== null && max_turns !== null) return { num_rows, max_turns };
    // Upstream quirk Q06: one null makes both drawn, also the one that was given.
    return this.random.choice(DRAWN_SIZES);
  }

  #outcome(
    name: PromptNames<typeof PROMPTS>,
    move: Readonly<Record<string, string | number>>,
    reward: number,
    ended = false,
  ): Outcome {
    const { turn_count, max_turns } = this.state;
    const fields = { turn_count, max_turns, ...move };
    return { observation: this.prompts.render(name, fields), reward, ended };
  }
}

function greatestTile({ num_rows }: Size): number {
  return num_rows * num_rows - 1;
}

/** The fifteen puzzle. */
export const fifteenPuzzle: Family = defineFamily({
  className: "FifteenPuzzleEnv",
  options: OPTIONS,
  prompts: PROMPTS,
  variants: {
    "game:FifteenPuzzle-v0-random": { num_rows: null, max_turns: null },
    // Upstream quirk Q26: random moves on 2x2 only go round, so this game has two boards, each four moves from the goal.
    "game:FifteenPuzzle-v0-easy": { num_rows: 2, max_turns: 10 },
    "game:FifteenPuzzle-v0-hard": { num_rows: 4, max_turns: 50 },
  },
  // Differs from upstream D07: an id without a level, for the easy one.
  aliases: { "game:FifteenPuzzle-v0": "game:FifteenPuzzle-v0-easy" },
  create: (init) => new FifteenPuzzleEnv(init),
});
