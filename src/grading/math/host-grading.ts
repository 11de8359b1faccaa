import { libraryPool } from "../../hosts/host-pool.ts";
import type { RunOptions } from "../../hosts/pool-options.ts";
import { GemError, show } from "../../errors.ts";
import { right, wrong, type Stage, type Verdict } from "./verdict.ts";

/** A function of the host `math`: all stages, those that compare more than forms of texts, the first two, or sound grading. */
export type HostFunction = "grade" | "grade_values" | "grade_fast" | "grade_strictly";

// Differs from upstream D91: a check has ten seconds of running time; upstream's stages have a second of wall time, which a busy machine uses up.
/** How long a check may run, in ms; waiting for a process, and its start, do not count. */
export const GRADING_DEADLINE_MS = 10_000;

const STAGES: readonly string[] = ["string", "value", "verified"] satisfies Stage[];

/** Asks a host. @throws GEM_DEADLINE, GEM_ENV_FAULT, GEM_UNAVAILABLE */
export async function askHost(
  fn: HostFunction,
  answer: string,
  gold: string,
  options: RunOptions,
): Promise<Verdict> {
  const { deadlineMs = GRADING_DEADLINE_MS, ...others } = options;
  const stage = await libraryPool("math").run(fn, [answer, gold], { ...others, deadlineMs });
  if (stage === null) return wrong("host");
  if (isStage(stage)) return right("host", stage);
  throw new GemError("GEM_INTERNAL", `The grading host answered ${show(stage)}.`);
}

function isStage(value: unknown): value is Stage {
  return typeof value === "string" && STAGES.includes(value);
}
