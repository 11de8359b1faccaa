import { isBroken, resetNeeded } from "../../core/guard.ts";
import { checkCount } from "./params.ts";
import { envMethod, type Method } from "./method.ts";

/** `[handle, depth]` → the state as plain data */
export const getState: Method = envMethod((env, params, entry) => {
  checkCount("get_state", params, 2);
  const { broken } = entry.stem;
  if (broken !== undefined && isBroken(entry)) throw resetNeeded(env.id, broken);
  return env.getState();
}, true);
