/** From a listing of files to the files of one split, as Python's `datasets` does it. */
import { didYouMean, GemError, show } from "../../errors.ts";
import type { Format } from "../formats/format.ts";
import { readCard, type Configuration } from "./card.ts";
import { extensionsOf } from "./glob.ts";
import { defaultPatterns, splitFiles } from "./splits.ts";

/** Files that are listed and can be read. */
export interface Listing {
  /** What they are, for messages. */
  readonly title: string;
  /** Paths with forward slashes from the top. */
  readonly files: readonly string[];
  /** The text of a small file of the listing. */
  read(path: string): Promise<string>;
}

/** Files of one split. */
export interface Resolved {
  readonly config: string;
  readonly split: string;
  readonly files: readonly { readonly path: string; readonly format: Format }[];
}

const README = "README.md";
const YAML = ".huggingface.yaml";
const MODULE_FORMATS: Readonly<Record<string, Format>> = {
  parquet: "parquet",
  json: "json",
  csv: "csv",
  arrow: "arrow",
  text: "text",
};
const PACKED = new Set(["zip", "bz2", "xz", "zst", "lz4", "7z", "rar"]);

/**
 * The files of a configuration's split.
 *
 * @throws GEM_INVALID_OPTION for an unknown configuration or split, or one that must be named; GEM_UNAVAILABLE when there are no
 *   such files; GEM_UNSUPPORTED when they cannot be read
 */
export async function resolveFiles(
  listing: Listing,
  config: string | undefined,
  split: string | undefined,
): Promise<Resolved> {
  const { title } = listing;
  const files = [...listing.files].sort();
  const read = (path: string): Promise<string> | undefined =>
    files.includes(path) ? listing.read(path) : undefined;
  const card = await readCard(title, await read(README), await read(YAML));
  const configuration = chooseConfiguration(title, card.configurations, config ?? card.defaultName);
  const { patterns, folder } = configuration;
  const within = folder === "" ? "" : `${folder}/`;
  const own = files
    .filter((file) => file.startsWith(within))
    .map((file) => file.slice(within.length));
  const { module, splits } = splitFiles(title, patterns ?? defaultPatterns(title, own), own);
  const format = MODULE_FORMATS[module];
  if (format === undefined) {
    const known = "parquet, JSON, CSV, Arrow and text";
    throw new GemError("GEM_UNSUPPORTED", `${title} holds ${module} data; ${known} are read.`);
  }
  const name = chooseSplit(title, [...splits.keys()], split);
  const paths = splits.get(name) ?? [];
  return {
    config: configuration.name,
    split: name,
    files: paths.map((path) => ({ path: within + path, format: formatOf(title, path, format) })),
  };
}

/** @throws GEM_UNSUPPORTED for a file that is packed in a way that is not unpacked */
function formatOf(title: string, path: string, format: Format): Format {
  const extensions = extensionsOf(path);
  const packed = extensions.find((extension) => PACKED.has(extension));
  if (packed !== undefined) {
    const message = `${title} has a file ${show(path)}; of packed files only .gz are read.`;
    throw new GemError("GEM_UNSUPPORTED", message);
  }
  return format === "csv" && extensions.includes("tsv") ? "tsv" : format;
}

/** @throws GEM_INVALID_OPTION */
function chooseConfiguration(
  title: string,
  configurations: readonly Configuration[],
  name: string | undefined,
): Configuration {
  const plain = { name: "default", isDefault: true, folder: "", patterns: undefined };
  const all = configurations.length === 0 ? [plain] : configurations;
  const [first] = all;
  const found = name === undefined ? undefined : all.find((one) => one.name === name);
  if (found !== undefined) return found;
  if (name === undefined && all.length === 1 && first !== undefined) return first;
  const names = all.map((one) => one.name);
  const message =
    name === undefined
      ? `${title} has several configurations, and one must be named: ${names.join(", ")}.`
      : `${title} has no configuration ${show(name)}; it has ${names.join(", ")}.${didYouMean(name, names)}`;
  throw new GemError("GEM_INVALID_OPTION", message, { configurations: names });
}

/**
 * The split that is asked for, or the only one.
 *
 * @throws GEM_INVALID_OPTION when it must be named, or is none of them
 */
export function chooseSplit(
  title: string,
  splits: readonly string[],
  split: string | undefined,
): string {
  const [first] = splits;
  if (split === undefined && splits.length === 1 && first !== undefined) return first;
  if (split !== undefined && splits.includes(split)) return split;
  const names = splits.join(", ");
  const message =
    split === undefined
      ? `${title} has several splits, and one must be named: ${names}.`
      : `${title} has no split ${show(split)}; it has ${names}.${didYouMean(split, splits)}`;
  throw new GemError("GEM_INVALID_OPTION", message, { splits });
}
