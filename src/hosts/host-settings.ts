import { availableParallelism } from "node:os";
import { GemError, show } from "../errors.ts";
import type { PoolOptions } from "./pool-options.ts";

/** Where what libraries print goes: a line, and facts beside it. */
export type HostLogSink = (line: string, facts: Readonly<Record<string, unknown>>) => void;

/** What a thread's pools start from. */
export interface HostSurroundings {
  /** Threads that have pools of their own, which share the cores; default 1. */
  readonly threads: number;
  readonly log: HostLogSink;
}

let surroundings: HostSurroundings = { threads: 1, log: () => undefined };

/** Says what this thread's pools start from; for pools that are made later. */
export function surroundHosts(given: HostSurroundings): void {
  surroundings = given;
}

/** Where the processes of this thread's pools log to. */
export function hostLogSink(): HostLogSink {
  return surroundings.log;
}

/** Processes that a thread may have, also where there are more threads than cores. */
const LEAST_SHARE = 2;
const SECOND_MS = 1000;
const MIB = 1024 * 1024;
const DEFAULTS = {
  deadlineSeconds: 60,
  memoryMiB: 2048,
  maxAgeMs: 12 * 60 * 60 * SECOND_MS,
  maxCalls: 1_000_000,
  startMs: 120 * SECOND_MS,
  rescueMs: SECOND_MS,
} as const;

/** A pool's options, filled up from `GEM_HOST_PROCESSES`, `GEM_HOST_DEADLINE`, `GEM_HOST_MEMORY`. @throws GEM_INVALID_ARGUMENT */
export function completeOptions(given: PoolOptions): Required<PoolOptions> {
  const cores = availableParallelism();
  // The second one is started when the first has too much to do: mostly one thread has all the work.
  const share = Math.max(Math.min(LEAST_SHARE, cores), Math.ceil(cores / surroundings.threads));
  return {
    size: given.size ?? Math.ceil(setting("GEM_HOST_PROCESSES", share)),
    deadlineMs:
      given.deadlineMs ?? setting("GEM_HOST_DEADLINE", DEFAULTS.deadlineSeconds) * SECOND_MS,
    maxMemoryBytes: given.maxMemoryBytes ?? setting("GEM_HOST_MEMORY", DEFAULTS.memoryMiB) * MIB,
    maxAgeMs: given.maxAgeMs ?? DEFAULTS.maxAgeMs,
    maxCalls: given.maxCalls ?? DEFAULTS.maxCalls,
    startMs: given.startMs ?? DEFAULTS.startMs,
    rescueMs: given.rescueMs ?? DEFAULTS.rescueMs,
  };
}

function setting(variable: string, fallback: number): number {
  const text = process.env[variable];
  if (text === undefined || text === "") return fallback;
  const value = Number(text);
  if (Number.isFinite(value) && value > 0) return value;
  throw new GemError(
    "GEM_INVALID_ARGUMENT",
    `${variable} must be a number above 0, got ${show(text)}.`,
  );
}
