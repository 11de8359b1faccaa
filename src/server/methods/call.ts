import { chain } from "../../core/maybe-promise.ts";
import { GemError, didYouMean } from "../../errors.ts";
import { callParams, parseParams } from "../../protocol/schema.ts";
import { ClientEnv } from "../client-env.ts";
import { ProgramEnv } from "../program.ts";
import { envMethod, type Method } from "./method.ts";

const SAMPLE = "sample_random_action";

/** `[handle, depth, method, args]` → what the method gives; only what the environment declares can be called (law L12), and of a user's own class anything public */
export const call: Method = envMethod((env, params, { stem }) => {
  const [, , name, args] = parseParams("call", callParams, params);
  if (name === SAMPLE) {
    return chain(env.sampleRandomAction(), (drawn) => {
      stem.journal?.addDraw(drawn);
      return drawn;
    });
  }
  const names = env.methodNames();
  const inner = env.unwrapped;
  const isUsers = inner instanceof ClientEnv || inner instanceof ProgramEnv;
  if (names.includes(name) || isUsers) {
    stem.journal = undefined;
    return env.callMethod(name, args);
  }
  const known = [SAMPLE, ...names];
  throw new GemError(
    "GEM_UNKNOWN_METHOD",
    `${env.id} has no method "${name}".${didYouMean(name, known)} Its methods are: ${known.join(", ")}.`,
  );
});
