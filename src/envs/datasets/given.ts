/** Datasets that a caller gives, rather than the name of one. */
import type { Dataset, Row } from "../../data/dataset.ts";
import { GemError, show } from "../../errors.ts";
import { packRows } from "./floats.ts";
import { isSource, isView, type SourceRef, type ViewStep } from "./view.ts";

/** Rows that live elsewhere, with a client: they are asked for once. */
export interface RemoteRows {
  /** `call("call", ["rows", [start]])` gives `{columns: {name: values}, length}`: a piece of all rows from `start` on. */
  call(method: string, args: readonly unknown[]): Promise<unknown>;
}

/** What somebody gave as a dataset: rows, or a source and what was done to it. */
export type Given =
  | { readonly rows: Dataset; readonly token: string }
  | {
      readonly source: SourceRef;
      readonly view: readonly ViewStep[];
      readonly object: RemoteRows | undefined;
    };

/** Every dataset that somebody gave, for as long as an environment uses it. */
const known = new Map<string, WeakRef<Dataset>>();
const tokens = new WeakMap<Dataset, string>();
const forget = new FinalizationRegistry<string>((token) => {
  if (known.get(token)?.deref() === undefined) known.delete(token);
});
let count = 0;

/** Notes a dataset under a token, so that states can name it. */
export function remember(token: string, dataset: Dataset): Dataset {
  known.set(token, new WeakRef(dataset));
  tokens.set(dataset, token);
  forget.register(dataset, token);
  return dataset;
}

/** The dataset of a token, while an environment uses it. */
export function recall(token: string): Dataset | undefined {
  return known.get(token)?.deref();
}

/**
 * Reads a dataset as it is given to `make` or to the attribute `dataset`.
 *
 * @param owner an environment's id, for messages
 * @param datasetOf makes a dataset from rows
 * @throws GEM_INVALID_OPTION when it is none
 */
export function readGiven(
  owner: string,
  value: unknown,
  datasetOf: (rows: readonly Row[]) => Dataset,
): Given {
  if (Array.isArray(value) && value.every(isRow)) return noted(datasetOf(packRows(value)));
  if (isDataset(value)) return noted(value);
  if (isRow(value)) {
    const { source, view, object } = value;
    if (isSource(source) && isView(view))
      return { source, view, object: isRemote(object) ? object : undefined };
  }
  throw new GemError(
    "GEM_INVALID_OPTION",
    `The dataset of ${owner} must be a list of rows (maps from column to value), or a dataset, got ${show(value)}.`,
  );
}

/** Datasets that are being fetched, by token. */
const fetching = new Map<string, Promise<Dataset>>();

/**
 * The dataset of a token: known already, or fetched from where its rows live.
 *
 * @throws GEM_OBJECT_FAULT when its owner fails; GEM_INVALID_STATE when nobody has the rows any more
 */
export async function findGiven(
  owner: string,
  token: string,
  object: RemoteRows | undefined,
  datasetOf: (rows: readonly Row[]) => Dataset,
): Promise<Dataset> {
  for (let other = fetching.get(token); other !== undefined; other = fetching.get(token)) {
    // Somebody else's attempt may fail for reasons of its own.
    const rows = await other.catch(() => undefined);
    if (rows !== undefined) return rows;
  }
  if (object === undefined) throw unknownRows(owner);
  const fetched = fetchRows(owner, object).then((all) => remember(token, datasetOf(packRows(all))));
  fetching.set(token, fetched);
  try {
    return await fetched;
  } finally {
    fetching.delete(token);
  }
}

/** What is said of a token whose rows are gone. */
export function unknownRows(owner: string): GemError {
  return new GemError(
    "GEM_INVALID_STATE",
    `The rows that this state of ${owner} names are not here any more: no environment uses them. Set \`dataset\` again.`,
  );
}

async function fetchRows(owner: string, object: RemoteRows): Promise<Row[]> {
  const rows: Row[] = [];
  for (;;) {
    const piece = readPiece(owner, await object.call("call", ["rows", [rows.length]]));
    const names = Object.keys(piece.columns);
    const size = piece.columns[names[0] ?? ""]?.length ?? 0;
    for (let i = 0; i < size; i++)
      rows.push(Object.fromEntries(names.map((name) => [name, piece.columns[name]?.[i]])));
    if (rows.length >= piece.length || size === 0) return rows;
  }
}

function noted(rows: Dataset): Given {
  const token = tokens.get(rows) ?? `rows-${String((count += 1))}`;
  if (recall(token) === undefined) remember(token, rows);
  return { rows, token };
}

function readPiece(
  owner: string,
  value: unknown,
): { columns: Readonly<Record<string, readonly unknown[]>>; length: number } {
  if (isRow(value)) {
    const { columns, length } = value;
    if (isRow(columns) && Object.values(columns).every(Array.isArray) && typeof length === "number")
      return { columns: columns as Record<string, unknown[]>, length };
  }
  const message = `The dataset of ${owner} answered with ${show(value)}, where columns were asked for.`;
  throw new GemError("GEM_OBJECT_FAULT", message);
}

function isRow(value: unknown): value is Row {
  return (
    typeof value === "object" && value !== null && Object.getPrototypeOf(value) === Object.prototype
  );
}

function isDataset(value: unknown): value is Dataset {
  return (
    typeof value === "object" &&
    value !== null &&
    "shuffle" in value &&
    "select" in value &&
    "at" in value
  );
}

function isRemote(value: unknown): value is RemoteRows {
  return (
    typeof value === "object" &&
    value !== null &&
    "call" in value &&
    typeof value.call === "function"
  );
}
