import { ColumnBuilder } from "../columns/column-builder.ts";
import type { Chunk } from "../columns/column.ts";

/** Takes the values of the columns that are wanted. */
export class Sink {
  /** Complete rows so far. */
  rows = 0;
  /** The names of all columns that there are, wanted or not. */
  readonly names: Set<string> = new Set<string>();
  readonly #wanted: ReadonlySet<string> | undefined;
  readonly #emit: (name: string, chunk: Chunk) => void;
  readonly #builders = new Map<string, ColumnBuilder>();

  /** @param wanted undefined for all */
  constructor(wanted: readonly string[] | undefined, emit: (name: string, chunk: Chunk) => void) {
    this.#wanted = wanted === undefined ? undefined : new Set(wanted);
    this.#emit = emit;
  }

  /** Where the values of a column go from the first row that is not complete; undefined when it is not wanted. */
  column(name: string): ColumnBuilder | undefined {
    this.names.add(name);
    if (this.#wanted !== undefined && !this.#wanted.has(name)) return undefined;
    let builder = this.#builders.get(name);
    if (builder === undefined) {
      builder = new ColumnBuilder((chunk) => this.#emit(name, chunk));
      this.#builders.set(name, builder);
    }
    builder.padTo(this.rows);
    return builder;
  }

  /** Adds a row. */
  row(values: Readonly<Record<string, unknown>>): void {
    for (const name of Object.keys(values)) this.column(name)?.push(values[name]);
    this.rows += 1;
  }

  /** Completes all columns: what the last rows lack is missing. */
  end(): void {
    for (const builder of this.#builders.values()) {
      builder.padTo(this.rows);
      builder.flush();
    }
  }
}
