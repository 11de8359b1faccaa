import type { Seed } from "../../core/env.ts";
import { digest } from "../canonical.ts";
import { difference } from "../difference.ts";
import { failed, passed, type Finding } from "../report.ts";
import type { CheckRun } from "../run.ts";

/** The same seed and actions lead the same way, also when the seed is given to `make`. */
export async function checkDeterminism(run: CheckRun): Promise<Finding> {
  const { seeds, steps } = run.settings;
  const ways = new Set<string>();
  for (const seed of seeds) {
    const expected = await (await run.fresh()).play(seed, steps);
    const complaint = await complaintOf(run, seed, expected);
    if (complaint !== undefined) return failed(`Seed ${String(seed)}: ${complaint}`);
    ways.add(digest(expected));
  }
  run.seen.ways = ways.size;
  const [first] = ways;
  const counts = `${plural(seeds.length, "seed")}, ${plural(ways.size, "way")}`;
  return passed(`${counts}, ${plural(steps, "step")} each, the first ${String(first)}`);
}

async function complaintOf(
  run: CheckRun,
  seed: Seed,
  expected: readonly string[],
): Promise<string | undefined> {
  const { steps } = run.settings;
  const again = await (await run.fresh()).play(seed, steps);
  const inRuns = difference({ expected, got: again, by: "the first run", other: "the second" });
  if (inRuns !== undefined) return `two runs must go the same way, but ${inRuns}`;
  if (!run.subject.takesSeed) return undefined;
  const made = await (await run.fresh({ seed })).play(null, steps);
  const inMade = difference({ expected, got: made, by: "reset(seed)", other: "make(seed)" });
  if (inMade === undefined) return undefined;
  return `reset(seed) and reset() after make(seed) must go the same way, but ${inMade}`;
}

function plural(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? "" : "s"}`;
}
