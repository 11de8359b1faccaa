/**
 * Wordle: find a secret word from marks on the letters of each guess.
 *
 * Action       last `\boxed{w}` in the reply, w letters a-z in any case, with white space between letters; anything else is a format error
 * Observation  English text; reset gives the rules, a step the guess and under it its marks G, Y, X
 * Reward       0.5 / length for each place right for the first time, 0.5 more for the word · repeated or of another length 0 · format error -0.1
 * Ends         terminated: right, format error, out of turns; truncated: out of turns
 * Randomness   reset: [word_length when an option is null], the word, the example in the rules; step: none
 * Source       gem-llm game:Wordle, behaviour in docs/parity.md
 */
import { z } from "zod";
import { GAME_REWARD } from "../../core/constants.ts";
import type { ResetResult } from "../../core/env.ts";
import { defineFamily, type Family } from "../../core/family.ts";
import type { OptionValues } from "../../core/options.ts";
import { Prompts } from "../../core/prompts.ts";
import type { AttributeView } from "../../core/seeded-env.ts";
import { lastBoxed } from "../../text/boxed.ts";
import { WHITE_SPACE_CHARACTERS } from "../../text/white-space.ts";
import { integerView } from "../attribute-views.ts";
import { dictionaryOption } from "../dictionary/dictionary.ts";
import {
  secretWordView,
  stringSetView,
  WordGameEnv,
  wordLengthView,
  type WordGameGoal,
  type WordGameState,
} from "../dictionary/word-game-env.ts";
import type { Outcome, PromptNames } from "../game-env.ts";
import type { Picture, PictureCell } from "../picture.ts";

// Differs from upstream D03: options that no game can be played with are refused when the environment is made.
const OPTIONS = {
  word_length: z
    .int()
    .min(1)
    .nullable()
    .default(5)
    .describe("a positive integer, or null to draw it at each reset"),
  // Upstream quirk Q20: it changes nothing; a guess need not be a word.
  only_real_words: z
    .boolean()
    .nullable()
    .default(true)
    .describe("true, false or null; it changes nothing, a guess need not be a word"),
  max_turns: z
    .int()
    .min(1)
    .nullable()
    .default(20)
    .describe("a positive integer, or null to draw it at each reset"),
  // Differs from upstream D28: there the words are always those of NLTK's corpus.
  dictionary: dictionaryOption,
};

const PROMPTS = Prompts.define({
  rules:
    "Find the secret English word of {word_length} letters within {max_turns} turns.\n" +
    "Each guess has exactly {word_length} letters; it need not be a word. Each of its letters is marked:\n" +
    "G: the letter is in this place.\n" +
    "Y: the letter is in the word, but in another place.\n" +
    "X: the letter is not in the word, or less often than you guessed it.\n" +
    "Every place that you get right for the first time earns an equal share of 0.5. The word itself earns 0.5 more and ends the game. " +
    "A reply without a valid answer loses 0.1 and ends the game.\n" +
    "Answer with one guess in \\boxed{{}}, for example {example}.",
  suffix: "What is your next guess?",
  marked: "Turn {turn_count} of {max_turns}: {guess} is marked\n{letters}\n{marks}",
  correct:
    "Turn {turn_count} of {max_turns}: {guess} is marked\n{letters}\n{marks}\nThis is the word. You win.",
  wrong_length:
    "Turn {turn_count} of {max_turns}: your guess has {length} characters, not the {word_length} letters of the word.",
  repeated: "Turn {turn_count} of {max_turns}: you have guessed {guess} before.",
  format_error:
    "Turn {turn_count} of {max_turns}: there is no answer of the form \\boxed{{letters}} in your reply. The game is over.",
  out_of_turns: "{observation}\nNo turn is left: the word was {secret_word}.",
});

type PromptName = PromptNames<typeof PROMPTS>;
type WordleOptions = OptionValues<typeof OPTIONS>;

/** What a letter of a guess is: in its place, elsewhere in the word, or not there. */
type Mark = "G" | "Y" | "X";

interface WordleState extends WordGameState {
  /** Guesses of the right length, in capitals. */
  previous_guesses: Set<string>;
  /** 1 for each place that has been right, else 0. */
  milestones: number[];
}

/**
 * Upper-case and lower-case letters with white space between them. One class for all of it: a group for each letter would
 * overflow the engine's stack on a reply of some megabytes.
 */
const GRAMMAR = new RegExp(`(?=[A-Za-z])[A-Za-z${WHITE_SPACE_CHARACTERS}]*[A-Za-z]\\}`, "y");

const DRAWN_LENGTHS = [3, 4, 5] as const;

const TONES = { G: "good", Y: "near", X: "bad" } as const;

const milestonesView: AttributeView = {
  read: (stored: readonly number[]) => [...stored],
  write: (value, { word_length }: WordleState) =>
    Array.isArray(value) &&
    value.length === word_length &&
    value.every((item) => item === 0 || item === 1)
      ? value
      : undefined,
};

const VIEWS: Readonly<Record<string, AttributeView>> = {
  word_length: wordLengthView,
  max_turns: integerView({ min: 1 }),
  secret_word: secretWordView,
  previous_guesses: stringSetView,
  milestones: milestonesView,
  turn_count: integerView({ min: 0 }),
};

class WordleEnv extends WordGameEnv<WordleOptions, WordleState, string, PromptName> {
  protected override readonly level = "basic";
  protected override state: WordleState = {
    word_length: this.options.word_length ?? 0,
    max_turns: this.options.max_turns ?? 1,
    secret_word: "",
    previous_guesses: new Set(),
    milestones: [],
    turn_count: 0,
  };

  protected override drawnLengths(): readonly number[] {
    return DRAWN_LENGTHS;
  }

