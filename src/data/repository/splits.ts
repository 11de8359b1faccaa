/** Which files are which split, by the rules of Python's `datasets`. */
import { GemError, show } from "../../errors.ts";
import { EXTENSIONS } from "./extensions.data.ts";
import { baseName, extensionsOf, isGlob, matching } from "./glob.ts";

/** The patterns of each split, in the order of the splits. */
export type Patterns = ReadonlyMap<string, readonly string[]>;

/** The kind of data, and the files of each split. */
export interface SplitFiles {
  readonly module: string;
  readonly splits: ReadonlyMap<string, readonly string[]>;
}

const DEFAULT_SPLITS = ["train", "validation", "test"] as const;
const KEYWORDS = {
  train: ["train", "training"],
  validation: ["validation", "valid", "dev", "val"],
  test: ["test", "testing", "eval", "evaluation"],
} as const;
const SEPARATOR = "[-._ 0-9]";
const SHARDS = "[0-9][0-9][0-9][0-9][0-9]-of-[0-9][0-9][0-9][0-9][0-9]*.*";
const SPLIT_NAME = /^\w+(?:\.\w+)*$/;

/** A word in a folder's name stands before one in a file's name. */
const BY_NAME: readonly Patterns[] = [
  new Map([["logs", ["**/*.eval"]]]),
  new Map([["test", ["**/task.toml", "**/instruction.md"]]]),
  keywordPatterns((word) => [
    `**/${word}/**`,
    `**/${word}${SEPARATOR}*/**`,
    `**/*${SEPARATOR}${word}/**`,
    `**/*${SEPARATOR}${word}${SEPARATOR}*/**`,
  ]),
  keywordPatterns((word) => [`**/${word}${SEPARATOR}*`, `**/*${SEPARATOR}${word}${SEPARATOR}*`]),
  new Map([["train", ["**"]]]),
];

const MODULES = new Map(
  Object.entries(EXTENSIONS).flatMap(([module, extensions]) =>
    extensions.split(" ").map((extension) => [extension, module] as const),
  ),
);
/** Which extension counts when several are as common. */
const FAVOURITES = ["csv", "json", "jsonl", "arrow", "vortex", "lance", "parquet"];

function keywordPatterns(patterns: (word: string) => readonly string[]): Patterns {
  return new Map(DEFAULT_SPLITS.map((split) => [split, KEYWORDS[split].flatMap(patterns)]));
}

/**
 * The patterns of a folder that does not say them itself.
 *
 * @param files paths from the folder, sorted
 * @throws GEM_UNAVAILABLE when there is no file of data, GEM_INVALID_OPTION for a split whose name cannot be one
 */
export function defaultPatterns(title: string, files: readonly string[]): Patterns {
  const sharded = matching(`data/*-${SHARDS}`, files);
  if (sharded.length > 0) {
    const names = sharded.map(splitOfShard);
    const wrong = names.find((name) => !SPLIT_NAME.test(name));
    if (wrong !== undefined) {
      const message = `${title} has files of a split ${show(wrong)}, which is no name for a split.`;
      throw new GemError("GEM_INVALID_OPTION", message);
    }
    const others = names.filter((name) => !DEFAULT_SPLITS.some((split) => split === name)).sort();
    const splits = new Set([...DEFAULT_SPLITS.filter((split) => names.includes(split)), ...others]);
    return new Map([...splits].map((split) => [split, [`data/${split}-${SHARDS}`]]));
  }
  for (const patterns of BY_NAME) {
    const found = [...patterns].filter(([, list]) =>
      list.some((pattern) => matching(pattern, files).length > 0),
    );
    if (found.length > 0) return new Map(found);
  }
  throw new GemError("GEM_UNAVAILABLE", `${title} holds no files of data.`, { retryable: false });
}

/**
 * The files of each split.
 *
 * @param files paths, sorted
 * @throws GEM_UNAVAILABLE when a file that is named is not there, or no file is one of data
 */
export function splitFiles(
  title: string,
  patterns: Patterns,
  files: readonly string[],
): SplitFiles {
  const found = new Map<string, string[]>();
  for (const [split, list] of patterns) {
    const matched = list.flatMap((pattern) => filesOf(title, pattern, files));
    if (matched.length > 0) found.set(split, matched);
  }
  const modules = new Set([...found.values()].map(moduleOf));
  const [module, ...others] = modules;
  if (others.length > 0) {
    const kinds = [...modules].map((name) => name ?? "unknown").join(", ");
    const message = `The splits of ${title} are of different kinds: ${kinds}.`;
    throw new GemError("GEM_UNSUPPORTED", message);
  }
  if (module === undefined) {
    const message = `${title} holds no files of data that are known.`;
    throw new GemError("GEM_UNAVAILABLE", message, { retryable: false });
  }
  const own = [...found].map(
    ([split, list]) => [split, list.filter((file) => isOf(module, file))] as const,
  );
  return { module, splits: new Map(own) };
}

/** What stands before the numbers of a part. */
function splitOfShard(file: string): string {
  const name = baseName(file);
  return name.slice(0, name.lastIndexOf("-of-") - "-00000".length);
}

function filesOf(title: string, pattern: string, files: readonly string[]): string[] {
  if (pattern.includes("://")) {
    const message = `${title} names data elsewhere, ${show(pattern)}; only its own files are read.`;
    throw new GemError("GEM_UNSUPPORTED", message);
  }
  const found = matching(pattern, files).filter((file) =>
    extensionsOf(file).some((extension) => extension === "zip" || MODULES.has(extension)),
  );
  if (found.length > 0 || isGlob(pattern)) return found;
  const message = `${title} should have a file of data ${show(pattern)}, and has none.`;
  throw new GemError("GEM_UNAVAILABLE", message, { retryable: false });
}

function isOf(module: string, file: string): boolean {
  return extensionsOf(file).some((extension) => MODULES.get(extension) === module);
}

/** What most of the files are. */
function moduleOf(files: readonly string[]): string | undefined {
  const counts = new Map<string, number>();
  for (const extension of files.flatMap(extensionsOf)) {
    const lower = extension.toLowerCase();
    counts.set(lower, (counts.get(lower) ?? 0) + 1);
  }
  const ranked = [...counts].sort(
    ([a, countA], [b, countB]) =>
      countB - countA || FAVOURITES.indexOf(b) - FAVOURITES.indexOf(a) || (a < b ? 1 : -1),
  );
  const known = ranked.find(([extension]) => MODULES.has(extension));
  return known === undefined ? undefined : MODULES.get(known[0]);
}
