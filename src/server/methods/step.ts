import { checkAction, type StepResult } from "../../core/env.ts";
import { Float64 } from "../../protocol/values.ts";
import { stepAlone } from "../../core/guard.ts";
import { layerOf } from "../build.ts";
import { checkCount } from "./params.ts";
import type { Method } from "./method.ts";

/** `[handle, depth, action]` → `[observation, reward, terminated, truncated, info]` */
export const step: Method = {
  groups: (client, [handle]) => [client.env(handle).stem.group],
  run: ({ client }, params) => {
    checkCount("step", params, 3);
    const [handle, depth, action] = params;
    const layer = layerOf(client.env(handle), depth);
    const result = stepAlone(layer, action === null ? null : checkAction(action), layer.rules);
    return result instanceof Promise ? result.then(toWire) : toWire(result);
  },
};

function toWire([
  observation,
  reward,
  terminated,
  truncated,
  info,
]: StepResult): readonly unknown[] {
  return [observation, new Float64(reward), terminated, truncated, info];
}
