/**
 * Hangman: find a secret word by guessing letters, and name it.
 *
 * Action       last `\boxed{w}` in the reply, w letters a-z in any case: one is a guess of a letter, more of the word; anything else is a format error
 * Observation  English text; reset gives the rules, a step what was guessed; the suffix holds the letters found
 * Reward       letter: 0.5 x the share of places that have it · word: 0.5 + 0.5 x the share of places still hidden · wrong or repeated 0 · format error -0.1
 * Ends         terminated: the word is named, format error, out of turns; truncated: out of turns
 * Randomness   reset: [word_length and max_turns when one is null], the word, two examples in the rules; step: none
 * Source       gem-llm game:Hangman, behaviour in docs/parity.md
 */
import { z } from "zod";
import { GAME_REWARD } from "../../core/constants.ts";
import type { ResetResult } from "../../core/env.ts";
import { defineFamily, type Family } from "../../core/family.ts";
import type { OptionValues } from "../../core/options.ts";
import { Prompts } from "../../core/prompts.ts";
import type { AttributeView } from "../../core/seeded-env.ts";
import { lastBoxed } from "../../text/boxed.ts";
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
import type { Picture } from "../picture.ts";

// Differs from upstream D03: options that no game can be played with are refused when the environment is made.
const OPTIONS = {
  word_length: z
    .int()
    .min(1)
    .nullable()
    .default(5)
    .describe("a positive integer, or null to draw it at each reset"),
  hardcore: z
    .boolean()
    .nullable()
    .default(false)
    .describe("true for words of the large list, or false or null for those of Basic English"),
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
    "Play Hangman: find the secret English word of {word_length} letters within {max_turns} turns.\n" +
    "In each turn you guess either one letter, which is shown wherever it stands in the word, or the whole word. " +
    "Only naming the word wins, also when all of its letters are shown.\n" +
    "A letter earns half the share of places where it stands. The word earns 0.5, and half the share of places that are still hidden. " +
    "A wrong or repeated guess earns nothing. A reply without a valid answer loses 0.1 and ends the game.\n" +
    "Answer with a letter in \\boxed{{}}, for example {letter_example}, or with a word, for example {word_example}.",
  suffix: "The word so far, one column a letter:\n{board}\nWhich letter or word do you guess?",
  found: "Turn {turn_count} of {max_turns}: {guess} is in the word, {places} times.",
  found_once: "Turn {turn_count} of {max_turns}: {guess} is in the word, once.",
  absent: "Turn {turn_count} of {max_turns}: {guess} is not in the word.",
  repeated: "Turn {turn_count} of {max_turns}: you have guessed the letter {guess} before.",
  correct: "Turn {turn_count} of {max_turns}: {guess} is the word. You win.",
  wrong_word: "Turn {turn_count} of {max_turns}: {guess} is not the word.",
  wrong_length:
    "Turn {turn_count} of {max_turns}: your guess has {length} letters. Guess one letter, or all {word_length} of the word.",
  format_error:
    "Turn {turn_count} of {max_turns}: there is no answer of the form \\boxed{{letter}} or \\boxed{{word}} in your reply. " +
    "The game is over.",
  out_of_turns: "{observation} No turn is left: the word was {secret_word}.",
});

type PromptName = PromptNames<typeof PROMPTS>;
type HangmanOptions = OptionValues<typeof OPTIONS>;

interface HangmanState extends WordGameState {
  /** A letter for each place, `_` while it is hidden. */
  board: string[];
  /** Letters guessed, in capitals, in the word or not. */
  guessed_letters: Set<string>;
}

const HIDDEN = "_";
const LETTERS = "abcdefghijklmnopqrstuvwxyz";

// Differs from upstream D05: case is that of ASCII. Without the flag `u`, `i` takes no long s for an s.
const GRAMMAR = /[a-z]+\}/iy;

/** What null options are drawn from. */
const DRAWN_GOALS: readonly WordGameGoal[] = [
  { word_length: 3, max_turns: 10 },
  { word_length: 5, max_turns: 15 },
  { word_length: 7, max_turns: 20 },
];

const boardView: AttributeView = {
  read: (stored: readonly string[]) => [...stored],
  write: (value, { word_length }: HangmanState) =>
    Array.isArray(value) &&
    value.length === word_length &&
    value.every((cell) => typeof cell === "string" && /^[A-Z_]$/.test(cell))
      ? value
      : undefined,
};

const VIEWS: Readonly<Record<string, AttributeView>> = {
  word_length: wordLengthView,
  max_turns: integerView({ min: 1 }),
  secret_word: secretWordView,
  board: boardView,
  guessed_letters: stringSetView,
  turn_count: integerView({ min: 0 }),
};

class HangmanEnv extends WordGameEnv<HangmanOptions, HangmanState, string, PromptName> {
  protected override readonly level = this.options.hardcore === true ? "large" : "basic";
  protected override state: HangmanState = {
    word_length: this.options.word_length ?? 0,
    max_turns: this.options.max_turns ?? 1,
    secret_word: "",
    board: [],
    guessed_letters: new Set(),
    turn_count: 0,
  };

