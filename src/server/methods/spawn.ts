import type { Env } from "../../core/env.ts";
import { isBroken, resetNeeded } from "../../core/guard.ts";
import { chain, type MaybePromise } from "../../core/maybe-promise.ts";
import { parseParams, spawnParams } from "../../protocol/schema.ts";
import { makeStem, peel, peelWrappers } from "../build.ts";
import type { Call } from "../call.ts";
import { ClientEnv } from "../client-env.ts";
import { describeEnv } from "../descriptor.ts";
import type { Options, Stem } from "../entry.ts";
import { Group } from "../group.ts";
import { hold } from "../hold.ts";
import { wrapLike } from "../recorded-entry.ts";
import type { Method } from "./method.ts";

/** `[handle, depth, same_state, options]` → `[descriptor, handle]`: another environment from the same recipe */
export const spawn: Method = {
  groups: (client, [handle]) => [client.env(handle).stem.group],
  run: (call, params) => {
    const [handle, depth, sameState, options] = parseParams("spawn", spawnParams, params);
    const { client } = call;
    client.checkEnvironments(1);
    const original = client.env(handle);
    const wrappers = peelWrappers(original, depth);
    const source = peel(original, depth, true);
    const { broken } = original.stem;
    if (sameState && broken !== undefined && isBroken(original))
      throw resetNeeded(source.id, broken);
    return chain(stemLike(call, original.stem, options), (stem) => {
      Group.hold(call, stem.group);
      const entry = wrapLike(source, stem, wrappers, original.rules);
      return chain(sameState ? copyState(source, entry.env) : undefined, () => {
        hold(entry);
        client.count(stem);
        return [describeEnv(entry.env), client.add(entry)];
      });
    });
  },
};

function stemLike(
  { worker }: Call,
  { env, base, options }: Stem,
  overrides: Options,
): MaybePromise<Stem> {
  if (!(env instanceof ClientEnv)) return makeStem(worker, base, { ...options, ...overrides });
  return env.spawnObject(overrides).then((object) => makeStem(worker, { object, id: env.id }, {}));
}

function copyState(source: Env, target: Env): MaybePromise<void> {
  return chain(source.getState(), (state) => target.setState(state));
}
