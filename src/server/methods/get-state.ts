import { checkCount } from "./params.ts";
import { envMethod, type Method } from "./method.ts";

/** `[handle, depth]` → the state as plain data */
export const getState: Method = envMethod((env, params) => {
  checkCount("get_state", params, 2);
  return env.getState();
});
