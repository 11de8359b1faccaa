import type { ResetOptions, ResetResult, Seed } from "../../core/env.ts";
import { chain, type MaybePromise } from "../../core/maybe-promise.ts";
import type { AttributeView } from "../../core/seeded-env.ts";
import { GemError } from "../../errors.ts";
import { GameEnv, type TurnState } from "../game-env.ts";
import { loadWords, type DictionarySource, type WordList } from "./dictionary.ts";

/** The options that every game with a secret word has. */
export interface WordGameOptions {
  readonly word_length: number | null;
  readonly max_turns: number | null;
  readonly dictionary: DictionarySource;
}

/** What the state of every game with a secret word holds besides its own entries. */
export interface WordGameState extends TurnState {
  /** 0 before the first reset where it is drawn. */
  word_length: number;
  /** In capitals. */
  secret_word: string;
}

/** Length and turns of an episode. */
export type WordGameGoal = Pick<WordGameState, "word_length" | "max_turns">;

/** How the entries of `WordGameState` look to clients. */
export const secretWordView: AttributeView = {
  read: (word: string) => word,
  write: (value, { word_length }: WordGameState) =>
    typeof value === "string" && value.length === word_length && /^[A-Z]+$/.test(value)
      ? value
      : undefined,
};

/** A length that the words follow from; read-only. */
export const wordLengthView: AttributeView = { read: (length: number) => length };

/** A set of strings. */
export const stringSetView: AttributeView = {
  read: (stored: ReadonlySet<string>) => new Set(stored),
  write: (value) =>
    value instanceof Set && [...value].every((item) => typeof item === "string")
      ? value
      : undefined,
};

/**
 * A game about a secret word from a dictionary.
 *
 * The words follow from the options, so they are no part of the state: they are read when they are first needed, which in a
 * copy of an environment is later than the reset.
 */
export abstract class WordGameEnv<
  Options extends WordGameOptions,
  State extends WordGameState,
  Move,
  PromptName extends string,
> extends GameEnv<Options, State, Move, PromptName> {
  #words: WordList | undefined;

  /** Which of the two lists of a dictionary that has two the words come from. */
  protected abstract readonly level: "basic" | "large";

  /** Lengths and turns that an episode draws from where one of the two options is null. */
  protected abstract drawnLengths(): readonly number[];

  /** Draws length and turns. */
  protected abstract drawGoal(): WordGameGoal;

  /** Starts an episode whose secret word is one of these. */
  protected abstract begin(goal: WordGameGoal, words: readonly string[]): ResetResult;

  /** A random action that guesses one of these words, or something else. */
  protected abstract drawGuess(words: readonly string[]): string;

  override reset(seed?: Seed | null, options: ResetOptions = {}): MaybePromise<ResetResult> {
    if (this.phase === "closed") return super.reset(seed, options);
    // Before the stream is seeded: a reset that cannot have its words changes nothing.
    return chain(this.#load(), () => super.reset(seed, options));
  }

  protected override onReset(): MaybePromise<ResetResult> {
    return chain(this.#load(), (words) => {
      const goal = this.#goal();
      return this.begin(goal, words.ofLength(goal.word_length));
    });
  }

  protected override drawAction(): MaybePromise<string> {
    return chain(this.#available(), (words) => this.drawGuess(words));
  }

  protected override derivedNames(): readonly string[] {
    return ["available_words"];
  }

  protected override derive(name: string): unknown {
    if (name !== "available_words") return super.derive(name);
    if (this.phase === "new") return [];
    return chain(this.#available(), (words) => [...words]);
  }

  /** The words that the secret word was drawn from. */
  #available(): MaybePromise<readonly string[]> {
    return chain(this.#load(), (words) => words.ofLength(this.state.word_length));
  }

  #goal(): WordGameGoal {
    const { word_length, max_turns } = this.options;
    if (word_length !== null && max_turns !== null) return { word_length, max_turns };
    // Upstream quirk Q06: one null makes both drawn, also the one that was given.
    return this.drawGoal();
  }

  /** The dictionary. @throws GEM_INVALID_OPTION when it is not there, or has no words of a length that a reset may need */
  #load(): MaybePromise<WordList> {
    if (this.#words !== undefined) return this.#words;
    const { dictionary } = this.options;
    return chain(loadWords(this.id, dictionary, this.level, this.host), (words) => {
      this.#checkLengths(words);
      this.#words = words;
      return words;
    });
  }

  // Differs from upstream D29: a length without words is an error that names the lengths there are; upstream's `choice` fails.
  #checkLengths(words: WordList): void {
    const { word_length, max_turns } = this.options;
    const needed = word_length !== null && max_turns !== null ? [word_length] : this.drawnLengths();
    const missing = needed.find((length) => words.ofLength(length).length === 0);
    if (missing === undefined) return;
    const lengths = words.lengths.join(", ");
    const there = lengths === "" ? "none of any length" : `words of these lengths: ${lengths}`;
    throw new GemError(
      "GEM_INVALID_OPTION",
      `The dictionary of ${this.id} has no words of ${String(missing)} letters a to z, but ${there}. ` +
        'Set "word_length" to one of them, or "dictionary" to another list.',
    );
  }
}
