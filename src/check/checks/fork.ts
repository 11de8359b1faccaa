import { difference } from "../difference.ts";
import { isUnsupported } from "../faults.ts";
import { failed, passed, skipped, type Finding } from "../report.ts";
import type { CheckRun, Player } from "../run.ts";

/** A copy taken in the middle of an episode goes on as the original does, and the original is not touched by it. */
export async function checkFork(run: CheckRun): Promise<Finding> {
  const { seeds, steps } = run.settings;
  const original = await run.fresh();
  const before = Math.ceil(steps / 2);
  await original.play(seeds[0], before);
  let fork: Player;
  try {
    fork = await run.fork(original);
  } catch (error) {
    if (isUnsupported(error)) return skipped("It says that it cannot be copied.");
    throw error;
  }
  const got = await fork.playOn(before, steps);
  await fork.close();
  const expected = await original.playOn(before, steps);
  const found = difference({ expected, got, by: "the original", other: "the copy" });
  if (found !== undefined)
    return failed(`A copy must go on as the original does, untouched by it, but ${found}`);
  return passed(`the same ${steps} steps after ${before}`);
}
