/**
 * Word Search: find words that are hidden among letters, by where they start and end.
 *
 * Action       last `\boxed{r1 c1 r2 c2}` in the reply: rows and columns of both ends, white space between; anything else is a format error
 * Observation  English text; reset gives the rules, a step what happened; the suffix holds the board and how many words are found
 * Reward       a word 1 / number of words · anything else 0 · format error -0.1
 * Ends         terminated: all words found, format error, out of turns; truncated: out of turns
 * Randomness   reset: [hardcore when an option is null], words, an orientation for each, a shuffle of each further word's crossings, a letter for each free cell; step: none
 * Source       gem-llm game:WordSearch, behaviour in docs/parity.md
 */
import { z } from "zod";
import { GAME_REWARD } from "../../../core/constants.ts";
import type { ResetResult } from "../../../core/env.ts";
import { defineFamily, type Family } from "../../../core/family.ts";
import { all, chain, type MaybePromise } from "../../../core/maybe-promise.ts";
import type { OptionValues } from "../../../core/options.ts";
import { Prompts } from "../../../core/prompts.ts";
import type { AttributeView } from "../../../core/seeded-env.ts";
import { Tuple } from "../../../protocol/values.ts";
import { lastBoxed } from "../../../text/boxed.ts";
import { MAX_DIGITS } from "../../../text/digits.ts";
import { WHITE_SPACE } from "../../../text/white-space.ts";
import { integerView } from "../../attribute-views.ts";
import { dictionaryOption } from "../../dictionary/dictionary.ts";
import { GameEnv, type Outcome, type PromptNames, type TurnState } from "../../game-env.ts";
import type { Picture } from "../../picture.ts";
import {
  cellsOf,
  gridPicture,
  gridView,
  layOut,
  placedWordsView,
  renderGrid,
  sideOf,
  UNUSED,
  type PlacedWord,
} from "../../word-grid.ts";
import { loadHideableWords } from "./hideable-words.ts";

// Differs from upstream D03: options that no game can be played with are refused when the environment is made.
const OPTIONS = {
  hardcore: z
    .boolean()
    .nullable()
    .default(false)
    .describe(
      "false for words of Basic English, true for those of the large list, or null to draw it at each reset",
    ),
  max_turns: z
    .int()
    .min(1)
    .nullable()
    .default(20)
    .describe("a positive integer, or null to draw the game at each reset"),
  num_words: z
    .int()
    .min(1)
    .max(100)
    .nullable()
    .default(5)
    .describe("an integer from 1 to 100, or null to draw the game at each reset"),
  // Differs from upstream D28: there the words are always those of NLTK's corpus.
  dictionary: dictionaryOption,
};

const PROMPTS = Prompts.define({
  rules:
    "Play Word Search: find words that are hidden on the board, {words} in all, within {max_turns} turns, one a turn. " +
    "You are not told which words they are.\n" +
    "Each runs across (left to right) or down in a straight line, and words may cross. Other cells hold random letters. " +
    "Rows and columns count from 0; cells of words that you have found are shown in brackets.\n" +
    "Each word that you find earns 1/{words}; with the last one the game ends. A line that is none of the hidden words earns " +
    "nothing and takes a turn, so does one that you have tried before. A reply without a valid answer loses 0.1 and ends the game.\n" +
    "Answer with the row and column of the first letter and the row and column of the last letter in \\boxed{{}}, " +
    "for example \\boxed{{2 1 2 5}} for a word of five letters in row 2.",
  suffix: "Board:\n{board}\nWords found: {found} of {words}.\nWhere is the next word?",
  found: "Turn {turn_count} of {max_turns}: {word} is one of the words.",
  solved: "Turn {turn_count} of {max_turns}: {word} is one of the words. You have found them all.",
  missed: "Turn {turn_count} of {max_turns}: none of the words has these ends.",
  crooked: "Turn {turn_count} of {max_turns}: both ends of a word lie in one row or in one column.",
  repeated: "Turn {turn_count} of {max_turns}: you have tried these ends before.",
  off_board:
    "Turn {turn_count} of {max_turns}: that is not on the board, whose rows and columns run from 0 to {last}.",
  format_error:
    "Turn {turn_count} of {max_turns}: there is no answer such as \\boxed{{2 1 2 5}} in your reply. The game is over.",
  out_of_turns: "{observation} No turn is left: {found} of {words} words are found.",
});

type WordSearchOptions = OptionValues<typeof OPTIONS>;

/** A number of a reply, a bigint where a number would not be exact. */
type Coordinate = number | bigint;

/** Row and column of one end, row and column of the other. */
type Ends = readonly [Coordinate, Coordinate, Coordinate, Coordinate];

interface WordSearchState extends TurnState {
  hardcore: boolean;
  num_words: number;
  /** The letters, row by row. */
  game_board: string;
  /** Words in capitals. */
  placed_words: readonly PlacedWord[];
  /** Those of them that are found. */
  correct_words: Set<string>;
  /** Every well-formed answer. */
  attempts: Ends[];
}

