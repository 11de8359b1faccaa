import { difference } from "../difference.ts";
import { INCOMPARABLE, failed, passed, skipped, type Finding } from "../report.ts";
import type { CheckRun, Player } from "../run.ts";

/** Steps of each episode; few, since what is looked at are the resets. */
const STEPS = 5;
/** Episodes that must not all be the first one again. */
const EPISODES = 8;

/** `reset()` without a seed goes on in the random stream: determined by the last seed, and no restart. */
export async function checkUnseeded(run: CheckRun): Promise<Finding> {
  const [seed] = run.settings.seeds;
  if (run.seen.ways === undefined) return skipped(INCOMPARABLE);
  const first = await run.fresh();
  const expected = [await first.play(seed, STEPS), await first.play(null, STEPS)];
  const second = await run.fresh();
  const got = [await second.play(seed, STEPS), await second.play(null, STEPS)];
  const found = difference({
    expected: expected.flat(),
    got: got.flat(),
    by: "the first run",
    other: "the second",
  });
  if (found !== undefined)
    return failed(
      `reset(${String(seed)}) and then reset() must go the same way twice, but ${found}`,
    );
  if (run.seen.ways === 1)
    return passed("goes the same way twice; nothing tells whether it restarts");
  if (await goesElsewhere(first, expected[0] ?? [])) return passed("goes on, the same way twice");
  return failed(
    `reset() must go on in the random stream, but ${EPISODES} times it was the episode of reset(${String(seed)}) again.`,
  );
}

/** Whether an episode without a seed comes that is not the given one. */
async function goesElsewhere(player: Player, episode: readonly string[]): Promise<boolean> {
  for (let index = 0; index < EPISODES; index++) {
    const next = await player.play(null, STEPS);
    if (difference({ expected: episode, got: next, by: "", other: "" }) !== undefined) return true;
  }
  return false;
}
