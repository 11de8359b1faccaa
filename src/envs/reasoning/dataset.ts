import { createHash } from "node:crypto";
import { GemError, didYouMean, show } from "../../errors.ts";
import { Float64, Tuple } from "../../protocol/values.ts";
import { DATASETS, SLIDING } from "./datasets.data.ts";

/** Characters of 6 bits each: enough that no two datasets have the same by chance. */
const KEY_LENGTH = 22;

/** A dataset of reasoning_gym without its seed: its name, how many items it has, and its options as plain data. */
export interface Dataset {
  readonly name: string;
  readonly size: number;
  readonly options: Readonly<Record<string, unknown>>;
  /** Whether its items follow from the sum of seed and index. */
  readonly slides: boolean;
  /** Equal for datasets that are alike, and short, since every item's key has it. */
  readonly key: string;
}

/** A member of `rg:composite`, as its option `datasets` lists it. */
interface Member {
  readonly name: string;
  readonly weight: unknown;
  readonly config: Readonly<Record<string, unknown>>;
}

/**
 * Describes a dataset, whose name and size are checked already.
 *
 * @param owner the environment's id, for messages
 * @throws GEM_UNKNOWN_OPTION for a name that the dataset does not have, GEM_INVALID_OPTION for a value that is no plain data
 */
export function describeDataset(
  owner: string,
  name: string,
  size: number,
  given: Readonly<Record<string, unknown>>,
): Dataset {
  checkNames(owner, name, given);
  const options: Record<string, unknown> = {};
  for (const [option, value] of Object.entries(given)) {
    options[option] = plain(owner, option, value);
  }
  if (name === "composite") options["datasets"] = members(owner, options["datasets"]);
  return { name, size, options, slides: SLIDING.has(name), key: keyOf([name, size, options]) };
}

/** @throws GEM_UNKNOWN_OPTION */
function checkNames(
  owner: string,
  dataset: string,
  given: Readonly<Record<string, unknown>>,
  further: readonly string[] = [],
): void {
  const names = [...(DATASETS[dataset] ?? []), ...further];
  const unknown = Object.keys(given).find((option) => !names.includes(option));
  if (unknown === undefined) return;
  const known = [...new Set([...names, "size", "seed"])];
  throw new GemError(
    "GEM_UNKNOWN_OPTION",
    `${owner} has no option "${unknown}".${didYouMean(unknown, known)} Its options are: ${known.join(", ")}.`,
  );
}

// Differs from upstream D52: composite can be made, with the datasets it is to draw from.
function members(owner: string, value: unknown): readonly Member[] {
  if (!Array.isArray(value) || value.length === 0) {
    throw new GemError(
      "GEM_INVALID_OPTION",
      `The option "datasets" of ${owner} must list the datasets to draw from, for example ` +
        `[{"name": "chain_sum", "weight": 1, "config": {"min_terms": 3}}], got ${show(value)}.`,
    );
  }
  return value.map((member: unknown) => readMember(owner, member));
}

function readMember(owner: string, value: unknown): Member {
  const { name, weight = 1, config = {}, ...rest } = isRecord(value) ? value : { name: value };
  if (typeof name !== "string" || !Object.hasOwn(DATASETS, name) || name === "composite") {
    throw new GemError(
      "GEM_INVALID_OPTION",
      `A member of the option "datasets" of ${owner} must name a dataset, got ${show(value)}.${didYouMean(name, Object.keys(DATASETS))}`,
    );
  }
  const further = Object.keys(rest)[0];
  if (further !== undefined || !isRecord(config)) {
    throw new GemError(
      "GEM_INVALID_OPTION",
      `The member "${name}" of ${owner} must be {name, weight, config} with a map of options as config, got ${show(value)}.`,
    );
  }
  checkNames(`The member "${name}" of ${owner}`, name, config, ["size", "seed"]);
  return { name, weight, config };
}

/** A value as plain data: tuples become arrays. */
function plain(owner: string, option: string, value: unknown): unknown {
  if (value === null || value instanceof Float64) return value;
  if (["boolean", "number", "bigint", "string"].includes(typeof value)) return value;
  if (value instanceof Tuple) return plain(owner, option, value.items);
  if (Array.isArray(value)) return value.map((item: unknown) => plain(owner, option, item));
  if (isRecord(value)) {
    const entries = Object.entries(value);
    return Object.fromEntries(entries.map(([key, item]) => [key, plain(owner, option, item)]));
  }
  throw new GemError(
    "GEM_INVALID_OPTION",
    `The option "${option}" of ${owner} must be plain data (numbers, texts, lists, maps), got ${show(value)}.`,
  );
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return (
    typeof value === "object" && value !== null && Object.getPrototypeOf(value) === Object.prototype
  );
}

function keyOf(value: unknown): string {
  const text = JSON.stringify(value, (_, item: unknown) =>
    typeof item === "bigint" ? `${item.toString()}n` : item,
  );
  return createHash("sha256").update(text).digest("base64url").slice(0, KEY_LENGTH);
}
