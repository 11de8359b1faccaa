import { parseParams, vectorSendResetParams } from "../../protocol/schema.ts";
import { departures } from "../departures.ts";
import { takeLanded } from "./vector-recv.ts";
import type { Method } from "./method.ts";

/** `[vector, indices, seeds, take]` → nil or results as `vector_send`: members begin an episode each */
export const vectorSendReset: Method = {
  groups: (client, [handle]) => [client.vector(handle).group],
  run: ({ client }, params) => {
    const [handle, indices, seeds, take] = parseParams(
      "vector_send_reset",
      vectorSendResetParams,
      params,
    );
    const entry = client.vector(handle);
    departures(entry);
    entry.vector.sendReset(indices, seeds);
    return take ? takeLanded(entry) : null;
  },
};
