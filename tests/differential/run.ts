import type { Env } from "../../src/core/env.ts";
import { inlineHost } from "../../src/core/host.ts";
import { PythonRandom, type PythonRandomState } from "../../src/random/python-random.ts";
import { families } from "../../src/envs/index.ts";
import type { Row } from "./oracle.ts";

/** A reply to play, or 0 for the environment's own random action. */
export type Action = string | 0;

/** Chooses the next action from the environment's state as plain data. */
export type Policy = (state: Readonly<Record<string, unknown>>) => Action;

/** One run of an environment of this library, in the oracle's form. */
export interface Run {
  readonly rows: readonly Row[];
  /** What was played, for the oracle to replay. */
  readonly actions: readonly Action[];
}

/** Makes an environment whose suffix is its board, if it has one. */
export function makeEnv(id: string, options: Readonly<Record<string, unknown>>): Env {
  const family = families.find((candidate) => Object.hasOwn(candidate.variants, id));
  if (family === undefined) throw new Error(`No family has the id ${id}.`);
  const all = { ...family.variants[id], ...options };
  const init = { id, options: all, seed: 0n, host: inlineHost };
  const plain = family.create({ ...init, prompts: undefined });
  return hasBoard(plain) ? family.create({ ...init, prompts: { suffix: "{board}" } }) : plain;
}

/** Plays `steps` actions after a seeded reset; goes on after the end, as the reference implementation does. */
export async function play(env: Env, seed: number, steps: number, policy: Policy): Promise<Run> {
  const [, info] = await env.reset(seed);
  const rows = [await row(env, info, null, null, null, null)];
  const actions: Action[] = [];
  for (let step = 0; step < steps; step++) {
    const chosen = policy(rows.at(-1)?.state ?? {});
    const action = chosen === 0 ? await env.sampleRandomAction() : chosen;
    const [, reward, terminated, truncated, stepInfo] = await env.step(action);
    rows.push(await row(env, stepInfo, action, reward, terminated, truncated));
    actions.push(chosen);
  }
  return { rows, actions };
}

async function row(
  env: Env,
  info: Readonly<Record<string, unknown>>,
  action: string | null,
  reward: number | null,
  terminated: boolean | null,
  truncated: boolean | null,
): Promise<Row> {
  const snapshot = await env.getState();
  const state = plain(snapshot["state"]) as Record<string, unknown>;
  const board = hasBoard(env) ? String(info["suffix"]) : null;
  const rng = nextOutput(snapshot["random"] as PythonRandomState);
  return { action, reward, terminated, truncated, info: Object.keys(info), state, board, rng };
}

function hasBoard(env: Env): boolean {
  return env.attributeNames().some((name) => name === "board" || name === "room_state");
}

function nextOutput(state: PythonRandomState): number {
  const random = new PythonRandom(0);
  random.setState(state);
  return random.bits32(32);
}

/** State as the oracle prints it: sets as sorted lists. */
function plain(value: unknown): unknown {
  if (value instanceof Set) return [...(value as Set<number>)].sort((a, b) => a - b);
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, plain(item)]));
}
