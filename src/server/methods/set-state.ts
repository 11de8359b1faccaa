import { parseParams, setStateParams } from "../../protocol/schema.ts";
import { envMethod, type Method } from "./method.ts";

/** `[handle, depth, state]` → nil */
export const setState: Method = envMethod((env, params) => {
  const [, , state] = parseParams("set_state", setStateParams, params);
  return env.setState(state);
});
