import { codeOf, describeError } from "../faults.ts";
import { failed, passed, skipped, type Finding } from "../report.ts";
import type { CheckRun } from "../run.ts";

/** A call, and its name in a report. */
type NamedCall = readonly [name: string, call: () => Promise<unknown>];

/** Before the first reset, step and random actions are refused with `GEM_RESET_NEEDED`. */
export async function checkBeforeReset(run: CheckRun): Promise<Finding> {
  const player = await run.fresh();
  const calls: NamedCall[] = [["step()", () => player.step("nothing")]];
  if (run.seen.offersActions) calls.push(["sample_random_action()", () => player.sample()]);
  const complaint = await complaintOf(run, calls, "GEM_RESET_NEEDED");
  if (complaint === undefined) return passed("refused with GEM_RESET_NEEDED");
  if (run.subject.isForeign)
    return skipped(`Whether it steps before a reset is its own affair: ${complaint}`);
  return failed(`Before reset() ${complaint}`);
}

/** It closes, and closes again. */
export async function checkClosingTwice(run: CheckRun): Promise<Finding> {
  const player = await run.fresh();
  await player.reset(run.settings.seeds[0]);
  await player.close();
  await player.close();
  const unused = await run.fresh();
  await unused.close();
  await unused.close();
  return passed("after an episode, and new");
}

/** After `close` every call is refused with `GEM_CLOSED`. */
export async function checkAfterClose(run: CheckRun): Promise<Finding> {
  const player = await run.fresh();
  await player.reset(run.settings.seeds[0]);
  await player.close();
  const calls: NamedCall[] = [
    ["step()", () => player.step("nothing")],
    ["reset()", () => player.reset(run.settings.seeds[0])],
  ];
  if (run.seen.offersActions) calls.push(["sample_random_action()", () => player.sample()]);
  const complaint = await complaintOf(run, calls, "GEM_CLOSED");
  return complaint === undefined
    ? passed("refused with GEM_CLOSED")
    : failed(`After close() ${complaint}`);
}

/** What is wrong when not every call is refused with a code, or undefined. */
async function complaintOf(
  run: CheckRun,
  calls: readonly NamedCall[],
  code: string,
): Promise<string | undefined> {
  for (const [name, call] of calls) {
    try {
      await call();
    } catch (error) {
      if (run.deadline.isOver) throw error;
      if (codeOf(error) === code) continue;
      return `${name} must be refused with ${code}, but it threw ${describeError(error)}`;
    }
    return `${name} must be refused with ${code}, but it was answered.`;
  }
  return undefined;
}
