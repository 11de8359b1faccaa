import { GemError, show } from "../../errors.ts";
import { NumpyGenerator } from "../../random/numpy-generator.ts";
import type { Dataset, DatasetState, Row } from "../dataset.ts";
import type { Table } from "./table.ts";

type Order = DatasetState["order"];

/** Rows of a table in some order. */
export class View implements Dataset {
  readonly length: number;
  readonly #table: Table;
  /** The table's row of each row; undefined in the table's own order. */
  readonly #rows: Uint32Array | undefined;
  readonly #order: Order;
  /** Environments of a vector shuffle alike: who asks for an order that somebody still has gets the same array. */
  readonly #shuffled = new Map<bigint, WeakRef<View>>();

  constructor(table: Table, rows?: Uint32Array, order: Order = []) {
    this.#table = table;
    this.#rows = rows;
    this.#order = order;
    this.length = rows?.length ?? table.length;
  }

  get columns(): readonly string[] {
    return this.#table.names;
  }

  at(index: number): Row {
    const row = this.#row(index);
    return Object.fromEntries(this.columns.map((name) => [name, this.#table.column(name).at(row)]));
  }

  value(index: number, column: string): unknown {
    return this.#table.column(column).at(this.#row(index));
  }

  *column(name: string): Iterable<unknown> {
    const column = this.#table.column(name);
    for (let i = 0; i < this.length; i++) yield column.at(this.#row(i));
  }

  select(indices: readonly number[]): View {
    const rows = Uint32Array.from(indices, (index) => this.#row(index));
    return new View(this.#table, rows, [...this.#order, [...indices]]);
  }

  shuffle(seed: bigint): View {
    const known = this.#shuffled.get(seed)?.deref();
    if (known !== undefined) return known;
    const generator = new NumpyGenerator(seed);
    const rows = Uint32Array.from({ length: this.length }, (_, i) => i);
    generator.shuffle(rows);
    const own = this.#rows;
    if (own !== undefined) for (let i = 0; i < rows.length; i++) rows[i] = own[rows[i] ?? 0] ?? 0;
    const view = new View(this.#table, rows, [...this.#order, seed.toString()]);
    for (const [other, ref] of this.#shuffled) {
      if (ref.deref() === undefined) this.#shuffled.delete(other);
    }
    this.#shuffled.set(seed, new WeakRef(view));
    return view;
  }

  toState(): DatasetState {
    return { length: this.#table.length, order: this.#order };
  }

  fromState(state: unknown): View {
    const { length, order } = readState(state);
    if (length !== this.#table.length) {
      throw badState(`it belongs to ${length} rows, and these are ${this.#table.length}`);
    }
    let view = new View(this.#table);
    for (const step of order) {
      view = typeof step === "string" ? view.shuffle(BigInt(step)) : view.select(step);
    }
    return view;
  }

  #row(index: number): number {
    if (!Number.isInteger(index) || index < 0 || index >= this.length) {
      const rows = this.length === 0 ? "there are none" : `0 … ${this.length - 1}`;
      throw new GemError("GEM_INVALID_ARGUMENT", `There is no row ${show(index)}: ${rows}.`);
    }
    return this.#rows === undefined ? index : (this.#rows[index] ?? 0);
  }
}

/** @throws GEM_INVALID_STATE */
function readState(state: unknown): DatasetState {
  if (typeof state !== "object" || state === null || !("length" in state && "order" in state)) {
    throw badState("it must have length and order");
  }
  const { length, order } = state;
  if (typeof length !== "number" || !Array.isArray(order)) {
    throw badState("length must be a number, and order an array");
  }
  if (!order.every(isStep)) {
    throw badState("order must consist of seeds, as decimal digits, and of arrays of rows");
  }
  return { length, order };
}

function isStep(step: unknown): step is Order[number] {
  if (typeof step === "string") return /^\d+$/.test(step);
  return Array.isArray(step) && step.every((index) => typeof index === "number");
}

function badState(why: string): GemError {
  return new GemError("GEM_INVALID_STATE", `This is no state of this dataset: ${why}.`);
}
