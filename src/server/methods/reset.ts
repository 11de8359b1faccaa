import { resetAlone } from "../../core/guard.ts";
import { parseParams, resetParams } from "../../protocol/schema.ts";
import { layerOf } from "../build.ts";
import type { Method } from "./method.ts";

/** `[handle, depth, seed, options]` → `[observation, info]` */
export const reset: Method = {
  groups: (client, [handle]) => [client.env(handle).stem.group],
  run: ({ client }, params) => {
    const [handle, depth, seed, options] = parseParams("reset", resetParams, params);
    const layer = layerOf(client.env(handle), depth);
    return resetAlone(layer, seed, options, layer.rules);
  },
};
