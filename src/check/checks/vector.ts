import type { Info, Seed, StepResult } from "../../core/env.ts";
import { VectorEnv, type VectorStepResult } from "../../vector/vector-env.ts";
import { canonical } from "../canonical.ts";
import { difference } from "../difference.ts";
import { INCOMPARABLE, failed, passed, skipped, type Finding } from "../report.ts";
import { showAction, type CheckRun, type Player } from "../run.ts";

/** The position of the member that is compared; the others are its neighbours. */
const MEMBER = 1;
const SIZE = 3;

/** Its episodes alone are those of a member of a vector whose neighbours play other seeds. */
export async function checkVector(run: CheckRun): Promise<Finding> {
  const { seeds, steps } = run.settings;
  const [seed] = seeds;
  if (run.seen.ways === undefined) return skipped(INCOMPARABLE);
  const expected = await playAlone(await run.fresh(), seed, steps);
  const players = [await run.fresh(), await run.fresh(), await run.fresh()];
  const got = await playAsMember(run, players, seed, steps);
  const found = difference({ expected, got, by: "alone", other: "in the vector" });
  if (found === undefined) return passed(`alone as beside ${SIZE - 1} others, ${steps} steps`);
  return failed(
    `Its episode must not depend on its neighbours, but ${found} Does it draw from a random generator that it shares with others?`,
  );
}

async function playAlone(player: Player, seed: Seed, steps: number): Promise<string[]> {
  const log = [canonical(await player.reset(seed))];
  for (let index = 0; index < steps; index++) {
    const action = await player.choose(index);
    const [observation, reward, terminated, truncated, info] = await player.step(action);
    log.push(`${showAction(action)} -> ${outcome(reward, terminated, truncated)}`);
    log.push(canonical([observation, info]));
    if (terminated || truncated) log.push(canonical(await player.reset()));
  }
  return log;
}

async function playAsMember(
  run: CheckRun,
  players: readonly Player[],
  seed: Seed,
  steps: number,
): Promise<string[]> {
  const envs = players.map((player) => player.env);
  const vec = new VectorEnv(envs, { asyncMode: true });
  const others = neighbourSeeds(seed);
  const seeds = players.map((_, index) => (index === MEMBER ? seed : (others[index] ?? seed)));
  const [observations, infos] = await run.deadline.run("a vector's reset()", () =>
    vec.reset(seeds),
  );
  const log = [canonical([observations[MEMBER], infos[MEMBER]])];
  for (let index = 0; index < steps; index++) {
    const actions: string[] = [];
    for (const player of players) actions.push(await player.choose(index));
    const result = await run.deadline.run("a vector's step()", () => vec.step(actions));
    for (const reward of result.rewards) run.seen.reward(reward, "a vector's actions");
    const action = actions[MEMBER] ?? "";
    log.push(...entries(action, stepOfMember(result)));
  }
  return log;
}

/** Reward and flags as a vector's arrays hold them: what is wrong with their types has a check of its own. */
function outcome(reward: unknown, terminated: unknown, truncated: unknown): string {
  return canonical([Number(reward), Boolean(terminated), Boolean(truncated)]);
}

/** What a member's step says, in the form of `playAlone`. */
function entries(action: string, [observation, reward, ...rest]: StepResult): string[] {
  const [terminated, truncated, info] = rest;
  const head = `${showAction(action)} -> ${outcome(reward, terminated, truncated)}`;
  if (!terminated && !truncated) return [head, canonical([observation, info])];
  const { final_observation: lastObservation, final_info: lastInfo, ...first } = info;
  return [head, canonical([lastObservation, lastInfo]), canonical([observation, first])];
}

function stepOfMember(result: VectorStepResult): StepResult {
  const info: Info = result.infos[MEMBER] ?? {};
  return [
    result.observations[MEMBER] ?? "",
    result.rewards[MEMBER] ?? Number.NaN,
    result.terminated[MEMBER] === 1,
    result.truncated[MEMBER] === 1,
    info,
  ];
}

/** Seeds that are not the given one. */
function neighbourSeeds(seed: Seed): readonly Seed[] {
  return Array.from({ length: SIZE }, (_, index) => BigInt(seed) + BigInt(index) + 1n);
}