/** Words that an environment draws from, by the value of `hardcore`; null where it never does. */
interface Words {
  readonly basic: readonly string[] | null;
  readonly large: readonly string[] | null;
}

// Differs from upstream D01: only the digits 0-9 count, not those of other scripts.
const GRAMMAR = new RegExp(
  `${Array.from({ length: 4 }, () => "\\d+").join(`${WHITE_SPACE}+`)}\\}`,
  "y",
);

const LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";

const correctWordsView: AttributeView = {
  read: (words: ReadonlySet<string>) => new Set(words),
  write: (value, { placed_words }: WordSearchState) =>
    value instanceof Set && placed_words.filter(({ word }) => value.has(word)).length === value.size
      ? value
      : undefined,
};

const VIEWS: Readonly<Record<string, AttributeView>> = {
  hardcore: { read: (hardcore: boolean) => hardcore },
  num_words: { read: (count: number) => count },
  max_turns: integerView({ min: 1 }),
  game_board: gridView,
  placed_words: placedWordsView,
  correct_words: correctWordsView,
  attempts: { read: (attempts: readonly Ends[]) => attempts.map((ends) => new Tuple([...ends])) },
  turn_count: integerView({ min: 0 }),
};

class WordSearchEnv extends GameEnv<
  WordSearchOptions,
  WordSearchState,
  Ends,
  PromptNames<typeof PROMPTS>
