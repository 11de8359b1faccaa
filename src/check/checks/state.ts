import type { EnvSnapshot } from "../../core/env.ts";
import { decode, encode } from "../../protocol/codec.ts";
import { foreignIn } from "../canonical.ts";
import { difference } from "../difference.ts";
import { isUnsupported } from "../faults.ts";
import { failed, passed, skipped, type Finding } from "../report.ts";
import type { CheckRun, Player } from "../run.ts";

/** A state is plain data, and another environment that is given it goes on the same way, whether it is new or in use. */
export async function checkState(run: CheckRun): Promise<Finding> {
  const { seeds, steps } = run.settings;
  const original = await run.fresh();
  const before = Math.ceil(steps / 2);
  await original.play(seeds[0], before);
  let state: EnvSnapshot;
  try {
    state = await original.getState();
  } catch (error) {
    if (isUnsupported(error)) return skipped("It says that it has no state to take.");
    throw error;
  }
  const foreign = run.subject.isForeign ? undefined : foreignIn(state, "state");
  if (foreign !== undefined) return failed(`A state must be plain data, but ${foreign}.`);
  const copy = run.subject.isForeign ? undefined : encode(state);
  const expected = await original.playOn(before, steps);
  const used = await run.fresh();
  await used.play(BigInt(seeds[0]) + 1n, 3);
  for (const [name, player] of [
    ["a new one", await run.fresh()],
    ["one in use", used],
  ] as const) {
    await player.setState(copy === undefined ? state : (decode(copy) as EnvSnapshot));
    const complaint = await complaintOf(player, name, expected, before, steps);
    if (complaint !== undefined) return failed(complaint);
  }
  const size = copy === undefined ? "" : `, ${copy.length} bytes`;
  return passed(`the same ${steps} steps in a new one and in one in use${size}`);
}

async function complaintOf(
  player: Player,
  name: string,
  expected: readonly string[],
  from: number,
  steps: number,
): Promise<string | undefined> {
  const got = await player.playOn(from, steps);
  const found = difference({ expected, got, by: "the original", other: name });
  return found === undefined
    ? undefined
    : `${name} that is given the state must go on as the original does, but ${found}`;
}
