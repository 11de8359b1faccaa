import type { Dataset } from "../../data/dataset.ts";
import { GemError, didYouMean, show } from "../../errors.ts";
import { valueAt } from "./floats.ts";

/** About how many bytes of values one answer holds; the rest is asked for again. */
const MAX_BYTES = 8 * 1024 * 1024;

/** Values by column, and how many rows the dataset has. */
export interface Values {
  readonly columns: Readonly<Record<string, unknown[]>>;
  readonly length: number;
}

/**
 * Values of rows: as many of the first rows as fit, at least one.
 *
 * @param names the columns; null: all
 * @throws GEM_INVALID_ARGUMENT on another column or an index out of range
 */
export function valuesOf(
  owner: string,
  dataset: Dataset,
  names: unknown,
  indices: unknown,
): Values {
  const columns = names === null ? dataset.columns : checkNames(owner, dataset, names);
  const values = Object.fromEntries(columns.map((name) => [name, [] as unknown[]]));
  let bytes = 0;
  for (const index of checkIndices(owner, dataset, indices)) {
    for (const name of columns) {
      const value = valueAt(dataset, index, name);
      bytes += sizeOf(value);
      values[name]?.push(value);
    }
    if (bytes > MAX_BYTES) break;
  }
  return { columns: values, length: dataset.length };
}

function checkNames(owner: string, { columns }: Dataset, names: unknown): readonly string[] {
  const list: readonly unknown[] = Array.isArray(names) ? names : [names];
  return list.map((name) => {
    if (typeof name === "string" && columns.includes(name)) return name;
    throw new GemError(
      "GEM_INVALID_ARGUMENT",
      `The dataset of ${owner} has no column ${show(name)}.${didYouMean(name, columns)} Its columns are: ${columns.join(", ")}.`,
    );
  });
}

function checkIndices(owner: string, { length }: Dataset, indices: unknown): readonly number[] {
  const list: readonly unknown[] = Array.isArray(indices) ? indices : [indices];
  return list.map((index) => {
    if (typeof index === "number" && Number.isSafeInteger(index) && index >= 0 && index < length)
      return index;
    throw new GemError(
      "GEM_INVALID_ARGUMENT",
      `The dataset of ${owner} has the rows 0 to ${length - 1}, got ${show(index)}.`,
    );
  });
}

/** About the bytes of a value on the wire. */
function sizeOf(value: unknown): number {
  if (typeof value === "string") return value.length;
  if (value instanceof Uint8Array) return value.length;
  if (Array.isArray(value)) return value.reduce((sum: number, item) => sum + sizeOf(item), 8);
  if (typeof value !== "object" || value === null) return 8;
  return Object.values(value).reduce((sum: number, item) => sum + sizeOf(item), 16);
}
