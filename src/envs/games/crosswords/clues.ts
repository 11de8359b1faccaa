/** The clues that the game draws from: those that ship with the package, a file's, or the caller's own. */
import { readFileSync, statSync } from "node:fs";
import { resolve } from "node:path";
import { z } from "zod";
import type { EnvHost, Work } from "../../../core/host.ts";
import type { MaybePromise } from "../../../core/maybe-promise.ts";
import { GemError } from "../../../errors.ts";
import { Tuple } from "../../../protocol/values.ts";
import { SharedWork } from "../../dictionary/shared-work.ts";
import { ClueCollector, RECORD_FORM, type Clue, type ClueSet } from "./clue-record.ts";
import { EVERYDAY_CLUES, HARD_CLUES } from "./clues.data.ts";

/** Where clues come from; `cluesOption` describes the values. */
export type ClueSource = string | readonly unknown[] | null;

/** More records go into a file: an option is checked in one go and kept by each environment. */
const MAX_LISTED_RECORDS = 5000;

/** Bytes that a file of clues may have; it is read in one go. */
const MAX_FILE_BYTES = 8 * 2 ** 20;

/** The option `clues`; the records of a list are checked by `cluesComplaint`. */
export const cluesOption: z.ZodType<ClueSource> = z
  .preprocess(
    (value) => (value instanceof Tuple ? value.items : value),
    z.union([z.string().min(1), z.array(z.unknown()).min(1).max(MAX_LISTED_RECORDS)]).nullable(),
  )
  .default(null)
  .describe(
    "null (the clues that come with the package), the path of a JSONL file with one record a line, " +
      `or a list of 1 to ${String(MAX_LISTED_RECORDS)} records such as ${RECORD_FORM}`,
  );

/**
 * A sentence on clues that cannot be used for a level (null: for both), or undefined.
 *
 * Of a file it says only whether it is there: `loadClues` reads it.
 */
export function cluesComplaint(source: ClueSource, hardcore: boolean | null): string | undefined {
  if (source === null) return undefined;
  if (typeof source === "string") return fileComplaint(resolve(source));
  const set = new ClueCollector();
  for (const [i, record] of source.entries()) {
    const problem = set.add(record);
    if (problem !== undefined) return `Record ${String(i + 1)} of the option "clues": ${problem}.`;
  }
  const lack = set.complaint(hardcore);
  return lack === undefined ? undefined : `In the option "clues" ${lack}.`;
}

function fileComplaint(path: string): string | undefined {
  try {
    stampOf(path);
    return undefined;
  } catch (error) {
    return cannotRead(path, error);
  }
}

/**
 * The clues of a source. A file is read once a process, however many environments ask for it.
 *
 * @param owner the environment that asks, for messages
 * @param hardcore the level that there must be words of; null for both
 * @param host gets the reading of a file
 * @throws GEM_INVALID_OPTION when there is no such file, or it has a wrong record, or none of the level
 */
export function loadClues(
  owner: string,
  source: ClueSource,
  hardcore: boolean | null,
  host: EnvHost,
): MaybePromise<ClueSet> {
  if (source === null) return shippedClues();
  if (typeof source === "string") return host.run(fromFile(owner, resolve(source), hardcore));
  const set = new ClueCollector();
  for (const record of source) set.add(record);
  return set;
}

let shipped: ClueSet | undefined;

/** Differs from upstream D40: its hundred clues are not ours to ship; these are made from WordNet's definitions. */
function shippedClues(): ClueSet {
  shipped ??= { everyday: readPairs(EVERYDAY_CLUES), hard: readPairs(HARD_CLUES) };
  return shipped;
}

function readPairs(text: string): Clue[] {
  return text.split("\n").map((line) => {
    const blank = line.indexOf(" ");
    return { word: line.slice(0, blank), text: line.slice(blank + 1) };
  });
}

/** Files that are kept in memory; the one that was read first goes first. */
const MAX_FILES = 8;

/** Lines between two interruptions: about 100 µs of work. */
const BATCH_LINES = 20;

interface ReadFile {
  /** Changes with the file. */
  readonly stamp: string;
  readonly set: SharedWork<ClueCollector>;
}

const files = new Map<string, ReadFile>();

function* fromFile(owner: string, path: string, hardcore: boolean | null): Work<ClueSet> {
  try {
    const stamp = stampOf(path);
    let file = files.get(path);
    if (file?.stamp !== stamp) {
      file = { stamp, set: new SharedWork(readFile(path)) };
      files.delete(path);
      files.set(path, file);
      const [oldest] = files.keys();
      if (files.size > MAX_FILES && oldest !== undefined) files.delete(oldest);
    }
    const set = yield* file.set.join();
    const lack = set.complaint(hardcore);
    if (lack !== undefined) throw new Error(lack);
    return set;
  } catch (error) {
    files.delete(path);
    throw new GemError("GEM_INVALID_OPTION", `${owner}: ${cannotRead(path, error)}`);
  }
}

function cannotRead(path: string, error: unknown): string {
  const reason = error instanceof Error ? error.message : String(error);
  return (
    `Clues cannot be read from "${path}": ${reason}. The option "clues" takes the path of a UTF-8 file, ` +
    `on the machine that runs the environment, with one record such as ${RECORD_FORM} a line.`
  );
}

function stampOf(path: string): string {
  const stat = statSync(path);
  if (!stat.isFile()) throw new Error("it is not a file");
  if (stat.size > MAX_FILE_BYTES)
    throw new Error(`it has more than ${String(MAX_FILE_BYTES)} bytes`);
  return [stat.mtimeMs, stat.size, stat.ino].join();
}

function* readFile(path: string): Work<ClueCollector> {
  const text = new TextDecoder("utf-8", { fatal: true }).decode(readFileSync(path));
  const set = new ClueCollector();
  for (const [i, line] of text.split("\n").entries()) {
    if (i % BATCH_LINES === BATCH_LINES - 1) yield;
    if (line.trim() === "") continue;
    const problem = set.add(parseJson(line));
    if (problem !== undefined) throw new Error(`line ${String(i + 1)} is no record: ${problem}`);
  }
  return set;
}

/** The value of a JSON text, undefined when it is none. */
function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
