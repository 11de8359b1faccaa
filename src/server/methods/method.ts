import type { Env } from "../../core/env.ts";
import type { MaybePromise } from "../../core/maybe-promise.ts";
import { peel } from "../build.ts";
import type { Call } from "../call.ts";
import type { Client } from "../client.ts";
import type { EnvEntry } from "../entry.ts";
import type { Group } from "../group.ts";

/** Parameters as they came, unchecked. */
export type Params = readonly unknown[];

/** One method of the protocol (`docs/protocol.md`, section 4). */
export interface Method {
  /** What it needs to itself; looked up when the call arrives. @throws GEM_UNKNOWN_HANDLE */
  readonly groups?: (client: Client, params: Params) => Group[];
  /** Runs it; what it gives is the result. @throws GemError */
  readonly run: (call: Call, params: Params) => MaybePromise<unknown>;
}

/** A method on one layer of one environment: its first parameters are handle and depth. @param isReading whether it changes nothing */
export function envMethod(
  run: (env: Env, params: Params, entry: EnvEntry) => MaybePromise<unknown>,
  isReading = false,
): Method {
  return {
    groups: (client, [handle]) => [client.env(handle).stem.group],
    run: ({ client }, params) => {
      const entry = client.env(params[0]);
      const env = peel(entry, params[1], isReading);
      return run(env, params, entry);
    },
  };
}
