import type { Env } from "../core/env.ts";
import type { FaultRules } from "../core/fault-policy.ts";
import { Wrapper } from "../core/wrapper.ts";
import { GemError } from "../errors.ts";
import { startOf } from "../make.ts";
import { RecordedEnv, type Making } from "../recording/recorded-env.ts";
import type { Recording } from "../recording/recording.ts";
import { recordFromEnvironment, recordingAt, type RecordOptions } from "../recording/recordings.ts";
import { wrapEntry } from "./build.ts";
import type { WorkerContext } from "./context.ts";
import type { EnvEntry, Stem, WrapperSpec } from "./entry.ts";

/** What a client says of recording what it makes. */
export interface RecordWish {
  /** A file on the server's machine. */
  readonly record?: string | null | undefined;
  readonly record_observations?: boolean | undefined;
}

/**
 * Where what a client makes is recorded: where it says, else where `GEM_RECORD` says; undefined for nowhere.
 *
 * @throws GEM_UNSUPPORTED when it names a file, and clients must not write files here
 */
export function recordPlace(worker: WorkerContext, wish: RecordWish): RecordOptions | undefined {
  const { record: path, record_observations: withObservations = false } = wish;
  if (path === undefined || path === null) return recordFromEnvironment();
  if (worker.runsPrograms) return { path, withObservations };
  throw new GemError(
    "GEM_UNSUPPORTED",
    "record names a file, and clients of this server must not write files on its machine. Start it with GEM_RECORD=<folder> to record everything there, or with --allow-programs, or use a private server.",
  );
}

/** The entry with its environment recorded. @param slot its position among those made by the same call @throws GEM_INVALID_ARGUMENT */
export function recordEntry(
  entry: EnvEntry,
  place: RecordOptions | undefined,
  slot: number,
): EnvEntry {
  if (place === undefined) return entry;
  const { stem, wrappers } = entry;
  const making = { what: stem.base, options: stem.options, wrappers, slot };
  return surround(entry, making, recordingAt(place));
}

/** Puts a recording around an entry's environment, and around whatever takes its place. */
function surround(entry: EnvEntry, making: Omit<Making, "seed">, recording: Recording): EnvEntry {
  return entry.surround((env) => {
    const seed = startOf(env.unwrapped) ?? entry.stem.seed;
    return new RecordedEnv(env, { ...making, seed }, recording);
  });
}

/** A new entry wrapped like `source`, and recorded where that is. */
export function wrapLike(
  source: Env,
  stem: Stem,
  wrappers: readonly WrapperSpec[],
  rules: FaultRules,
): EnvEntry {
  const recorded = recordedLayer(source);
  if (recorded === undefined) return wrapEntry(stem, stem.env, [], wrappers, { rules });
  const { making, recording } = recorded;
  const within = making.wrappers.length;
  const inner = wrapEntry(stem, stem.env, [], wrappers.slice(0, within), { rules });
  const over = surround(inner, { ...making, options: stem.options }, recording);
  return wrapEntry(stem, over.env, wrappers.slice(0, within), wrappers.slice(within), {
    rules,
    over,
  });
}

function recordedLayer(env: Env): RecordedEnv | undefined {
  if (env instanceof RecordedEnv) return env;
  return env instanceof Wrapper ? recordedLayer(env.env) : undefined;
}
