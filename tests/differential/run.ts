import type { Env } from "../../src/core/env.ts";
import { inlineHost } from "../../src/core/host.ts";
import { PythonRandom, type PythonRandomState } from "../../src/random/python-random.ts";
import { families } from "../../src/envs/index.ts";
import { GemError } from "../../src/errors.ts";
import { NdArray, Tuple } from "../../src/protocol/values.ts";
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
  try {
    const env = family.create({ ...init, prompts: { suffix: "{board}" } });
    boards.add(env);
    return env;
  } catch (error) {
    if (error instanceof GemError && error.code === "GEM_INVALID_PROMPT") {
      return family.create({ ...init, prompts: undefined });
    }
    throw error;
  }
}

/** Environments whose suffix is their board. */
const boards = new WeakSet<Env>();

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
  const names = env.attributeNames();
  const state = Object.fromEntries(names.map((name) => [name, plain(env.getAttribute(name))]));
  const board = boards.has(env)
    ? String(info["suffix"] ?? env.callMethod("get_task_suffix", []))
    : null;
  const { random } = await env.getState();
  const rng = nextOutput(random as PythonRandomState);
  return { action, reward, terminated, truncated, info: Object.keys(info), state, board, rng };
}

function nextOutput(state: PythonRandomState): number {
  const random = new PythonRandom(0);
  random.setState(state);
  return random.bits32(32);
}

/** A value as the oracle prints it: sets as sorted lists, tuples and arrays as lists, maps not by name as pairs. */
export function plain(value: unknown): unknown {
  if (value instanceof Set) return [...(value as Set<unknown>)].map(plain).sort(compare);
  if (value instanceof Tuple) return value.items.map(plain);
  if (value instanceof NdArray) return value.toRows() ?? vector(value);
  if (value instanceof Map) return pairs(value as Map<unknown, unknown>);
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, plain(item)]));
}

function pairs(map: ReadonlyMap<unknown, unknown>): unknown {
  const entries = [...map].map(([key, item]) => [plain(key), plain(item)] as const);
  if (!entries.every(([key]) => typeof key === "string")) return entries;
  return Object.fromEntries(entries as (readonly [string, unknown])[]);
}

function vector({ dtype, shape, data }: NdArray): unknown {
  return new NdArray(dtype, [1, shape[0] ?? 0], data).toRows()?.[0];
}

/** Python's order of numbers, strings and lists of them. */
function compare(a: unknown, b: unknown): number {
  if (typeof a === "number" && typeof b === "number") return a - b;
  if (!Array.isArray(a) || !Array.isArray(b)) {
    const [left, right] = [String(a), String(b)];
    return left < right ? -1 : Number(left > right);
  }
  for (const [i, item] of a.entries()) {
    if (i >= b.length) return 1;
    const order = compare(item, b[i]);
    if (order !== 0) return order;
  }
  return a.length - b.length;
}
