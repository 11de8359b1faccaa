import { parseParams, vectorResetParams } from "../../protocol/schema.ts";
import { failureToWire, resetToWire } from "../fault-wire.ts";
import type { Method } from "./method.ts";

/** `[vector, seeds, options, shown]` → `[observations, infos]`, and `faults` where there are any */
export const vectorReset: Method = {
  groups: (client, [handle]) => [client.vector(handle).group],
  run: async ({ client }, params) => {
    const [handle, seeds, options, shown] = parseParams("vector_reset", vectorResetParams, params);
    const perMember = new Map(Object.entries(options).map(([index, own]) => [Number(index), own]));
    const entry = client.vector(handle);
    try {
      const result = await entry.vector.reset(seeds, perMember);
      if (shown) entry.shown.shorten(entry.members, result[0], null, [0, shown[1]]);
      return resetToWire(entry, result);
    } catch (error) {
      throw failureToWire(entry, error);
    }
  },
};
