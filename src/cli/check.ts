import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { checkEnv } from "../check/check-env.ts";
import { isPlainObject } from "../check/canonical.ts";
import { matchIds } from "../check/globs.ts";
import type { CheckReport } from "../check/report.ts";
import { formatReports } from "../check/table.ts";
import { GemError, show } from "../errors.ts";
import { listEnvs, type MakeOptions } from "../make.ts";
import { readInteger } from "./environment.ts";

/** The options of `gem check`, as written. */
export interface CheckArguments {
  readonly options?: string;
  readonly seeds: string;
  readonly steps: string;
  readonly deadline: string;
  readonly json?: boolean;
}

/** `gem check`: a table of all checks of all environments; exit code 1 when one failed. */
export async function runCheck(patterns: readonly string[], given: CheckArguments): Promise<void> {
  const options = {
    make: readOptions(given.options ?? "{}"),
    seeds: readInteger("--seeds", given.seeds, 1, 10_000),
    steps: readInteger("--steps", given.steps, 1, 100_000),
    deadlineMs: readInteger("--deadline", given.deadline, 1, 86_400) * 1000,
  };
  const ids = matchIds(patterns, listEnvs());
  exposeGarbageCollector();
  const reports: CheckReport[] = [];
  for (const id of ids) reports.push(await checkEnv(id, options));
  const text = given.json === true ? JSON.stringify(reports, null, 2) : formatReports(reports);
  const code = reports.every(({ passed }) => passed) ? 0 : 1;
  // An environment that did not come back in time may still hold something open.
  process.stdout.write(`${text}\n`, () => process.exit(code));
}

/** Lets the check of memory collect garbage: this process serves nobody else. */
function exposeGarbageCollector(): void {
  setFlagsFromString("--expose-gc");
  Reflect.set(globalThis, "gc", runInNewContext("gc"));
}

/** @throws GEM_INVALID_OPTION */
function readOptions(text: string): MakeOptions {
  let options: unknown;
  try {
    options = JSON.parse(text);
  } catch {
    options = undefined;
  }
  if (isPlainObject(options)) return options;
  throw new GemError(
    "GEM_INVALID_OPTION",
    `--options must be a JSON object such as '{"max_turns":3}', got ${show(text)}.`,
  );
}
