/**
 * Tower of Hanoi: move a pile of disks from the first of three towers to the last, one disk at a time.
 *
 * Action       last `\boxed{s t}` in the reply, s and t of A, B, C in any case, with or without white space and one comma between; anything else is a format error
 * Observation  English text; reset gives the rules, a step what happened; the suffix holds the towers
 * Reward       all disks on C 1 · otherwise 0 · format error -0.1 · last turn disks on C / disks
 * Ends         terminated: all disks on C, format error, out of turns; truncated: out of turns
 * Randomness   reset: [num_disks and max_turns when one is null]; step: none; a random action: one of the moves that are possible
 * Source       gem-llm game:TowerofHanoi, behaviour in docs/parity.md
 */
import { z } from "zod";
import { GAME_REWARD } from "../../../core/constants.ts";
import type { ResetResult } from "../../../core/env.ts";
import { defineFamily, type Family } from "../../../core/family.ts";
import type { OptionValues } from "../../../core/options.ts";
import { Prompts } from "../../../core/prompts.ts";
import type { AttributeView } from "../../../core/seeded-env.ts";
import { lastBoxed } from "../../../text/boxed.ts";
import { WHITE_SPACE } from "../../../text/white-space.ts";
import { integerView } from "../../attribute-views.ts";
import { GameEnv, type Outcome, type PromptNames, type TurnState } from "../../game-env.ts";
import type { Picture } from "../../picture.ts";
import {
  fits,
  pictureOf,
  possibleMoves,
  readBoard,
  renderBoard,
  startBoard,
  TOWERS,
  type Board,
  type Move,
} from "./towers.ts";

// Differs from upstream D03: options that no game can be played with are refused when the environment is made.
const OPTIONS = {
  num_disks: z
    .int()
    .min(1)
    .max(64)
    .nullable()
    .default(3)
    .describe("an integer from 1 to 64, or null to draw it at each reset"),
  max_turns: z
    .int()
    .min(1)
    .nullable()
    .default(100)
    .describe("a positive integer, or null to draw it at each reset"),
};

const PROMPTS = Prompts.define({
  rules:
    "Solve the Tower of Hanoi: move all {num_disks} disks from tower A to tower C within {max_turns} turns.\n" +
    "A turn moves the top disk of one tower onto another tower. A disk must not come to lie on a smaller one; such a move, or one " +
    "from an empty tower, changes nothing, but still takes a turn.\n" +
    "Each tower is shown as the sizes of its disks from bottom to top, so the last number is its top disk: " +
    "disk 1 is the smallest, disk {num_disks} the largest.\n" +
    "All disks on C earn 1 and end the game. If no turn is left, you earn the share of disks on C. " +
    "A reply without a valid answer loses 0.1 and ends the game.\n" +
    "Answer with the tower to take from and the tower to put on in \\boxed{{}}, for example \\boxed{{A C}}.",
  suffix: "Towers:\n{board}\nYour move?",
  moved: "Turn {turn_count} of {max_turns}: you moved disk {disk} from {source} to {target}.",
  empty: "Turn {turn_count} of {max_turns}: tower {source} is empty.",
  too_large:
    "Turn {turn_count} of {max_turns}: disk {disk} of tower {source} is larger than the top disk of tower {target}.",
  solved:
    "Turn {turn_count} of {max_turns}: you moved disk {disk} from {source} to {target}, and all disks are on C. You win.",
  format_error:
    "Turn {turn_count} of {max_turns}: there is no answer such as \\boxed{{A C}} in your reply. The game is over.",
  out_of_turns: "{observation} No turn is left: {on_target} of {num_disks} disks are on C.",
});

type HanoiOptions = OptionValues<typeof OPTIONS>;

interface HanoiState extends TurnState {
  num_disks: number;
  board: Board;
}

type Goal = Pick<HanoiState, "num_disks" | "max_turns">;

/** What null options are drawn from. */
const DRAWN_GOALS: readonly Goal[] = [
  { num_disks: 3, max_turns: 10 },
  { num_disks: 4, max_turns: 20 },
  { num_disks: 5, max_turns: 35 },
];

/** Each run of white space has one place to be read in, so that a long one is read once. */
const GRAMMAR = new RegExp(String.raw`[A-Ca-c]${WHITE_SPACE}*(?:,${WHITE_SPACE}*)?[A-Ca-c]\}`, "y");

