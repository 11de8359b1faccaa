import { afterAll, beforeAll } from "vitest";
import { closeLibraryPools } from "../../src/hosts/host-pool.ts";
import { OracleProcess } from "./oracle-process.ts";

/** A reset, with or without a seed, or a reply. */
export type Move = readonly ["reset", number | null] | readonly ["step", string];

/** What `reasoning_oracle.py` is asked for. */
export interface ReasoningRequest {
  readonly name: string;
  readonly size: number;
  readonly seed: number;
  readonly options: Readonly<Record<string, unknown>>;
  readonly moves: readonly Move[];
}

/** Runs upstream's ReasoningGymEnv. */
export class ReasoningOracle extends OracleProcess<ReasoningRequest, unknown> {
  constructor() {
    super("reasoning_oracle.py", { PYTHONHASHSEED: "0" });
  }
}

/** Upstream's, while a file's tests run; it ends with this project's own processes. */
export function withReasoningOracle(): () => ReasoningOracle {
  let oracle: ReasoningOracle;
  beforeAll(() => {
    oracle = new ReasoningOracle();
  });
  afterAll(async () => {
    await oracle.close();
    await closeLibraryPools();
  });
  return () => oracle;
}