  protected override drawnLengths(): readonly number[] {
    return DRAWN_GOALS.map(({ word_length }) => word_length);
  }

  protected override drawGoal(): WordGameGoal {
    return this.random.choice(DRAWN_GOALS);
  }

  protected override begin(goal: WordGameGoal, words: readonly string[]): ResetResult {
    this.state = {
      ...goal,
      secret_word: this.random.choice(words).toUpperCase(),
      board: new Array<string>(goal.word_length).fill(HIDDEN),
      guessed_letters: new Set(),
      turn_count: 0,
    };
    // Upstream quirk Q04: the rules' examples are drawn from the same stream as the game.
    const word_example = this.#drawFrom(words);
    const letter_example = this.#drawFrom(LETTERS);
    const rules = this.prompts.render("rules", { ...goal, word_example, letter_example });
    return [rules, this.suffixInfo()];
  }

  protected override readMove(reply: string): string | undefined {
    return lastBoxed(reply, GRAMMAR, "any-case")?.toUpperCase();
  }

  protected override play(guess: string): Outcome {
    return guess.length === 1 ? this.#playLetter(guess) : this.#playWord(guess);
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
    return this.prompts.render("suffix", { board: renderBoard(this.state.board) });
  }

  protected override drawGuess(words: readonly string[]): string {
    return this.random.choice(["word", "letter"]) === "word"
      ? this.#drawFrom(words)
      : this.#drawFrom(LETTERS);
  }

  protected override picture(): Picture {
    const { board, guessed_letters, secret_word } = this.state;
    const absent = [...guessed_letters].filter((letter) => !secret_word.includes(letter)).sort();
    return {
      rows: [
        board.map((cell) =>
          cell === HIDDEN ? { text: "", tone: "empty" } : { text: cell, tone: "good" },
        ),
      ],
      ...(absent.length === 0 ? {} : { notes: [`Not in the word: ${absent.join(" ")}`] }),
    };
  }

  protected override attributeViews(): Readonly<Record<string, AttributeView>> {
    return VIEWS;
  }

  protected override derivedNames(): readonly string[] {
    return [...super.derivedNames(), "hardcore"];
  }

  protected override derive(name: string): unknown {
    return name === "hardcore" ? this.options.hardcore : super.derive(name);
  }

  #playLetter(letter: string): Outcome {
    const { board, guessed_letters, secret_word } = this.state;
    if (guessed_letters.has(letter)) {
      return this.#outcome("repeated", letter, GAME_REWARD.invalidAction);
    }
    guessed_letters.add(letter);
    let places = 0;
    for (const [i, other] of Array.from(secret_word).entries()) {
      if (other !== letter) continue;
      board[i] = letter;
      places += 1;
    }
    if (places === 0) return this.#outcome("absent", letter, GAME_REWARD.internalStep);
    // Upstream quirk Q22: with all letters shown the game goes on until the word is named.
    const name = places === 1 ? "found_once" : "found";
    return this.#outcome(name, letter, (places / secret_word.length) * 0.5, false, places);
  }

  #playWord(word: string): Outcome {
    const { board, secret_word, word_length } = this.state;
    // Upstream quirk Q23: guesses of the word are not remembered, and the right one shows no letters: it can be repeated.
    if (word === secret_word) {
      const hidden = board.filter((cell) => cell === HIDDEN).length;
      return this.#outcome("correct", word, 0.5 * (hidden / word_length) + 0.5, true);
    }
    const name = word.length === word_length ? "wrong_word" : "wrong_length";
    return this.#outcome(name, word, GAME_REWARD.invalidAction);
  }

  /** One of these, in the form of an answer. */
  #drawFrom(guesses: ArrayLike<string>): string {
    return `\\boxed{${this.random.choice(guesses).toUpperCase()}}`;
  }

  #outcome(name: PromptName, guess: string, reward: number, ended = false, places = 0): Outcome {
    const { turn_count, max_turns, word_length } = this.state;
    const fields = { turn_count, max_turns, word_length, guess, length: guess.length, places };
    return { observation: this.prompts.render(name, fields), reward, ended };
  }
}

/** A line of column names, counted from 0, and a line of letters. */
function renderBoard(board: readonly string[]): string {
  const names = board.map((_, i) => `C${String(i).padStart(2, "0")}`).join(" ");
  return `${names}\n${board.map((cell) => `  ${cell} `).join("")}`;
}

/** Hangman. */
export const hangman: Family = defineFamily({
  className: "HangmanEnv",
  options: OPTIONS,
  prompts: PROMPTS,
  variants: {
    "game:Hangman-v0-random": { word_length: null, hardcore: false, max_turns: null },
    "game:Hangman-v0-easy": { word_length: 3, hardcore: false, max_turns: 10 },
    "game:Hangman-v0-hard": { word_length: 7, hardcore: false, max_turns: 20 },
  },
  // Differs from upstream D07: an id without a level, for the easy one.
  aliases: { "game:Hangman-v0": "game:Hangman-v0-easy" },
  create: (init) => new HangmanEnv(init),
});
