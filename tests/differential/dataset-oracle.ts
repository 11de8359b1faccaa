import { delimiter, dirname } from "node:path";
import { OracleProcess } from "./oracle-process.ts";
import { findPython } from "./oracle.ts";

/** A reset, with or without a seed and an index, or a reply. */
export type Move = readonly ["reset", number | null, number | null] | readonly ["step", string];

/** What `dataset_oracle.py` is asked for. */
export interface DatasetPlay {
  readonly class: "MathEnv" | "QaEnv" | "CodeEnv";
  /** The path of a file of JSON lines. */
  readonly file: string;
  readonly options: Readonly<Record<string, unknown>>;
  readonly moves: readonly Move[];
}

/** Runs upstream's dataset environments. */
export class DatasetOracle extends OracleProcess<DatasetPlay, readonly unknown[]> {
  constructor() {
    // Upstream runs the `python` of PATH; its imports need NumPy and pandas.
    const PATH = [dirname(findPython()), process.env["PATH"]].join(delimiter);
    super("dataset_oracle.py", { PATH, HF_HUB_OFFLINE: "1" });
  }
}
