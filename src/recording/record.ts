import type { Env } from "../core/env.ts";
import { RecordedEnv, type Making } from "./recorded-env.ts";
import { recordFromEnvironment, recordingAt, type RecordOptions } from "./recordings.ts";

/** What a program says of recording. */
export interface RecordWish {
  /** The file that episodes are appended to; default: what `GEM_RECORD` says, else none. */
  readonly record?: string | undefined;
  /** Whether observations are written whole, and not their hashes alone (default false). */
  readonly recordObservations?: boolean | undefined;
}

/** Where is recorded; undefined for nowhere. */
export function recordPlaceOf(wish: RecordWish): RecordOptions | undefined {
  if (wish.record === undefined) return recordFromEnvironment();
  return { path: wish.record, withObservations: wish.recordObservations ?? false };
}

/**
 * Opens the file, and gives what puts a recording around an environment.
 *
 * @param startOf what the generators of an innermost environment started from
 * @throws GEM_INVALID_ARGUMENT when the file cannot be written
 */
export function recorder(
  making: Omit<Making, "seed">,
  place: RecordOptions,
  startOf: (env: Env) => bigint | null,
): (env: Env) => Env {
  const recording = recordingAt(place);
  return (env) => new RecordedEnv(env, { ...making, seed: startOf(env.unwrapped) }, recording);
}
