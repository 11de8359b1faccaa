import type { Env } from "../../core/env.ts";
import type { MaybePromise } from "../../core/maybe-promise.ts";
import { peel } from "../build.ts";
import type { Call } from "../call.ts";
import type { Client } from "../client.ts";
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

/** A method on one layer of one environment: its first parameters are handle and depth. */
export function envMethod(run: (env: Env, params: Params) => MaybePromise<unknown>): Method {
  return {
    groups: (client, [handle]) => [client.env(handle).stem.group],
    run: ({ client }, params) => run(peel(client.env(params[0]), params[1]), params),
  };
}
