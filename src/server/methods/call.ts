import { GemError, didYouMean } from "../../errors.ts";
import { callParams, parseParams } from "../../protocol/schema.ts";
import { ClientEnv } from "../client-env.ts";
import { envMethod, type Method } from "./method.ts";

const SAMPLE = "sample_random_action";

/** `[handle, depth, method, args]` → what the method gives; only what the environment declares can be called (law L12) */
export const call: Method = envMethod((env, params) => {
  const [, , name, args] = parseParams("call", callParams, params);
  if (name === SAMPLE) return env.sampleRandomAction();
  const names = env.methodNames();
  if (names.includes(name) || env.unwrapped instanceof ClientEnv) return env.callMethod(name, args);
  const known = [SAMPLE, ...names];
  throw new GemError(
    "GEM_UNKNOWN_METHOD",
    `${env.id} has no method "${name}".${didYouMean(name, known)} Its methods are: ${known.join(", ")}.`,
  );
});
