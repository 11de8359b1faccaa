import type { RunOptions } from "../../hosts/host-pool.ts";
import type { Dataset } from "./dataset.ts";

/** Calls a function of the library where it lives; `HostPool.run` is one. */
export type Run = (fn: string, args: readonly unknown[], options?: RunOptions) => Promise<unknown>;

/** A dataset as the library's functions take it; the seed is null where each item of a request names one. */
export function specOf(dataset: Dataset, seed: bigint | null): readonly unknown[] {
  const { name, size, options, slides } = dataset;
  return [name, size, seed, options, slides];
}
