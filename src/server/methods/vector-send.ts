import type { VectorEntry } from "../entry.ts";
import { departures } from "../departures.ts";
import { takeLanded } from "./vector-recv.ts";
import { checkCount } from "./params.ts";
import type { Method } from "./method.ts";
import { checkActions, checkIndices } from "./vector-step.ts";

/**
 * `[vector, actions, indices, take]` → nil: members begin a step each; `vector_recv` gives what becomes of them. With `take` the
 * result is what is there already, in the form of `vector_recv`, so that members that need not wait cost one call.
 */
export const vectorSend: Method = {
  groups: (client, [handle]) => [client.vector(handle).group],
  run: ({ client }, params) => {
    checkCount("vector_send", params, 4);
    const [handle, actions, indices, take] = params;
    const entry: VectorEntry = client.vector(handle);
    departures(entry);
    entry.vector.send(checkActions(actions), checkIndices(indices));
    return take === true ? takeLanded(entry) : null;
  },
};
