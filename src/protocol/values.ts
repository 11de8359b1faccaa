/** Values that Python tells apart and JavaScript does not: they cross the wire as msgpack extensions (`codec.ts`). */

/** A Python tuple. */
export class Tuple {
  readonly items: readonly unknown[];

  constructor(items: readonly unknown[]) {
    this.items = items;
  }
}

/** Element types of an array on the wire. */
export type ArrayDtype = "int64" | "float64" | "bool" | "uint8";

/** A NumPy array in C order: `data` holds little-endian elements, `shape` its lengths. */
export class NdArray {
  readonly dtype: ArrayDtype;
  readonly shape: readonly number[];
  readonly data: Uint8Array;

  constructor(dtype: ArrayDtype, shape: readonly number[], data: Uint8Array) {
    this.dtype = dtype;
    this.shape = shape;
    this.data = data;
  }

  /** An int64 matrix from rows of integers. */
  static int64Matrix(rows: readonly (readonly number[])[]): NdArray {
    const columns = rows[0]?.length ?? 0;
    const data = new BigInt64Array(rows.length * columns);
    rows.forEach((row, r) => {
      row.forEach((value, c) => (data[r * columns + c] = BigInt(value)));
    });
    return new NdArray("int64", [rows.length, columns], new Uint8Array(data.buffer));
  }

  /** The rows of an integer matrix, or undefined when this is not one. */
  toRows(): number[][] | undefined {
    const [rows, columns] = this.shape;
    if (
      this.dtype !== "int64" ||
      this.shape.length !== 2 ||
      rows === undefined ||
      columns === undefined
    )
      return undefined;
    // Rows without columns take no bytes: nothing bounds their number.
    if (columns === 0 && rows > 1) return undefined;
    const copy = this.data.slice();
    const values = new BigInt64Array(copy.buffer, 0, rows * columns);
    return Array.from({ length: rows }, (_, r) =>
      Array.from({ length: columns }, (_, c) => Number(values[r * columns + c])),
    );
  }
}

/** A float that stays one (law L11): encoded as float64 even when it is integral. */
export class Float64 {
  readonly value: number;

  constructor(value: number) {
    this.value = value;
  }
}

/** A client's object that only passes through: the client finds it again by `ref`. */
export class ClientRef {
  readonly ref: number;

  constructor(ref: number) {
    this.ref = ref;
  }
}

/** Entries of maps that are floats even when they are integral (law L11): the encoder writes them as float64. */
export const FLOAT_KEYS: ReadonlySet<string> = new Set([
  "cumulative_rewards",
  "prev_ep_cumulative_rewards",
  "f1",
]);
