/**
 * Mastermind: find a hidden code of numbers from black and white pegs.
 *
 * Action       last `\boxed{n n …}` in the reply, each n of the digits 0-9, white space between; anything else is a format error
 * Observation  English text; reset gives the rules, a step the pegs of the guess
 * Reward       black pegs beyond the most so far / code length · of another length, out of range or repeated 0 · format error -0.1
 * Ends         terminated: right, format error, out of turns; truncated: out of turns
 * Randomness   reset: [code_length, num_numbers, max_turns when one is null], the code, the example in the rules; step: none
 * Source       gem-llm game:Mastermind, behaviour in docs/parity.md
 */
import { z } from "zod";
import { GAME_REWARD } from "../../../core/constants.ts";
import type { ResetResult } from "../../../core/env.ts";
import { defineFamily, type Family } from "../../../core/family.ts";
import type { OptionValues } from "../../../core/options.ts";
import { Prompts } from "../../../core/prompts.ts";
import type { AttributeView } from "../../../core/seeded-env.ts";
import { Tuple } from "../../../protocol/values.ts";
import { lastBoxed } from "../../../text/boxed.ts";
import { MAX_DIGITS } from "../../../text/digits.ts";
import { WHITE_SPACE_CHARACTERS } from "../../../text/white-space.ts";
import { integerView, readMatrix } from "../../attribute-views.ts";
import { GameEnv, type Outcome, type PromptNames, type TurnState } from "../../game-env.ts";
import type { Picture } from "../../picture.ts";
import { pegsOf, pictureOf } from "./pegs.ts";

// Differs from upstream D03: options that no game can be played with are refused when the environment is made.
const OPTIONS = {
  code_length: z
    .int()
    .min(1)
    .max(100)
    .nullable()
    .default(4)
    .describe("an integer from 1 to 100, or null to draw it at each reset"),
  num_numbers: z
    .int()
    .min(1)
    .nullable()
    .default(6)
    .describe("a positive integer, or null to draw it at each reset"),
  duplicate_numbers: z
    .boolean()
    .default(false)
    .describe("true or false: whether a number may stand in the code more than once"),
  max_turns: z
    .int()
    .min(1)
    .nullable()
    .default(20)
    .describe("a positive integer, or null to draw it at each reset"),
};

const PROMPTS = Prompts.define({
  rules:
    "Find the hidden code of {code_length} numbers from 1 to {num_numbers} within {max_turns} turns. {repeats}\n" +
    "Each guess is answered with black and white pegs: a black peg for each number that is in its right place, a white peg " +
    "for each other number of your guess that the code has in another place.\n" +
    "For each black peg more than your best guess so far had, you earn an equal share of 1. The code itself ends the game: you win. " +
    "A guess of another length, with a number out of range, or made before earns nothing, but takes a turn. " +
    "A reply without a valid answer loses 0.1 and ends the game.\n" +
    "Answer with {code_length} numbers in \\boxed{{}}, with spaces between, for example {example}.",
  no_repeats: "No number is in the code twice, but your guesses may repeat numbers.",
  repeats: "A number may be in the code more than once.",
  suffix: "What is your next guess?",
  pegs: "Turn {turn_count} of {max_turns}: {guess} gets black pegs: {black}, white pegs: {white}.",
  correct: "Turn {turn_count} of {max_turns}: {guess} is the code. You win.",
  wrong_length:
    "Turn {turn_count} of {max_turns}: your guess has length {length}, the code has length {code_length}.",
  out_of_range:
    "Turn {turn_count} of {max_turns}: your guess has a number that is not from 1 to {num_numbers}.",
  repeated: "Turn {turn_count} of {max_turns}: you have guessed {guess} before.",
  format_error:
    "Turn {turn_count} of {max_turns}: there is no answer such as \\boxed{{{example}}} in your reply. The game is over.",
  out_of_turns: "{observation} No turn is left: the code was {game_code}.",
});

type MastermindOptions = OptionValues<typeof OPTIONS>;

interface MastermindState extends TurnState {
  code_length: number;
  num_numbers: number;
  duplicate_numbers: boolean;
  /** The hidden numbers. */
  game_code: number[];
  /** Well-formed guesses, each as its numbers with a space between. */
  previous_guesses: Set<string>;
  /** The most black pegs of a guess so far. */
  milestone: number;
}

