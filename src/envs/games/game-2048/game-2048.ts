/**
 * 2048: slide and merge tiles on a square board until one reaches the target.
 *
 * Action       last `\boxed{d}` in the reply, d one of up, down, left, right in any case; anything else is a format error
 * Observation  English text; reset gives the rules, a step what happened; the suffix holds the board
 * Reward       largest tile grows: doublings gained / doublings from start to target · otherwise 0 · format error -0.1
 * Ends         terminated: target reached, no move left, format error, out of turns; truncated: out of turns
 * Randomness   reset: [target_tile and max_turns when one is null], two tiles, the example in the rules; step: a tile after a move
 * Source       gem-llm game:Game2048, behaviour in docs/parity.md
 */
import { z } from "zod";
import { GAME_REWARD } from "../../../core/constants.ts";
import type { ResetResult } from "../../../core/env.ts";
import { defineFamily, type Family } from "../../../core/family.ts";
import type { OptionValues } from "../../../core/options.ts";
import { Prompts } from "../../../core/prompts.ts";
import type { AttributeView } from "../../../core/seeded-env.ts";
import { integerView } from "../../attribute-views.ts";
import { DIRECTIONS, lastBoxedDirection, type Direction } from "../../directions.ts";
import { GameEnv, type Outcome, type PromptNames, type TurnState } from "../../game-env.ts";
import type { Picture } from "../../picture.ts";
import {
  canMove,
  doublings,
  emptyBoard,
  isTile,
  largestTile,
  pictureOf,
  readBoard,
  renderBoard,
  slide,
  type Board,
} from "./board.ts";

// Differs from upstream D03: options that no game can be played with are refused when the environment is made.
const OPTIONS = {
  target_tile: z
    .int()
    .min(4)
    .refine(isTile)
    .nullable()
    .default(2048)
    .describe("a power of two from 4 on, or null to draw it at each reset"),
  max_turns: z
    .int()
    .min(1)
    .nullable()
    .default(1000)
    .describe("a positive integer, or null to draw it at each reset"),
  board_size: z.int().min(2).max(16).default(4).describe("an integer from 2 to 16"),
};

const PROMPTS = Prompts.define({
  rules:
    "Play 2048 on a {board_size}x{board_size} board: make a tile of {target_tile} within {max_turns} turns.\n" +
    "A move slides all tiles up, down, left or right; two equal tiles that meet merge into their sum, and then a new 2 " +
    "(seldom a 4) appears on an empty cell. A move that changes nothing still takes a turn. Dots are empty cells.\n" +
    "Each time your largest tile doubles you earn an equal share of 1; at {target_tile} you have all of it and win. " +
    "The game is lost when no move is left. A reply without a valid answer loses 0.1 and ends the game.\n" +
    "Answer with one direction in \\boxed{{}}, for example {example}.",
  suffix: "Board:\n{board}\nYour move?",
  moved: "Turn {turn_count} of {max_turns}: you moved {direction}.",
  unchanged: "Turn {turn_count} of {max_turns}: moving {direction} changes nothing.",
  won: "Turn {turn_count} of {max_turns}: you moved {direction} and reached {target_tile}. You win.",
  stuck: "Turn {turn_count} of {max_turns}: you moved {direction} and no move is left. You lose.",
  format_error:
    "Turn {turn_count} of {max_turns}: there is no answer such as \\boxed{{left}} in your reply. The game is over.",
  out_of_turns: "{observation} No turn is left: your largest tile is {max_tile_achieved}.",
});

type Game2048Options = OptionValues<typeof OPTIONS>;

interface Game2048State extends TurnState {
  target_tile: number;
  board_size: number;
  /** Rows of tiles, 0 where empty. */
  board: Board;
  /** The largest tile that was rewarded. */
  max_tile_achieved: number;
  /** The largest tile after the reset. */
  init_max_tile_achieved: number;
}

/** What null options are drawn from: [target_tile, max_turns]. */
const DRAWN_GOALS = [
  [16, 20],
  [32, 30],
  [64, 50],
] as const;

/** How likely a new tile is a 2. */
const TWO_PROBABILITY = 0.9;

const tileView: AttributeView = {
  read: (tile: number) => tile,
  write: (value) => (isTile(value) ? value : undefined),
};

const VIEWS: Readonly<Record<string, AttributeView>> = {
  target_tile: tileView,
  max_turns: integerView({ min: 1 }),
  board_size: { read: (size: number) => size },
  board: {
    read: (board: Board) => structuredClone(board),
    write: (value, { board_size }: Game2048State) => readBoard(value, board_size),
  },
  max_tile_achieved: tileView,
  init_max_tile_achieved: tileView,
  turn_count: integerView({ min: 0 }),
};

class Game2048Env extends GameEnv<
  Game2048Options,
  Game2048State,
  Direction,
  PromptNames<typeof PROMPTS>
