import type { Env } from "../../core/env.ts";
import { isGemError } from "../../errors.ts";
import { handlesParams, parseParams } from "../../protocol/schema.ts";
import { ClientEnv } from "../client-env.ts";
import type { EnvEntry } from "../entry.ts";
import type { Method } from "./method.ts";

/**
 * `[handles]` → their states, in order; nil for one that can give none. Objects of the client are not asked: a state leaves out
 * what they hold.
 */
export const getStates: Method = {
  groups: (client, params) =>
    parseParams("get_states", handlesParams, params)[0].map(
      (handle) => client.env(handle).stem.group,
    ),
  run: async ({ client }, params) => {
    const [handles] = parseParams("get_states", handlesParams, params);
    return Promise.all(
      handles.map((handle) => withoutObject(client.env(handle), (env) => stateOf(env))),
    );
  },
};

/** Does something with an environment while states leave out what an object of the client holds. */
export async function withoutObject<T>(
  { stem, env }: EnvEntry,
  work: (env: Env) => Promise<T>,
): Promise<T> {
  const object = stem.env instanceof ClientEnv ? stem.env : undefined;
  if (object !== undefined) object.keepsObjectOut = true;
  try {
    return await work(env);
  } finally {
    if (object !== undefined) object.keepsObjectOut = false;
  }
}

async function stateOf(env: Env): Promise<unknown> {
  try {
    return await env.getState();
  } catch (error) {
    if (isGemError(error)) return null;
    throw error;
  }
}
