/** Making and stepping environments in tests. */
import type { Env, StepResult } from "../../../src/core/env.ts";
import type { Family } from "../../../src/core/family.ts";
import { inlineHost, type EnvHost } from "../../../src/core/host.ts";
import { PythonRandom, type PythonRandomState } from "../../../src/random/python-random.ts";

/** What a test may choose besides the id. */
export interface Choices {
  readonly options?: Readonly<Record<string, unknown>>;
  readonly prompts?: Readonly<Record<string, string>>;
  readonly seed?: bigint;
  readonly host?: EnvHost;
}

/** An environment of a family, with the options of the id. */
export function makeEnv(family: Family, id: string, choices: Choices = {}): Env {
  return family.create({
    id,
    options: { ...family.variants[id], ...choices.options },
    prompts: choices.prompts,
    seed: choices.seed ?? 0n,
    host: choices.host ?? inlineHost,
  });
}

/** One step of a synchronous environment. */
export function step(env: Env, action: string | null): StepResult {
  const result = env.step(action);
  if (result instanceof Promise) throw new Error("This environment answers later.");
  return result;
}

/** Reward and flags of one step. */
export function outcome(
  env: Env,
  action: string | null,
): [reward: number, terminated: boolean, truncated: boolean] {
  const [, reward, terminated, truncated] = step(env, action);
  return [reward, terminated, truncated];
}

/** The observation of one step. */
export function observe(env: Env, action: string | null): string {
  const [observation] = step(env, action);
  if (typeof observation !== "string")
    throw new Error("This environment's observations are no text.");
  return observation;
}

/** The environment's own random action. */
export function sample(env: Env): string {
  const action = env.sampleRandomAction();
  if (action instanceof Promise) throw new Error("This environment answers later.");
  return action;
}

/** The next 32-bit output of an environment's random stream. */
export async function nextOutput(env: Env): Promise<number> {
  const random = new PythonRandom(0);
  random.setState((await env.getState())["random"] as PythonRandomState);
  return random.bits32(32);
}
