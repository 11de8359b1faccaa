import { GemError } from "../../errors.ts";
import { packageVersion } from "../../recording/package-version.ts";
import type { Insight } from "../metrics/insight.ts";
import type { WorkerContext } from "../context.ts";
import type { Method } from "./method.ts";

/** `[]` → what the worker knows of its own work (`docs/observability.md`) */
export const stats: Method = {
  run: ({ worker }) => insightOf(worker).stats(packageVersion()),
};

/** `[]` → `{environments, sessions, calls_in_flight, draining}`: how much a worker has to do */
export const load: Method = {
  run: ({ worker }) => insightOf(worker).load(),
};

function insightOf({ insight }: WorkerContext): Insight {
  if (insight !== undefined) return insight;
  throw new GemError("GEM_UNSUPPORTED", "This worker keeps no figures of its own work.");
}
