import { parseParams, setStatesParams } from "../../protocol/schema.ts";
import { withoutObject } from "./get-states.ts";
import type { Method } from "./method.ts";

/** `[[[handle, state], …]]` → nil: gives environments the states that `get_states` took from others like them */
export const setStates: Method = {
  groups: (client, params) =>
    parseParams("set_states", setStatesParams, params)[0].map(
      ([handle]) => client.env(handle).stem.group,
    ),
  run: async ({ client }, params) => {
    const [pairs] = parseParams("set_states", setStatesParams, params);
    for (const [handle, state] of pairs) {
      await withoutObject(client.env(handle), async (env) => env.setState(state));
    }
  },
};
