/** How state entries look to clients where Python's type differs from the stored one, and what may be written to them. */
// Differs from upstream D08: what is written to an attribute is checked, and some attributes can only be read.
import type { AttributeView } from "../core/seeded-env.ts";
import { NdArray, Tuple } from "../protocol/values.ts";

/** Which integers an attribute takes. */
export interface IntegerRange {
  readonly min?: number;
  readonly max?: number;
}

/** An integer within ±(2^53 - 1), of the given range where there is one. */
export function integerView(range: IntegerRange = {}): AttributeView {
  return {
    read: (stored: number) => stored,
    write: (value) => (isInteger(value, range) ? value : undefined),
  };
}

/** A set of integers. */
export const integerSetView: AttributeView = {
  read: (stored: ReadonlySet<number>) => new Set(stored),
  write: (value) =>
    value instanceof Set && [...value].every((item) => isInteger(item, {})) ? value : undefined,
};

/** A list of integers that clients see as a tuple; read-only. */
export const tupleView: AttributeView = {
  read: (stored: readonly number[]) => new Tuple([...stored]),
};

/**
 * Rows of integers that clients see as an int64 matrix.
 *
 * A client writes a matrix (or a list of lists) of the shape that `shape` gives, with values in the range.
 */
export function matrixView(
  shape: (state: never) => readonly [rows: number, columns: number],
  range: IntegerRange,
): AttributeView {
  return {
    read: (stored: readonly (readonly number[])[]) => NdArray.int64Matrix(stored),
    write: (value, state) =>
      readMatrix(value instanceof NdArray ? value.toRows() : value, shape(state), range),
  };
}

/** A list of integers that clients see as an int64 vector; they write a vector, tuple or list of the same length. */
export function vectorView(length: number, range: IntegerRange): AttributeView {
  return {
    read: (stored: readonly number[]) => int64Vector(stored),
    write: (value) => {
      const items = vectorItems(value);
      return Array.isArray(items) && items.length === length && areIntegers(items, range)
        ? items
        : undefined;
    },
  };
}

/** Checks rows of integers against a shape and a range; undefined when they do not fit. */
export function readMatrix(
  value: unknown,
  [rows, columns]: readonly [rows: number, columns: number],
  range: IntegerRange,
): number[][] | undefined {
  if (!Array.isArray(value) || value.length !== rows) return undefined;
  const matrix: number[][] = [];
  for (const row of value as readonly unknown[]) {
    if (!Array.isArray(row) || row.length !== columns || !areIntegers(row, range)) return undefined;
    matrix.push(row);
  }
  return matrix;
}

function areIntegers(items: readonly unknown[], range: IntegerRange): items is number[] {
  return items.every((item) => isInteger(item, range));
}

function isInteger(value: unknown, { min, max }: IntegerRange): value is number {
  return (
    Number.isSafeInteger(value) &&
    Number(value) >= (min ?? -Infinity) &&
    Number(value) <= (max ?? Infinity)
  );
}

function int64Vector(items: readonly number[]): NdArray {
  const data = BigInt64Array.from(items, BigInt);
  return new NdArray("int64", [items.length], new Uint8Array(data.buffer));
}

/** The items of a vector, tuple or list. */
function vectorItems(value: unknown): unknown {
  if (value instanceof Tuple) return [...value.items];
  if (!(value instanceof NdArray)) return value;
  const [length = 0] = value.shape;
  return new NdArray(value.dtype, [1, length], value.data).toRows()?.[0];
}