> {
  protected override state: WordSearchState = {
    hardcore: this.options.hardcore ?? false,
    num_words: this.options.num_words ?? 0,
    max_turns: this.options.max_turns ?? 1,
    game_board: "",
    placed_words: [],
    correct_words: new Set(),
    attempts: [],
    turn_count: 0,
  };
  /** What words are drawn from, once they are loaded: the same at every reset. */
  #words: Words | undefined;

  protected override onReset(): MaybePromise<ResetResult> {
    if (this.#words !== undefined) return this.#begin(this.#words);
    return chain(this.#load(), (words) => {
      this.#words = words;
      return this.#begin(words);
    });
  }

  #begin(words: Words): ResetResult {
    const { hardcore, num_words, max_turns } = this.#drawGame();
    const list = (hardcore ? words.large : words.basic) ?? [];
    const hidden = this.random
      .sample(list, Math.min(num_words, list.length))
      .map((word) => word.toUpperCase())
      .sort((a, b) => b.length - a.length);
    const { cells, placed } = layOut(hidden, this.random, "all");
    for (const [i, cell] of cells.entries()) {
      if (cell === UNUSED) cells[i] = this.random.choice<string>(LETTERS);
    }
    this.state = {
      hardcore,
      num_words,
      max_turns,
      game_board: cells.join(""),
      placed_words: placed,
      correct_words: new Set(),
      attempts: [],
      turn_count: 0,
    };
    return [this.prompts.render("rules", { words: placed.length, max_turns }), this.suffixInfo()];
  }

  protected override readMove(reply: string): Ends | undefined {
    const numbers = lastBoxed(reply, GRAMMAR)?.match(/\d+/g) ?? [];
    // Differs from upstream D39: a longer number is a format error; upstream raises.
    if (numbers.some((digits) => digits.length > MAX_DIGITS)) return undefined;
    const [r1, c1, r2, c2] = numbers.map(toCoordinate);
    if (r1 === undefined || c1 === undefined || r2 === undefined || c2 === undefined)
      return undefined;
    return [r1, c1, r2, c2];
  }

  protected override play(ends: Ends): Outcome {
    const { game_board, placed_words, correct_words, attempts } = this.state;
    const side = sideOf(game_board);
    const isRepeated = attempts.some((tried) => tried.every((number, i) => number === ends[i]));
    attempts.push(ends);
    let name: PromptNames<typeof PROMPTS> = "missed";
    let word = "";
    if (ends.some((number) => number >= side)) name = "off_board";
    else if (isRepeated) name = "repeated";
    else if (ends[0] !== ends[2] && ends[1] !== ends[3]) name = "crooked";
    else {
      // Upstream quirk Q34: a word that is found already is paid again when its ends are named the other way round.
      const found = placed_words.find((placed) => hasEnds(placed, ends));
      if (found !== undefined) {
        ({ word } = found);
        correct_words.add(word);
        name = "found";
      }
    }
    const isSolved = correct_words.size === placed_words.length;
    const reward = name === "found" ? 1 / placed_words.length : GAME_REWARD.invalidAction;
    if (name === "found" && isSolved) name = "solved";
    return { observation: this.#tell(name, word), reward, ended: isSolved };
  }

  protected override runOutOfTurns(_ends: Ends, { observation, reward }: Outcome): Outcome {
    const fields = { observation, ...this.#progress() };
    return { observation: this.prompts.render("out_of_turns", fields), reward, ended: true };
  }

  protected override formatErrorText(): string {
    const { turn_count, max_turns } = this.state;
    return this.prompts.render("format_error", { turn_count, max_turns });
  }

  protected override taskSuffix(): string {
    const board = renderGrid(this.state.game_board, this.#foundCells());
    return this.prompts.render("suffix", { board, ...this.#progress() });
  }

  protected override picture(): Picture {
    const marked = this.#foundCells();
    const { found, words } = this.#progress();
    const picture = gridPicture(this.state.game_board, (text, cell) => ({
      text,
      tone: marked.has(cell) ? "good" : "plain",
    }));
    const names = [...this.state.correct_words].join(", ");
    return { ...picture, notes: [`Found ${found} of ${words}${names && `: ${names}`}`] };
  }

  // Differs from upstream D38: its draws are these, but brackets in its box make it a format error.
  protected override drawAction(): string {
    const last = sideOf(this.state.game_board) - 1;
    const numbers = Array.from({ length: 4 }, () => this.random.randint(0, last));
    return `\\boxed{${numbers.join(" ")}}`;
  }

  protected override attributeViews(): Readonly<Record<string, AttributeView>> {
    return VIEWS;
  }

  protected override derivedNames(): readonly string[] {
    return ["highlighted_positions"];
  }

  protected override derive(): unknown {
    const side = sideOf(this.state.game_board);
    const cells = [...this.#foundCells()];
    return new Set(cells.map((cell) => new Tuple([Math.floor(cell / side), cell % side])));
  }

  /** The lists that a reset may draw from; they are there before anything is drawn. */
  #load(): MaybePromise<Words> {
    const { hardcore, num_words, max_turns, dictionary } = this.options;
    const isDrawn = hardcore === null || num_words === null || max_turns === null;
    const load = (level: "basic" | "large"): MaybePromise<readonly string[]> =>
      loadHideableWords(this.id, dictionary, level, this.host);
    const lists = all<readonly string[] | null>([
      isDrawn || !hardcore ? load("basic") : null,
      isDrawn || hardcore ? load("large") : null,
    ]);
    return chain(lists, ([basic = null, large = null]) => ({ basic, large }));
  }

  #drawGame(): Pick<WordSearchState, "hardcore" | "num_words" | "max_turns"> {
    const { hardcore, num_words, max_turns } = this.options;
    if (hardcore !== null && num_words !== null && max_turns !== null) {
      return { hardcore, num_words, max_turns };
    }
    // Upstream quirk Q06: one null makes all three drawn, also those that were given.
    return { hardcore: this.random.choice([false, true]), num_words: 5, max_turns: 20 };
  }

  /** The cells of found words. */
  #foundCells(): ReadonlySet<number> {
    const { game_board, placed_words, correct_words } = this.state;
    const side = sideOf(game_board);
    const found = placed_words.filter(({ word }) => correct_words.has(word));
    return new Set(found.flatMap((placed) => cellsOf(placed, side)));
  }

  #progress(): { readonly found: number; readonly words: number } {
    const { correct_words, placed_words } = this.state;
    return { found: correct_words.size, words: placed_words.length };
  }

  #tell(name: PromptNames<typeof PROMPTS>, word: string): string {
    const { turn_count, max_turns, game_board } = this.state;
    const last = sideOf(game_board) - 1;
    return this.prompts.render(name, { turn_count, max_turns, word, last });
  }
}

function toCoordinate(digits: string): Coordinate {
  const number = Number(digits);
  return Number.isSafeInteger(number) ? number : BigInt(digits);
}

/** Whether a word lies between these ends, in either direction. */
function hasEnds({ word, row, column, orientation }: PlacedWord, ends: Ends): boolean {
  const [lastRow, lastColumn] =
    orientation === "across" ? [row, column + word.length - 1] : [row + word.length - 1, column];
  const [r1, c1, r2, c2] = ends;
  return (
    (r1 === row && c1 === column && r2 === lastRow && c2 === lastColumn) ||
    (r2 === row && c2 === column && r1 === lastRow && c1 === lastColumn)
  );
}

/** Word Search. */
export const wordSearch: Family = defineFamily({
  className: "WordSearchEnv",
  options: OPTIONS,
  prompts: PROMPTS,
  variants: {
    "game:WordSearch-v0-easy": { num_words: 5, max_turns: 20, hardcore: false },
    "game:WordSearch-v0-hard": { num_words: 5, max_turns: 20, hardcore: true },
    "game:WordSearch-v0-random": { num_words: null, max_turns: null, hardcore: null },
  },
  // Differs from upstream D07: an id without a level, for the easy one.
  aliases: { "game:WordSearch-v0": "game:WordSearch-v0-easy" },
  create: (init) => new WordSearchEnv(init),
});
