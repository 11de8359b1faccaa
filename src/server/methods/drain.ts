import { GemError } from "../../errors.ts";
import { drainParams, parseParams } from "../../protocol/schema.ts";
import type { Method } from "./method.ts";

/** `[seconds or nil]` → nil: the server makes nothing new, and ends when nothing is left or the time is up */
export const drain: Method = {
  run: ({ worker }, params) => {
    const [seconds] = parseParams("drain", drainParams, params);
    if (worker.drain === undefined) {
      throw new GemError(
        "GEM_UNSUPPORTED",
        "This server ends by itself, with its process or after its last client; only one of `gem serve` can be drained.",
      );
    }
    worker.drain(seconds ?? undefined);
    return null;
  },
};