> {
  protected override state: Game2048State = {
    target_tile: this.options.target_tile ?? 4,
    max_turns: this.options.max_turns ?? 1,
    board_size: this.options.board_size,
    board: emptyBoard(this.options.board_size),
    max_tile_achieved: 2,
    init_max_tile_achieved: 2,
    turn_count: 0,
  };

  protected override onReset(): ResetResult {
    const [target_tile, max_turns] = this.#drawGoal();
    const { board_size } = this.options;
    const board = emptyBoard(board_size);
    this.#spawn(board);
    this.#spawn(board);
    const largest = largestTile(board);
    this.state = {
      target_tile,
      max_turns,
      board_size,
      board,
      max_tile_achieved: largest,
      init_max_tile_achieved: largest,
      turn_count: 0,
    };
    // Upstream quirk Q04: the rules' example is drawn from the same stream as the game.
    const example = this.drawAction();
    const rules = this.prompts.render("rules", { board_size, target_tile, max_turns, example });
    return [rules, this.suffixInfo()];
  }

  protected override readMove(reply: string): Direction | undefined {
    return lastBoxedDirection(reply);
  }

  protected override play(direction: Direction): Outcome {
    const { state } = this;
    const board = slide(state.board, direction);
    if (board === undefined) {
      return this.#outcome("unchanged", direction, GAME_REWARD.invalidAction, false);
    }
    state.board = board;
    // Upstream quirk Q07: a new 4 that is the largest tile is rewarded with the next effective move.
    const reward = this.#progress();
    this.#spawn(board);
    if (state.max_tile_achieved >= state.target_tile) {
      return this.#outcome("won", direction, reward, true);
    }
    if (!canMove(board)) return this.#outcome("stuck", direction, reward, true);
    return this.#outcome("moved", direction, reward, false);
  }

  protected override runOutOfTurns(_direction: Direction, outcome: Outcome): Outcome {
    const { observation, reward } = outcome;
    const { max_tile_achieved } = this.state;
    const text = this.prompts.render("out_of_turns", { observation, max_tile_achieved });
    return { observation: text, reward, ended: true };
  }

  protected override formatErrorText(): string {
    const { turn_count, max_turns } = this.state;
    return this.prompts.render("format_error", { turn_count, max_turns });
  }

  protected override taskSuffix(): string {
    return this.prompts.render("suffix", { board: renderBoard(this.state.board) });
  }

  protected override picture(): Picture {
    return pictureOf(this.state.board, this.state.target_tile);
  }

  protected override drawAction(): string {
    return `\\boxed{${this.random.choice(DIRECTIONS)}}`;
  }

  protected override attributeViews(): Readonly<Record<string, AttributeView>> {
    return VIEWS;
  }

  #drawGoal(): readonly [target: number, turns: number] {
    const { target_tile, max_turns } = this.options;
    if (target_tile !== null && max_turns !== null) return [target_tile, max_turns];
    // Upstream quirk Q06: one null makes both drawn, also the one that was given.
    return this.random.choice(DRAWN_GOALS);
  }

  /** Puts a 2 or a 4 on a random empty cell; without one nothing is drawn. */
  #spawn(board: Board): void {
    const empty: [row: number, column: number][] = [];
    board.forEach((row, r) => {
      row.forEach((tile, c) => {
        if (tile === 0) empty.push([r, c]);
      });
    });
    if (empty.length === 0) return;
    const [r, c] = this.random.choice(empty);
    const row = board[r];
    if (row !== undefined) row[c] = this.random.random() < TWO_PROBABILITY ? 2 : 4;
  }

  /** The share of the way from the first largest tile to the target that a new largest tile has gained. */
  #progress(): number {
    const { state } = this;
    const largest = Math.min(largestTile(state.board), state.target_tile);
    if (largest <= state.max_tile_achieved) return GAME_REWARD.internalStep;
    const gained = doublings(largest) - doublings(state.max_tile_achieved);
    const all = doublings(state.target_tile) - doublings(state.init_max_tile_achieved);
    state.max_tile_achieved = largest;
    return all > 0 ? gained / all : GAME_REWARD.internalStep;
  }

  #outcome(
    name: PromptNames<typeof PROMPTS>,
    direction: Direction,
    reward: number,
    ended: boolean,
  ): Outcome {
    const { turn_count, max_turns, target_tile } = this.state;
    const fields = { turn_count, max_turns, target_tile, direction };
    return { observation: this.prompts.render(name, fields), reward, ended };
  }
}

/** 2048. */
export const game2048: Family = defineFamily({
  className: "Game2048Env",
  options: OPTIONS,
  prompts: PROMPTS,
  variants: {
    "game:Game2048-v0-easy": { target_tile: 64, max_turns: 50 },
    "game:Game2048-v0-hard": { target_tile: 512, max_turns: 50 },
    "game:Game2048-v0-extreme-hard": { target_tile: 2048, max_turns: 100 },
    "game:Game2048-v0-random": { target_tile: null, max_turns: null },
  },
  // Differs from upstream D07: an id without a level, for the easy one.
  aliases: { "game:Game2048-v0": "game:Game2048-v0-easy" },
  create: (init) => new Game2048Env(init),
});