const VIEWS: Readonly<Record<string, AttributeView>> = {
  num_disks: { read: (count: number) => count },
  max_turns: integerView({ min: 1 }),
  board: {
    read: (board: Board) => structuredClone(board),
    write: (value, { num_disks }: HanoiState) => readBoard(value, num_disks),
  },
  turn_count: integerView({ min: 0 }),
};

class TowerofHanoiEnv extends GameEnv<HanoiOptions, HanoiState, Move, PromptNames<typeof PROMPTS>> {
  protected override state: HanoiState = {
    num_disks: this.options.num_disks ?? 0,
    max_turns: this.options.max_turns ?? 1,
    board: startBoard(this.options.num_disks ?? 0),
    turn_count: 0,
  };

  protected override onReset(): ResetResult {
    const { num_disks, max_turns } = this.#drawGoal();
    this.state = { num_disks, max_turns, board: startBoard(num_disks), turn_count: 0 };
    return [this.prompts.render("rules", { num_disks, max_turns }), this.suffixInfo()];
  }

  protected override readMove(reply: string): Move | undefined {
    const answer = lastBoxed(reply, GRAMMAR)?.toUpperCase();
    const source = TOWERS.find((tower) => answer?.startsWith(tower));
    const target = TOWERS.find((tower) => answer?.endsWith(tower));
    return source && target && { source, target };
  }

  protected override play(move: Move): Outcome {
    const { board, num_disks } = this.state;
    const disk = board[move.source].at(-1);
    if (disk === undefined) return this.#outcome("empty", move, GAME_REWARD.invalidAction);
    // Upstream quirk Q19: from a tower to itself is a move, which may even be the winning one after the end.
    if (!fits(disk, board[move.target])) {
      return this.#outcome("too_large", { ...move, disk }, GAME_REWARD.invalidAction);
    }
    board[move.source].pop();
    board[move.target].push(disk);
    if (board.C.length === num_disks) {
      return this.#outcome("solved", { ...move, disk }, GAME_REWARD.success, true);
    }
    return this.#outcome("moved", { ...move, disk }, GAME_REWARD.internalStep);
  }

  protected override runOutOfTurns(_move: Move, { observation }: Outcome): Outcome {
    const { board, num_disks } = this.state;
    const on_target = board.C.length;
    const text = this.prompts.render("out_of_turns", { observation, on_target, num_disks });
    return { observation: text, reward: on_target / num_disks, ended: true };
  }

  protected override formatErrorText(): string {
    const { turn_count, max_turns } = this.state;
    return this.prompts.render("format_error", { turn_count, max_turns });
  }

  protected override taskSuffix(): string {
    return this.prompts.render("suffix", { board: renderBoard(this.state.board) });
  }

  protected override picture(): Picture {
    return pictureOf(this.state.board, this.state.num_disks);
  }

  // Differs from upstream D26: there are no random actions there.
  protected override drawAction(): string {
    const { source, target } = this.random.choice(possibleMoves(this.state.board));
    return `\\boxed{${source} ${target}}`;
  }

  protected override attributeViews(): Readonly<Record<string, AttributeView>> {
    return VIEWS;
  }

  #drawGoal(): Goal {
    const { num_disks, max_turns } = this.options;
    if (num_disks !== null && max_turns !== null) return { num_disks, max_turns };
    // Upstream quirk Q06: one null makes both drawn, also the one that was given.
    return this.random.choice(DRAWN_GOALS);
  }

  #outcome(
    name: PromptNames<typeof PROMPTS>,
    about: Move & { readonly disk?: number },
    reward: number,
    ended = false,
  ): Outcome {
    const { turn_count, max_turns } = this.state;
    const fields = { turn_count, max_turns, ...about };
    return { observation: this.prompts.render(name, fields), reward, ended };
  }
}

/** Tower of Hanoi. */
export const towerOfHanoi: Family = defineFamily({
  className: "TowerofHanoiEnv",
  options: OPTIONS,
  prompts: PROMPTS,
  variants: {
    "game:TowerofHanoi-v0-easy": { num_disks: 3, max_turns: 10 },
    "game:TowerofHanoi-v0-hard": { num_disks: 5, max_turns: 35 },
    "game:TowerofHanoi-v0-random": { num_disks: null, max_turns: null },
  },
  // Differs from upstream D07: an id without a level, for the easy one.
  aliases: { "game:TowerofHanoi-v0": "game:TowerofHanoi-v0-easy" },
  create: (init) => new TowerofHanoiEnv(init),
});
