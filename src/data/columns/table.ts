import { didYouMean, GemError, show } from "../../errors.ts";
import type { Column } from "./column.ts";

/** Columns of equal length, as they were loaded. */
export class Table {
  readonly length: number;
  readonly names: readonly string[];
  #columns: ReadonlyMap<string, Column>;
  readonly #title: string;

  /** @param title what the rows are, for messages */
  constructor(title: string, length: number, columns: ReadonlyMap<string, Column>) {
    this.#title = title;
    this.length = length;
    this.names = [...columns.keys()];
    this.#columns = columns;
  }

  /** Memory that the values take, in bytes. */
  get size(): number {
    return [...this.#columns.values()].reduce((sum, column) => sum + column.size, 0);
  }

  /** Goes on with the same values from elsewhere. */
  moveTo(other: Table): void {
    this.#columns = other.#columns;
  }

  /** @throws GEM_INVALID_OPTION when there is no such column */
  column(name: string): Column {
    return this.#columns.get(name) ?? refuseColumn(this.#title, name, this.names);
  }
}

/** @throws GEM_INVALID_OPTION always */
export function refuseColumn(title: string, name: string, names: readonly string[]): never {
  const known = names.length === 0 ? "it has none" : `it has ${names.join(", ")}`;
  throw new GemError(
    "GEM_INVALID_OPTION",
    `${title} has no column ${show(name)}: ${known}.${didYouMean(name, names)}`,
    { column: name, columns: names },
  );
}
