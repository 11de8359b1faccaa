import type { Env } from "../core/env.ts";
import { Wrapper } from "../core/wrapper.ts";
import { RecordedEnv } from "../recording/recorded-env.ts";

/**
 * The environment `depth` wrappers below the outermost. A recording is no wrapper; it notes that it is passed by.
 *
 * @param isReading whether nothing is changed there
 */
export function peelEnv(outermost: Env, depth: number, isReading: boolean): Env {
  let env = outermost;
  for (let i = 0; i < depth; i++) {
    if (env instanceof RecordedEnv) {
      if (!isReading) env.touch();
      env = env.env;
    }
    if (env instanceof Wrapper) env = env.env;
  }
  return env;
}