  protected override drawGoal(): WordGameGoal {
    const word_length = this.random.randint(DRAWN_LENGTHS[0], DRAWN_LENGTHS[2]);
    return { word_length, max_turns: 5 * word_length };
  }

  protected override begin(goal: WordGameGoal, words: readonly string[]): ResetResult {
    this.state = {
      ...goal,
      secret_word: this.random.choice(words).toUpperCase(),
      previous_guesses: new Set(),
      milestones: new Array<number>(goal.word_length).fill(0),
      turn_count: 0,
    };
    // Upstream quirk Q04: the rules' example is drawn from the same stream as the game.
    const example = this.drawGuess(words);
    return [this.prompts.render("rules", { ...goal, example }), this.suffixInfo()];
  }

  protected override readMove(reply: string): string | undefined {
    // Upstream quirk Q21: spaces between the letters are left out; other white space counts as letters do.
    return lastBoxed(reply, GRAMMAR)?.replaceAll(" ", "").toUpperCase();
  }

  protected override play(guess: string): Outcome {
    const { word_length, previous_guesses: previous, secret_word } = this.state;
    if (guess.length !== word_length) {
      return this.#outcome("wrong_length", guess, GAME_REWARD.invalidAction);
    }
    if (previous.has(guess)) return this.#outcome("repeated", guess, GAME_REWARD.invalidAction);
    previous.add(guess);
    const places = this.#newPlaces(guess);
    if (guess !== secret_word) return this.#outcome("marked", guess, places);
    return this.#outcome("correct", guess, places + GAME_REWARD.success / 2, true);
  }

  protected override runOutOfTurns(_guess: string, { observation, reward }: Outcome): Outcome {
    const { secret_word } = this.state;
    const text = this.prompts.render("out_of_turns", { observation, secret_word });
    return { observation: text, reward, ended: true };
  }

  protected override formatErrorText(): string {
    const { turn_count, max_turns } = this.state;
    return this.prompts.render("format_error", { turn_count, max_turns });
  }

  protected override taskSuffix(): string {
    return this.prompts.render("suffix");
  }

  protected override drawGuess(words: readonly string[]): string {
    return `\\boxed{${this.random.choice(words).toUpperCase()}}`;
  }

  /** The latest guesses, as many as there are turns, and room for the next one until the word is found. */
  protected override picture(): Picture {
    const { max_turns, previous_guesses, secret_word, word_length } = this.state;
    const latest = [...previous_guesses].slice(-max_turns);
    const rows = latest.map((guess) => markedRow(guess, secret_word));
    const next = new Array<PictureCell>(word_length).fill({ text: "", tone: "empty" });
    return { rows: previous_guesses.has(secret_word) ? rows : [...rows, next] };
  }

  protected override attributeViews(): Readonly<Record<string, AttributeView>> {
    return VIEWS;
  }

  protected override derivedNames(): readonly string[] {
    return [...super.derivedNames(), "only_real_words"];
  }

  protected override derive(name: string): unknown {
    return name === "only_real_words" ? this.options.only_real_words : super.derive(name);
  }

  /** Remembers the places that are right for the first time, and gives what they earn. */
  #newPlaces(guess: string): number {
    const { milestones, secret_word, word_length } = this.state;
    const share = (1 / word_length) * 0.5;
    let reward: number = GAME_REWARD.internalStep;
    for (const [i, milestone] of milestones.entries()) {
      if (milestone === 1 || guess[i] !== secret_word[i]) continue;
      milestones[i] = 1;
      reward += share;
    }
    return reward;
  }

  #outcome(name: PromptName, guess: string, reward: number, ended = false): Outcome {
    const { turn_count, max_turns, word_length, secret_word } = this.state;
    const fields = { turn_count, max_turns, word_length, guess, length: guess.length };
    if (guess.length !== word_length) {
      return { observation: this.prompts.render(name, fields), reward, ended };
    }
    const letters = Array.from(guess).join(" ");
    const marks = marksOf(guess, secret_word).join(" ");
    return { observation: this.prompts.render(name, { ...fields, letters, marks }), reward, ended };
  }
}

/** The marks of a guess: places first, then from left to right the letters that are left over in the word. */
function marksOf(guess: string, word: string): readonly Mark[] {
  const left = new Map<string, number>();
  for (const [i, letter] of Array.from(word).entries()) {
    if (guess[i] !== letter) left.set(letter, (left.get(letter) ?? 0) + 1);
  }
  return Array.from(guess).map((letter, i) => {
    if (word[i] === letter) return "G";
    const count = left.get(letter) ?? 0;
    left.set(letter, count - 1);
    return count > 0 ? "Y" : "X";
  });
}

/** Other characters, such as tabs, are not to be seen. */
function isLetter(character: string): boolean {
  return /^[A-Z]$/.test(character);
}

function markedRow(guess: string, word: string): PictureCell[] {
  const marks = marksOf(guess, word);
  return Array.from(guess).map((letter, i) => ({
    text: isLetter(letter) ? letter : "",
    tone: TONES[marks[i] ?? "X"],
  }));
}

/** Wordle. */
export const wordle: Family = defineFamily({
  className: "WordleEnv",
  options: OPTIONS,
  prompts: PROMPTS,
  variants: {
    "game:Wordle-v0-hard": { word_length: 5, only_real_words: true, max_turns: 25 },
    "game:Wordle-v0-easy": { word_length: 3, only_real_words: true, max_turns: 15 },
    "game:Wordle-v0-random": { word_length: null, only_real_words: true, max_turns: null },
  },
  // Differs from upstream D07: an id without a level, for the easy one.
  aliases: { "game:Wordle-v0": "game:Wordle-v0-easy" },
  create: (init) => new WordleEnv(init),
});
