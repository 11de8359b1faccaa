/** What a dataset is to an environment: where its rows come from, and what was done to their order. */
import type { Dataset } from "../../data/dataset.ts";

/** A shuffle with a seed (decimal digits), or a choice of rows by index. */
export type ViewStep = readonly ["shuffle", string] | readonly ["select", readonly number[]];

/** Where rows come from: a name that can be loaded, or a token of rows that somebody gave. */
export type SourceRef =
  | {
      readonly name: string;
      readonly config?: string;
      readonly split?: string;
      readonly revision?: string;
    }
  | { readonly token: string };

/** A dataset as plain data; a null source is the one that the environment was made with. */
export interface DatasetRef {
  readonly source: SourceRef | null;
  readonly view: readonly ViewStep[];
}

/** Applies steps to a dataset, one to the result of the other. */
export function applyView(dataset: Dataset, view: readonly ViewStep[]): Dataset {
  return view.reduce(
    (rows, [kind, argument]) =>
      kind === "shuffle" ? rows.shuffle(BigInt(argument)) : rows.select(argument),
    dataset,
  );
}

/** Whether a value is a list of steps. */
export function isView(value: unknown): value is readonly ViewStep[] {
  return Array.isArray(value) && value.every(isStep);
}

/** Whether a value is a source. */
export function isSource(value: unknown): value is SourceRef {
  if (typeof value !== "object" || value === null) return false;
  const { token, name, ...rest } = value as Record<string, unknown>;
  if (typeof token === "string") return true;
  const isText = (item: unknown): boolean => item === undefined || typeof item === "string";
  return typeof name === "string" && Object.values(rest).every(isText);
}

function isStep(value: unknown): boolean {
  if (!Array.isArray(value) || value.length !== 2) return false;
  const [kind, argument] = value as readonly unknown[];
  if (kind === "shuffle") return typeof argument === "string" && /^\d+$/.test(argument);
  return kind === "select" && Array.isArray(argument) && argument.every(Number.isSafeInteger);
}
