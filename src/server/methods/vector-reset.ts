import { parseParams, vectorResetParams } from "../../protocol/schema.ts";
import type { Method } from "./method.ts";

/** `[vector, seeds, options]` → `[observations, infos]` */
export const vectorReset: Method = {
  groups: (client, [handle]) => [client.vector(handle).group],
  run: ({ client }, params) => {
    const [handle, seeds, options] = parseParams("vector_reset", vectorResetParams, params);
    const perMember = new Map(Object.entries(options).map(([index, own]) => [Number(index), own]));
    return client.vector(handle).vector.reset(seeds, perMember);
  },
};
