import { failed, passed, type Finding } from "../report.ts";
import type { CheckRun } from "../run.ts";

/** It can be made and reset, under the id that was asked for. */
export async function checkStart(run: CheckRun): Promise<Finding> {
  const { subject, settings } = run;
  const player = await run.fresh();
  const id: unknown = player.env.id;
  if (typeof id !== "string" || id === "")
    return failed("Its id must be a text that is not empty.");
  if (subject.id !== undefined && id !== subject.id)
    return failed(`Its id must be ${subject.id}, it is ${id}.`);
  await player.reset(settings.seeds[0]);
  return passed("made and reset");
}
