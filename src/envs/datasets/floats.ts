/** Floats of Python that are whole numbers, in datasets, which know one kind of number only. */
import type { Dataset, Row } from "../../data/dataset.ts";
import { Float64, Tuple } from "../../protocol/values.ts";

const KEY = "\0float";

/** Rows with such floats as plain data. */
export function packRows(rows: readonly Row[]): Row[] {
  return rows.map((row) =>
    Object.fromEntries(Object.entries(row).map(([name, value]) => [name, packFloats(value)])),
  );
}

/** A value of a dataset whose rows may have been packed. */
export function valueAt(rows: Dataset, row: number, column: string): unknown {
  return unpackFloats(rows.value(row, column));
}

/** A value with such floats as plain data, and tuples as lists. */
function packFloats(value: unknown): unknown {
  if (value instanceof Float64)
    return Number.isInteger(value.value) ? { [KEY]: value.value } : value.value;
  return mapped(value instanceof Tuple ? value.items : value, packFloats);
}

/** The value that was packed. */
function unpackFloats(value: unknown): unknown {
  if (isPlainObject(value) && typeof value[KEY] === "number") return new Float64(value[KEY]);
  return mapped(value, unpackFloats);
}

function mapped(value: unknown, change: (item: unknown) => unknown): unknown {
  if (Array.isArray(value)) return value.map(change);
  if (!isPlainObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, change(item)]));
}

function isPlainObject(value: unknown): value is Record<string, unknown> {
  return (
    typeof value === "object" && value !== null && Object.getPrototypeOf(value) === Object.prototype
  );
}
