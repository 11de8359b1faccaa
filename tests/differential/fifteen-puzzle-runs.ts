import { fifteenPuzzle } from "./games/fifteen-puzzle.ts";
import type { Oracle, Row } from "./oracle.ts";
import { mixed, sampling, winning } from "./policies.ts";
import { makeEnv, play } from "./run.ts";

/** Turns that are played on after the last one. */
const TURNS_BEYOND = 3;

const POLICIES = [mixed, winning, mixed, sampling] as const;

/** One run of the fifteen puzzle here and by the checkout that `GEM_UPSTREAM_SRC` names, with the same replies. */
export async function playedByBoth(
  oracle: Oracle,
  id: string,
  options: Readonly<Record<string, unknown>>,
  seed: number,
): Promise<{ readonly ours: readonly Row[]; readonly theirs: readonly Row[] }> {
  const env = makeEnv(id, options);
  const policy = (POLICIES[seed % POLICIES.length] ?? mixed)(fifteenPuzzle, seed);
  await env.reset(seed);
  const steps = Number(env.getAttribute("max_turns")) + TURNS_BEYOND;
  const ours = await play(env, seed, steps, policy);
  const { kwargs, ...judged } = fifteenPuzzle.judged?.[id] ?? { id, kwargs: {} };
  const theirs = await oracle.ask({
    ...judged,
    kwargs: { ...kwargs, ...options },
    seed,
    fields: env.attributeNames(),
    actions: ours.actions,
    repair: true,
  });
  return { ours: ours.rows, theirs };
}
