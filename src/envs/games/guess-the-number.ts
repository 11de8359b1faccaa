/**
 * Guess the Number: find a hidden integer from "higher" and "lower" hints.
 *
 * Action       last `\boxed{n}` in the reply, n of the digits 0-9; none, or n = 0, is a format error
 * Observation  English text; reset gives the rules, a step gives the hint
 * Reward       right 1 · hint 0 · out of range or repeated 0 · format error -0.1 · last turn 1 - |n - target| / (max - min), or 0 out of range
 * Ends         terminated: right, format error, out of turns; truncated: out of turns
 * Randomness   reset: [min_number, max_number when one is null], target, the example in the rules; step: none
 * Source       gem-llm game:GuessTheNumber, behaviour in docs/parity.md
 */
import { z } from "zod";
import { GAME_REWARD } from "../../core/constants.ts";
import type { ResetResult } from "../../core/env.ts";
import { defineFamily, type Family } from "../../core/family.ts";
import type { OptionValues } from "../../core/options.ts";
import { Prompts } from "../../core/prompts.ts";
import type { AttributeView } from "../../core/seeded-env.ts";
import { lastBoxed } from "../../text/boxed.ts";
import { MAX_DIGITS } from "../../text/digits.ts";
import { integerSetView, integerView } from "../attribute-views.ts";
import { GameEnv, type Outcome, type PromptNames, type TurnState } from "../game-env.ts";

// Differs from upstream D03: options that no game can be played with are refused when the environment is made.
const OPTIONS = {
  min_number: z
    .int()
    .nullable()
    .default(1)
    .describe("an integer, or null to draw the range at each reset"),
  max_number: z
    .int()
    .nullable()
    .default(20)
    .describe("an integer, or null to draw the range at each reset"),
  max_turns: z
    .int()
    .min(1)
    .nullable()
    .default(20)
    .describe("a positive integer, or null where the range is drawn too"),
};

const PROMPTS = Prompts.define({
  rules:
    "Guess the hidden integer between {min_number} and {max_number}, both included, within {max_turns} turns.\n" +
    "After a wrong guess you are told whether the hidden number is higher or lower.\n" +
    "The right number earns 1 and ends the game. If no turn is left, your last guess earns up to 1, the closer the better. " +
    "A reply without a valid answer loses 0.1 and ends the game.\n" +
    "Answer with one number in \\boxed{{}}, for example \\boxed{{{example}}}.",
  suffix: "What is your next guess?",
  higher: "Turn {turn_count} of {max_turns}: the hidden number is higher than {guess}.",
  lower: "Turn {turn_count} of {max_turns}: the hidden number is lower than {guess}.",
  correct: "Turn {turn_count} of {max_turns}: {guess} is right. You win.",
  out_of_range:
    "Turn {turn_count} of {max_turns}: that guess is not between {min_number} and {max_number}.",
  repeated: "Turn {turn_count} of {max_turns}: you have guessed {guess} before.",
  format_error:
    "Turn {turn_count} of {max_turns}: there is no answer of the form \\boxed{{number}} in your reply. The game is over.",
  out_of_turns: "{observation} No turn is left: the hidden number was {game_number}.",
});

type GuessOptions = OptionValues<typeof OPTIONS>;

interface GuessState extends TurnState {
  min_number: number;
  max_number: number;
  /** The hidden number. */
  game_number: number;
  /** Guesses within the range. */
  previous_guesses: Set<number>;
}

// Differs from upstream D01: only the digits 0-9 count, not those of other scripts.
const GRAMMAR = /\d+\}/y;

const VIEWS: Readonly<Record<string, AttributeView>> = {
  min_number: integerView(),
  max_number: integerView(),
  max_turns: integerView({ min: 1 }),
  game_number: integerView(),
  previous_guesses: integerSetView,
  turn_count: integerView({ min: 0 }),
};

class GuessTheNumberEnv extends GameEnv<
  GuessOptions,
  GuessState,
  number,
  PromptNames<typeof PROMPTS>
