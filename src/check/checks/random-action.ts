import { canonical, shorten } from "../canonical.ts";
import { isUnsupported } from "../faults.ts";
import { MALFORMED } from "../replies.ts";
import { failed, passed, skipped, type Finding } from "../report.ts";
import { hasEnded, showAction, type CheckRun, type Player } from "../run.ts";

/** What an environment offers as a random action is one that it can read. */
export async function checkRandomAction(run: CheckRun): Promise<Finding> {
  const { seeds, steps } = run.settings;
  const { actionComplaint, offersActions, takesNoise } = run.seen;
  if (actionComplaint !== undefined) return failed(`There is no random action: ${actionComplaint}`);
  const player = await run.fresh();
  await player.reset(seeds[0]);
  if (!offersActions || !(await isOffered(player))) return skipped("It offers no random actions.");
  if (!takesNoise) return skipped("It does not answer what it cannot read, so nothing tells.");
  const [observation, penalty] = await player.step(MALFORMED);
  if (penalty >= 0) return skipped("A reply that cannot be read costs nothing, so nothing tells.");
  await player.reset(seeds[0]);
  for (let index = 0; index < steps; index++) {
    const action = await player.sample();
    const result = await player.step(action);
    if (result[1] === penalty && canonical(result[0]) === canonical(observation)) {
      return failed(
        `The random action ${showAction(action)} is answered as a reply that cannot be read: ${shorten(canonical(result))}.`,
      );
    }
    if (hasEnded(result)) await player.reset();
  }
  return passed(`${steps} actions read`);
}

async function isOffered(player: Player): Promise<boolean> {
  try {
    await player.sample();
    return true;
  } catch (error) {
    if (isUnsupported(error)) return false;
    throw error;
  }
}
