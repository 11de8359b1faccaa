import { mendFirst } from "../../core/guard.ts";
import { chain } from "../../core/maybe-promise.ts";
import { parseParams, setStateParams } from "../../protocol/schema.ts";
import { peel } from "../build.ts";
import type { Method } from "./method.ts";

/** `[handle, depth, state]` → nil */
export const setState: Method = {
  groups: (client, [handle]) => [client.env(handle).stem.group],
  run: ({ client }, params) => {
    const [handle, depth, state] = parseParams("set_state", setStateParams, params);
    const entry = client.env(handle);
    peel(entry, depth);
    return chain(mendFirst(entry), () => peel(entry, depth).setState(state));
  },
};