type Goal = Pick<MastermindState, "code_length" | "num_numbers" | "max_turns">;

/** What null options are drawn from. */
const DRAWN_GOALS: readonly Goal[] = [
  { code_length: 2, num_numbers: 4, max_turns: 10 },
  { code_length: 4, num_numbers: 6, max_turns: 20 },
  { code_length: 4, num_numbers: 8, max_turns: 30 },
];

// Differs from upstream D01: only the digits 0-9 count, not those of other scripts.
// One class for all of it: a group for each number would overflow the engine's stack on a reply of some megabytes.
const GRAMMAR = new RegExp(String.raw`(?=\d)[\d${WHITE_SPACE_CHARACTERS}]*\d\}`, "y");

/** The numbers of each guess. */
function toLists(guesses: ReadonlySet<string>): number[][] {
  return [...guesses].map((guess) => guess.split(" ").map(Number));
}

const previousGuessesView: AttributeView = {
  read: (stored: ReadonlySet<string>) => new Set(toLists(stored).map((guess) => new Tuple(guess))),
  write: (value, { code_length, num_numbers }: MastermindState) => {
    if (!(value instanceof Set)) return undefined;
    const guesses = [...(value as Set<unknown>)].map((guess) =>
      guess instanceof Tuple ? guess.items : guess,
    );
    const rows = readMatrix(guesses, [guesses.length, code_length], { min: 1, max: num_numbers });
    return rows && new Set(rows.map((row) => row.join(" ")));
  },
};

const VIEWS: Readonly<Record<string, AttributeView>> = {
  code_length: { read: (length: number) => length },
  num_numbers: { read: (count: number) => count },
  duplicate_numbers: { read: (allowed: boolean) => allowed },
  max_turns: integerView({ min: 1 }),
  game_code: {
    read: (code: readonly number[]) => [...code],
    write: (value, { code_length, num_numbers }: MastermindState) =>
      readMatrix([value], [1, code_length], { min: 1, max: num_numbers })?.[0],
  },
  previous_guesses: previousGuessesView,
  milestone: integerView({ min: 0 }),
  turn_count: integerView({ min: 0 }),
};

class MastermindEnv extends GameEnv<
  MastermindOptions,
  MastermindState,
  readonly number[],
  PromptNames<typeof PROMPTS>
