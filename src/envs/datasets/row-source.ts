import { chain, type MaybePromise } from "../../core/maybe-promise.ts";
import type { Dataset } from "../../data/dataset.ts";
import { findGiven, readGiven, recall, unknownRows, type Given, type RemoteRows } from "./given.ts";
import type { DatasetLibrary, DatasetRequest } from "./library.ts";
import type { RowOptions } from "./options.ts";
import { applyView, type DatasetRef, type SourceRef, type ViewStep } from "./view.ts";

/** Where an environment's rows come from: what it was made with, or what it was given later. */
export class RowSource {
  readonly #owner: string;
  readonly #library: DatasetLibrary;
  readonly #named: DatasetRequest;
  readonly #given: Given | undefined;
  /** The rows of the present state's source, before what was done to their order. */
  #kept: { readonly key: string; readonly rows: Dataset } | undefined;

  /** @throws GEM_INVALID_OPTION when the option `dataset` is none */
  constructor(owner: string, options: RowOptions, library: DatasetLibrary) {
    this.#owner = owner;
    this.#library = library;
    const { dataset } = options;
    this.#given =
      dataset === undefined || dataset === null
        ? undefined
        : readGiven(owner, dataset, (rows) => library.datasetOf(rows));
    this.#named = requestOf(options);
  }

  /** The rows of a source, before what was done to their order. */
  find(ref: DatasetRef, object?: RemoteRows): MaybePromise<Dataset> {
    if (this.#kept?.key === JSON.stringify(ref.source)) return this.#kept.rows;
    return ref.source === null ? this.#made() : this.#find(ref.source, object);
  }

  /** Keeps the rows of a state's source, so that they are found again without being loaded or asked for. */
  keep(source: SourceRef | null, rows: Dataset): void {
    this.#kept = { key: JSON.stringify(source), rows };
  }

  /** Refuses a source whose rows are gone. @throws GEM_INVALID_STATE */
  check(source: SourceRef | null): void {
    if (source === null || !("token" in source) || this.#kept?.key === JSON.stringify(source))
      return;
    const rows = recall(source.token);
    if (rows === undefined) throw unknownRows(this.#owner);
    this.keep(source, rows);
  }

  /** A dataset with its source spelled out, as another environment can find it. */
  absolute({ source, view }: DatasetRef): { source: SourceRef; view: readonly ViewStep[] } {
    if (source !== null) return { source, view };
    const given = this.#given;
    if (given === undefined) return { source: { ...this.#named }, view };
    if ("rows" in given) return { source: { token: given.token }, view };
    return { source: given.source, view: [...given.view, ...view] };
  }

  #made(): MaybePromise<Dataset> {
    const given = this.#given;
    if (given === undefined) return this.#library.load(this.#named);
    if ("rows" in given) return given.rows;
    return chain(this.#find(given.source, given.object), (rows) => applyView(rows, given.view));
  }

  #find(source: SourceRef, object: RemoteRows | undefined): MaybePromise<Dataset> {
    if (!("token" in source)) return this.#library.load(source);
    const rows = recall(source.token);
    if (rows !== undefined) return rows;
    return findGiven(this.#owner, source.token, object, (rows) => this.#library.datasetOf(rows));
  }
}

function requestOf({ dataset_name, split, config, revision }: RowOptions): DatasetRequest {
  return {
    name: dataset_name,
    ...(typeof split === "string" && { split }),
    ...(typeof config === "string" && { config }),
    ...(typeof revision === "string" && { revision }),
  };
}