> {
  protected override state: GuessState = {
    min_number: this.options.min_number ?? 0,
    max_number: this.options.max_number ?? 0,
    max_turns: this.options.max_turns ?? 1,
    game_number: 0,
    previous_guesses: new Set(),
    turn_count: 0,
  };

  protected override onReset(): ResetResult {
    const { min_number: min, max_number: max, max_turns } = this.#drawRange();
    this.state = {
      min_number: min,
      max_number: max,
      max_turns,
      game_number: this.random.randint(min, max),
      previous_guesses: new Set(),
      turn_count: 0,
    };
    // Upstream quirk Q04: the rules' example is drawn from the same stream as the game.
    const example = this.random.randint(min, max);
    const rules = this.prompts.render("rules", {
      min_number: min,
      max_number: max,
      max_turns,
      example,
    });
    return [rules, this.suffixInfo()];
  }

  protected override readMove(reply: string): number | undefined {
    const digits = lastBoxed(reply, GRAMMAR);
    if (digits === undefined || digits.length > MAX_DIGITS) return undefined;
    // Upstream quirk Q05: 0 counts as no answer, also in a range that holds it.
    return Number(digits) || undefined;
  }

  protected override play(guess: number): Outcome {
    const { game_number: target, previous_guesses: previous } = this.state;
    if (!this.#inRange(guess))
      return this.#outcome("out_of_range", guess, GAME_REWARD.invalidAction);
    if (previous.has(guess)) return this.#outcome("repeated", guess, GAME_REWARD.invalidAction);
    previous.add(guess);
    if (guess === target) return this.#outcome("correct", guess, GAME_REWARD.success, true);
    return this.#outcome(guess > target ? "lower" : "higher", guess, GAME_REWARD.internalStep);
  }

  protected override runOutOfTurns(guess: number, { observation }: Outcome): Outcome {
    const { game_number } = this.state;
    const text = this.prompts.render("out_of_turns", { observation, game_number });
    return { observation: text, reward: this.#closeness(guess), ended: true };
  }

  protected override formatErrorText(): string {
    const { turn_count, max_turns } = this.state;
    return this.prompts.render("format_error", { turn_count, max_turns });
  }

  protected override taskSuffix(): string {
    return this.prompts.render("suffix");
  }

  protected override drawAction(): string {
    return `\\boxed{${String(this.random.randint(this.state.min_number, this.state.max_number))}}`;
  }

  protected override attributeViews(): Readonly<Record<string, AttributeView>> {
    return VIEWS;
  }

  /** The options' range and turns, or drawn ones when an end of the range is null. */
  #drawRange(): Pick<GuessState, "min_number" | "max_number" | "max_turns"> {
    const { min_number, max_number, max_turns } = this.options;
    if (min_number !== null && max_number !== null && max_turns !== null) {
      return { min_number, max_number, max_turns };
    }
    // Upstream quirk Q06: one null makes all three drawn, also those that were given.
    const min = this.random.randint(1, 10);
    const max = this.random.randint(min + 5, min + 50);
    return { min_number: min, max_number: max, max_turns: Math.ceil(Math.sqrt(max - min)) + 1 };
  }

  #inRange(guess: number): boolean {
    return guess >= this.state.min_number && guess <= this.state.max_number;
  }

  /** What the last guess earns when no turn is left: 1 for the target, less the farther it is off. */
  #closeness(guess: number): number {
    const { min_number: min, max_number: max, game_number: target } = this.state;
    if (!this.#inRange(guess)) return GAME_REWARD.fail;
    // Differs from upstream D02: in a range of one number a repeat after the end earns 0 instead of dividing by zero.
    return max === min ? GAME_REWARD.fail : 1 - Math.abs(guess - target) / (max - min);
  }

  #outcome(
    name: PromptNames<typeof PROMPTS>,
    guess: number,
    reward: number,
    ended = false,
  ): Outcome {
    const { min_number, max_number, max_turns, turn_count } = this.state;
    const fields = { min_number, max_number, max_turns, turn_count, guess };
    return { observation: this.prompts.render(name, fields), reward, ended };
  }
}

/** A sentence on options that do not go together, or undefined. */
function check({ min_number: min, max_number: max, max_turns }: GuessOptions): string | undefined {
  if (min === null || max === null) return undefined;
  if (max_turns === null)
    return "max_turns can be null only when min_number or max_number is null too.";
  if (min > max)
    return `min_number must not be above max_number, got ${String(min)} and ${String(max)}.`;
  if (max - min < Number.MAX_SAFE_INTEGER) return undefined;
  return `The range from ${String(min)} to ${String(max)} must hold fewer than 2^53 numbers.`;
}

/** Guess the Number. */
export const guessTheNumber: Family = defineFamily({
  className: "GuessTheNumberEnv",
  options: OPTIONS,
  prompts: PROMPTS,
  variants: {
    "game:GuessTheNumber-v0-hard": { min_number: 1, max_number: 50, max_turns: 7 },
    "game:GuessTheNumber-v0-easy": { min_number: 1, max_number: 10, max_turns: 4 },
    "game:GuessTheNumber-v0-random": { min_number: null, max_number: null, max_turns: null },
    // Differs from upstream D07: this id is of gem-llm 0.0.3 and 0.0.4.
    "game:GuessTheNumber-v0": { min_number: 1, max_number: 20, max_turns: 10 },
  },
  check,
  create: (init) => new GuessTheNumberEnv(init),
});
