import { parseParams, setParams } from "../../protocol/schema.ts";
import { envMethod, type Method } from "./method.ts";

/** `[handle, depth, name, value]` → nil */
export const set: Method = envMethod((env, params) => {
  const [, , name, value] = parseParams("set", setParams, params);
  return env.setAttribute(name, value);
});
