import { show } from "../../../errors.ts";

/** A word with its clue. */
export interface Clue {
  readonly word: string;
  /** As in its source; see `printedClue`. */
  readonly text: string;
}

/** Clues by level, each in the order of the source. */
export interface ClueSet {
  readonly everyday: readonly Clue[];
  readonly hard: readonly Clue[];
}

/** A caller's record: a word, its level, and clues, of which the first is used. */
export interface ClueRecord {
  readonly word: string;
  readonly hardcore: boolean;
  readonly clues: Readonly<Record<string, string>>;
}

/** The form of a record, for messages. */
export const RECORD_FORM = '{"word": "river", "hardcore": false, "clues": {"1": "It flows"}}';

/** Letters of a word: a longer one would make a board that nobody can read. */
const MAX_WORD = 40;

/** Characters of a clue. */
const MAX_CLUE = 1000;

/** Collects records into a set, and says of a wrong one what is wrong with it. */
export class ClueCollector implements ClueSet {
  readonly everyday: Clue[] = [];
  readonly hard: Clue[] = [];
  readonly #known = new Set<string>();

  /** Adds a record; a sentence on what is wrong with it when it cannot be added. */
  add(record: unknown): string | undefined {
    if (!isMap(record)) return `it is not of the form ${RECORD_FORM}`;
    const { word, hardcore, clues } = record;
    if (typeof word !== "string" || !/^[a-z]+$/i.test(word) || word.length > MAX_WORD)
      return `its "word" must be 1 to ${String(MAX_WORD)} letters A to Z, got ${show(word)}`;
    if (typeof hardcore !== "boolean")
      return `its "hardcore" must be true or false, got ${show(hardcore)}`;
    const text = firstOf(clues);
    if (typeof text !== "string" || text.trim() === "" || text.length > MAX_CLUE)
      return `its "clues" must map numbers to texts, the first of 1 to ${String(MAX_CLUE)} characters, got ${show(clues)}`;
    const key = `${word} ${String(hardcore)}`;
    if (this.#known.has(key)) return `there is another record of ${show(word)} before it`;
    this.#known.add(key);
    (hardcore ? this.hard : this.everyday).push({ word, text });
    return undefined;
  }

  /** A sentence on a level that has no words though it is wanted, or undefined; a null level wants both. */
  complaint(hardcore: boolean | null): string | undefined {
    const lacking = [
      ...(hardcore !== true && this.everyday.length === 0 ? ["false"] : []),
      ...(hardcore !== false && this.hard.length === 0 ? ["true"] : []),
    ];
    if (lacking.length === 0) return undefined;
    return `there is no record with "hardcore" ${lacking.join(" and none with ")}`;
  }
}

/**
 * A clue as players read it: without blanks at its end, and without a count of letters there, which may be wrong.
 *
 * Differs from upstream D41: the count that is printed behind a clue is the word's own.
 */
export function printedClue(text: string): string {
  const trimmed = text.trim();
  const count = trimmed.lastIndexOf("(");
  if (count <= 0 || !/^\(\d+ letters?\)\.?$/.test(trimmed.slice(count))) return trimmed;
  return trimmed.slice(0, count).trimEnd();
}

/** The first text of a map; a Python map whose keys are numbers comes as a `Map`. */
function firstOf(clues: unknown): unknown {
  if (clues instanceof Map) return [...(clues as Map<unknown, unknown>).values()][0];
  return isMap(clues) ? Object.values(clues)[0] : undefined;
}

function isMap(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
