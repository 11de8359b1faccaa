import { describeError } from "../faults.ts";
import { NASTY } from "../replies.ts";
import { failed, passed, type Finding } from "../report.ts";
import { hasEnded, type CheckRun } from "../run.ts";
import { complaintOfStep } from "./types.ts";

/** Whatever a model replies is answered with an observation and a reward. */
export async function checkGarbage(run: CheckRun): Promise<Finding> {
  const [seed] = run.settings.seeds;
  const player = await run.fresh();
  await player.reset(seed);
  for (const [name, reply] of NASTY) {
    let result: unknown;
    try {
      result = await player.step(reply);
    } catch (error) {
      const text = describeError(error);
      if (run.deadline.isOver || run.seen.thrown.has(text)) throw error;
      return failed(
        `A reply (${name}) must be answered with an observation and a reward, but step() threw ${text}`,
      );
    }
    const complaint = complaintOfStep(result, run.subject.isForeign);
    if (complaint !== undefined && !isSame(complaint, run.seen.typeComplaint))
      return failed(`A reply (${name}) is answered wrongly: ${complaint}`);
    if (hasEnded(result)) await player.reset(seed);
  }
  run.seen.takesNoise = true;
  return passed(`${NASTY.length} replies answered`);
}

/** Whether two complaints are about the same thing, whatever came. */
function isSame(complaint: string, other: string | undefined): boolean {
  const about = (text: string): string | undefined => text.split(/, it /, 1)[0];
  return other !== undefined && about(complaint) === about(other);
}
