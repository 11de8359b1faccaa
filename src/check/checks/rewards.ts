import { failed, passed, skipped, type Finding } from "../report.ts";
import type { CheckRun } from "../run.ts";

/** All rewards that the other checks saw are finite; says from where to where they reach. */
export function checkRewards({ seen }: CheckRun): Promise<Finding> {
  const { least, most, count, strange } = seen.rewards;
  if (count === 0) return Promise.resolve(skipped("No step was played."));
  if (strange !== undefined)
    return Promise.resolve(failed(`Every reward must be finite, but one was ${strange}.`));
  return Promise.resolve(passed(`${least} to ${most}, ${count} steps`));
}
