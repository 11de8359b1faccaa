/** The words that word games draw from: lists that ship with the package, NLTK's, a file, or the caller's own. */
import { resolve } from "node:path";
import shippedLargeList from "word-list";
import { z } from "zod";
import type { EnvHost, Work } from "../../core/host.ts";
import type { MaybePromise } from "../../core/maybe-promise.ts";
import { GemError } from "../../errors.ts";
import { Tuple } from "../../protocol/values.ts";
import { BASIC_ENGLISH } from "./basic-english.data.ts";
import { nltkWordsFile } from "./nltk.ts";
import { SharedWork } from "./shared-work.ts";
import { readLines, stampOf } from "./word-file.ts";

/** Where words come from; `dictionaryOption` describes the values. */
export type DictionarySource = string | readonly string[] | null;

/** Longer lists go into a file: an option is checked in one go and kept by each environment. */
const MAX_LISTED_WORDS = 20_000;

// One predicate, since a schema for each word takes ten times as long.
const words = z.custom<readonly string[]>(
  (value) =>
    Array.isArray(value) &&
    value.length > 0 &&
    value.length <= MAX_LISTED_WORDS &&
    value.every((word) => typeof word === "string" && /^\S+$/.test(word)),
);

/** The option `dictionary` of word games. */
export const dictionaryOption: z.ZodType<DictionarySource> = z
  .preprocess(
    (value) => (value instanceof Tuple ? value.items : value),
    z.union([z.string().min(1), words]).nullable(),
  )
  .default(null)
  .describe(
    'null (the lists that come with the package), "nltk" (NLTK\'s corpus "words"), the path of a UTF-8 file with one word ' +
      `a line, or a list of 1 to ${String(MAX_LISTED_WORDS)} words without white space`,
  );

/** Words in the order of their source. It is shared by environments: nobody changes it. */
export class WordList {
  readonly words: readonly string[];
  readonly #byLength: ReadonlyMap<number, readonly string[]>;

  /** @param byLength length → the words of `words` that consist of so many letters a to z, in the same order */
  constructor(words: readonly string[], byLength: ReadonlyMap<number, readonly string[]>) {
    this.words = words;
    this.#byLength = byLength;
  }

  /** The words of `length` letters a to z, in order; no others, so none with capitals, hyphens or accents. */
  ofLength(length: number): readonly string[] {
    return this.#byLength.get(length) ?? [];
  }

  /** The lengths that `ofLength` has words of, ascending. */
  get lengths(): readonly number[] {
    return [...this.#byLength.keys()].sort((a, b) => a - b);
  }
}

/**
 * The words of a source. A file is read once a process, however many environments ask for it.
 *
 * @param owner the environment that asks, for messages
 * @param level which of the two lists of the package or of NLTK: 850 words of Basic English, or a quarter of a million; a file
 * and a list serve for both
 * @param host gets the reading and sorting, which takes tens of milliseconds for a large list
 * @throws GEM_INVALID_OPTION when there is no such corpus or file, or it is no UTF-8 text, or has no words
 */
export function loadWords(
  owner: string,
  source: DictionarySource,
  level: "basic" | "large",
  host: EnvHost,
): MaybePromise<WordList> {
  return host.run(load(owner, source, level));
}

/** Files that are kept in memory; the one that was read first goes first. */
const MAX_FILES = 8;

/** Words between two interruptions: about 100 µs of work. */
const BATCH_WORDS = 1000;

interface ReadFile {
  /** Changes with the file. */
  readonly stamp: string;
  readonly words: SharedWork<WordList>;
}

const files = new Map<string, ReadFile>();
const lists = new WeakMap<readonly string[], SharedWork<WordList>>();
let basicEnglish: readonly string[] | undefined;

function* load(owner: string, source: DictionarySource, level: "basic" | "large"): Work<WordList> {
  if (source === null && level === "basic") {
    basicEnglish ??= BASIC_ENGLISH.split(" ");
    return yield* sortOnce(basicEnglish);
  }
  if (source === null) return yield* readOnce(owner, shippedLargeList);
  if (typeof source !== "string") return yield* sortOnce(source);
  if (source !== "nltk") return yield* readOnce(owner, resolve(source));
  return yield* readOnce(owner, nltkWordsFile(owner, level === "basic" ? "en-basic" : "en"));
}

function* sortOnce(listed: readonly string[]): Work<WordList> {
  const sorting = lists.get(listed) ?? new SharedWork(sortByLength(listed));
  lists.set(listed, sorting);
  return yield* sorting.join();
}

function* readOnce(owner: string, path: string): Work<WordList> {
  try {
    const stamp = stampOf(path);
    let file = files.get(path);
    if (file?.stamp !== stamp) {
      file = { stamp, words: new SharedWork(read(path)) };
      files.delete(path);
      files.set(path, file);
      const [oldest] = files.keys();
      if (files.size > MAX_FILES && oldest !== undefined) files.delete(oldest);
    }
    return yield* file.words.join();
  } catch (error) {
    files.delete(path);
    const reason = error instanceof Error ? error.message : String(error);
    throw new GemError(
      "GEM_INVALID_OPTION",
      `The words of ${owner} cannot be read from "${path}": ${reason}. The option "dictionary" takes the path of ` +
        "a UTF-8 file with one word a line, on the machine that runs the environment.",
    );
  }
}

function* read(path: string): Work<WordList> {
  const lines = yield* readLines(path);
  if (lines.length === 0) throw new Error("it has no words");
  return yield* sortByLength(lines);
}

function* sortByLength(all: readonly string[]): Work<WordList> {
  const byLength = new Map<number, string[]>();
  for (const [i, word] of all.entries()) {
    if (i % BATCH_WORDS === BATCH_WORDS - 1) yield;
    if (!/^[a-z]+$/.test(word)) continue;
    const others = byLength.get(word.length);
    if (others === undefined) byLength.set(word.length, [word]);
    else others.push(word);
  }
  return new WordList(all, byLength);
}
