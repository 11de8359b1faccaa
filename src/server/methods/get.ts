import { chain } from "../../core/maybe-promise.ts";
import { attributeParams, parseParams } from "../../protocol/schema.ts";
import { FLOAT_KEYS, Float64 } from "../../protocol/values.ts";
import { envMethod, type Method } from "./method.ts";

/** `[handle, depth, name]` → the attribute */
export const get: Method = envMethod((env, params) => {
  const [, , name] = parseParams("get", attributeParams, params);
  return chain(env.getAttribute(name), (value) =>
    typeof value === "number" && FLOAT_KEYS.has(name) ? new Float64(value) : value,
  );
}, true);
