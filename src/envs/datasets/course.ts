/** Which row an episode shows. */
import { GemError, didYouMean } from "../../errors.ts";
import { isSource, isView, type DatasetRef, type ViewStep } from "./view.ts";

/** What changes in an environment. */
export interface DatasetState {
  /** The row that the next reset without a seed shows; the number of rows at the end of an epoch. */
  idx: number;
  /** How often all rows have been shown. */
  epoch: number;
  dataset: DatasetRef;
  /** The episode's row, in the present order; null before the first. */
  row: number | null;
  /** What somebody set in place of the row's own. */
  own: { readonly first_obs?: unknown; readonly answer?: unknown };
}

/** What a reset asks for. */
export interface Wish {
  /** The number of rows, at least 1. */
  readonly length: number;
  /** The row that was asked for. */
  readonly asked: number | undefined;
  /** Draws the row of a seeded reset. */
  readonly drawn: (() => number) | undefined;
  readonly keepsPlace: boolean;
  /** The seed of the first shuffle. */
  readonly seed: bigint;
}

/** The state after a reset, and what is done to the order before. */
export function nextPlace(
  state: DatasetState,
  { length, asked, drawn, keepsPlace, seed }: Wish,
): { readonly state: DatasetState; readonly reshuffle: readonly ViewStep[] } {
  const at = (row: number, idx = row + 1): DatasetState => ({ ...state, row, idx, own: {} });
  if (asked !== undefined) return { state: at(asked), reshuffle: [] };
  if (drawn !== undefined) {
    const row = drawn();
    // Upstream quirk Q91: a seeded reset moves the place that later resets go on from; in CodeEnv it does not.
    return { state: at(row, keepsPlace ? state.idx : row + 1), reshuffle: [] };
  }
  if (state.idx < length) return { state: at(state.idx), reshuffle: [] };
  const epoch = state.epoch + 1;
  // Upstream quirk Q92: a new epoch shuffles the present order with seed + epoch, also where the first was not shuffled.
  const reshuffle: readonly ViewStep[] = [["shuffle", (seed + BigInt(epoch)).toString()]];
  const { source, view } = state.dataset;
  return {
    state: { ...at(0), epoch, dataset: { source, view: [...view, ...reshuffle] } },
    reshuffle,
  };
}

/** Whether a value is a state. */
export function isState(value: unknown): value is DatasetState {
  if (!isRecord(value)) return false;
  const { idx, epoch, dataset, row, own } = value;
  return (
    isCount(idx) &&
    isCount(epoch) &&
    isRecord(dataset) &&
    (dataset["source"] === null || isSource(dataset["source"])) &&
    isView(dataset["view"]) &&
    (row === null || isCount(row)) &&
    isRecord(own)
  );
}

/** What is said when a column is not there. */
export function missingColumn(owner: string, name: string, columns: readonly string[]): GemError {
  return new GemError(
    "GEM_INVALID_OPTION",
    `The dataset of ${owner} has no column "${name}".${didYouMean(name, columns)} Its columns are: ${columns.join(", ")}.`,
  );
}

/** What is said of a dataset without rows. */
export function emptyDataset(owner: string): GemError {
  return new GemError("GEM_INVALID_OPTION", `The dataset of ${owner} has no rows.`);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isCount(value: unknown): boolean {
  return typeof value === "number" && Number.isSafeInteger(value) && value >= 0;
}
