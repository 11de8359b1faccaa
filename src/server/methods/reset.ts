import { parseParams, resetParams } from "../../protocol/schema.ts";
import { envMethod, type Method } from "./method.ts";

/** `[handle, depth, seed, options]` → `[observation, info]` */
export const reset: Method = envMethod((env, params) => {
  const [, , seed, options] = parseParams("reset", resetParams, params);
  return env.reset(seed, options);
});