> {
  protected override state: MastermindState = {
    code_length: this.options.code_length ?? 0,
    num_numbers: this.options.num_numbers ?? 0,
    duplicate_numbers: this.options.duplicate_numbers,
    max_turns: this.options.max_turns ?? 1,
    game_code: [],
    previous_guesses: new Set(),
    milestone: 0,
    turn_count: 0,
  };

  protected override onReset(): ResetResult {
    const goal = this.#drawGoal();
    const { code_length, num_numbers, max_turns } = goal;
    const { duplicate_numbers } = this.options;
    this.state = {
      code_length,
      num_numbers,
      duplicate_numbers,
      max_turns,
      game_code: this.#drawNumbers(goal, duplicate_numbers),
      previous_guesses: new Set(),
      milestone: 0,
      turn_count: 0,
    };
    // Upstream quirk Q04: the rules' example is drawn from the same stream as the game.
    const example = this.#drawAnswer();
    const repeats = this.prompts.render(duplicate_numbers ? "repeats" : "no_repeats");
    const fields = { code_length, num_numbers, max_turns, repeats, example };
    // Upstream quirk Q14: a reset's info is empty; every step's has the suffix.
    return [this.prompts.render("rules", fields), {}];
  }

  protected override readMove(reply: string): readonly number[] | undefined {
    const parts = lastBoxed(reply, GRAMMAR)?.split(/\D+/);
    if (parts === undefined || parts.some((digits) => digits.length > MAX_DIGITS)) return undefined;
    return parts.map(Number);
  }

  protected override play(numbers: readonly number[]): Outcome {
    const { state } = this;
    const { code_length, num_numbers, game_code, previous_guesses: previous } = state;
    if (numbers.length !== code_length) {
      return this.#outcome("wrong_length", { length: numbers.length });
    }
    if (numbers.some((number) => number < 1 || number > num_numbers)) {
      return this.#outcome("out_of_range");
    }
    const guess = numbers.join(" ");
    if (previous.has(guess)) return this.#outcome("repeated", { guess });
    previous.add(guess);
    const { black, white } = pegsOf(numbers, game_code);
    const gained = Math.max(black - state.milestone, 0);
    state.milestone += gained;
    const reward = gained / code_length;
    if (black === code_length) return this.#outcome("correct", { guess }, reward, true);
    return this.#outcome("pegs", { guess, black, white }, reward);
  }

  protected override runOutOfTurns(
    _numbers: readonly number[],
    { observation, reward }: Outcome,
  ): Outcome {
    const game_code = this.state.game_code.join(" ");
    const text = this.prompts.render("out_of_turns", { observation, game_code });
    return { observation: text, reward, ended: true };
  }

  protected override formatErrorText(): string {
    const { turn_count, max_turns, code_length } = this.state;
    const example = new Array<number>(code_length).fill(1).join(" ");
    return this.prompts.render("format_error", { turn_count, max_turns, example });
  }

  protected override taskSuffix(): string {
    return this.prompts.render("suffix");
  }

  protected override picture(): Picture {
    const { previous_guesses, game_code, max_turns } = this.state;
    return pictureOf(toLists(previous_guesses).slice(-max_turns), game_code);
  }

  protected override drawAction(): string {
    return this.#drawAnswer();
  }

  protected override attributeViews(): Readonly<Record<string, AttributeView>> {
    return VIEWS;
  }

  #drawGoal(): Goal {
    const { code_length, num_numbers, max_turns } = this.options;
    if (code_length !== null && num_numbers !== null && max_turns !== null) {
      return { code_length, num_numbers, max_turns };
    }
    // Upstream quirk Q06: one null makes all three drawn, also those that were given.
    return this.random.choice(DRAWN_GOALS);
  }

  /** A guess in a box. Upstream quirk Q15: its numbers are all different, also where the code's need not be. */
  #drawAnswer(): string {
    const { code_length, num_numbers } = this.state;
    // Differs from upstream D24: where a code is longer than there are numbers, guesses repeat some; there `sample` fails.
    const numbers = this.#drawNumbers(this.state, code_length > num_numbers);
    return `\\boxed{${numbers.join(" ")}}`;
  }

  /** As many numbers as a code has, which may repeat or are all different. */
  #drawNumbers({ code_length, num_numbers }: Goal, mayRepeat: boolean): number[] {
    // A list of the numbers, for `choices`, could be of any size.
    const drawn = mayRepeat
      ? Array.from({ length: code_length }, () => Math.floor(this.random.random() * num_numbers))
      : this.random.sample(num_numbers, code_length);
    return drawn.map((index) => index + 1);
  }

  #outcome(
    name: PromptNames<typeof PROMPTS>,
    about: Readonly<Record<string, string | number>> = {},
    reward: number = GAME_REWARD.invalidAction,
    ended = false,
  ): Outcome {
    const { turn_count, max_turns, code_length, num_numbers } = this.state;
    const fields = { turn_count, max_turns, code_length, num_numbers, ...about };
    return { observation: this.prompts.render(name, fields), reward, ended };
  }
}

/** A sentence on options that do not go together, or undefined. */
function check(options: MastermindOptions): string | undefined {
  const { code_length, num_numbers, duplicate_numbers, max_turns } = options;
  if (code_length === null || num_numbers === null || max_turns === null) return undefined;
  if (duplicate_numbers || code_length <= num_numbers) return undefined;
  return (
    `code_length must be at most num_numbers, got ${String(code_length)} and ${String(num_numbers)}; ` +
    "or set duplicate_numbers to true."
  );
}

/** Mastermind. */
export const mastermind: Family = defineFamily({
  className: "MastermindEnv",
  options: OPTIONS,
  prompts: PROMPTS,
  variants: {
    "game:Mastermind-v0-hard": {
      code_length: 4,
      num_numbers: 8,
      max_turns: 30,
      duplicate_numbers: false,
    },
    "game:Mastermind-v0-random": {
      code_length: null,
      num_numbers: null,
      max_turns: null,
      duplicate_numbers: false,
    },
    "game:Mastermind-v0-easy": {
      code_length: 2,
      num_numbers: 6,
      max_turns: 10,
      duplicate_numbers: false,
    },
  },
  // Differs from upstream D07: an id without a level, for the easy one.
  aliases: { "game:Mastermind-v0": "game:Mastermind-v0-easy" },
  check,
  create: (init) => new MastermindEnv(init),
});
