import { checkAction, type StepResult } from "../../core/env.ts";
import { Float64 } from "../../protocol/values.ts";
import { checkCount } from "./params.ts";
import { envMethod, type Method } from "./method.ts";

/** `[handle, depth, action]` → `[observation, reward, terminated, truncated, info]` */
export const step: Method = envMethod((env, params) => {
  checkCount("step", params, 3);
  const action = params[2];
  const result = env.step(action === null ? null : checkAction(action));
  return result instanceof Promise ? result.then(toWire) : toWire(result);
});

function toWire([
  observation,
  reward,
  terminated,
  truncated,
  info,
]: StepResult): readonly unknown[] {
  return [observation, new Float64(reward), terminated, truncated, info];
}
