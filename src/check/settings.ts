import { checkSeed, type Seed } from "../core/env.ts";
import { GemError, show } from "../errors.ts";
import type { MakeOptions } from "../make.ts";

/** What `checkEnv` takes beside the environment. */
export interface CheckOptions {
  /** How many seeds are played (1, 2, 3, …), or which; default 3. */
  readonly seeds?: number | readonly Seed[] | undefined;
  /** Actions of a trajectory, default 25. */
  readonly steps?: number | undefined;
  /** Replies to play in turn; default: the environment's random actions, with malformed ones in between. */
  readonly actions?: readonly string[] | undefined;
  /** Options to make the environment with. */
  readonly make?: MakeOptions | undefined;
  /** The time that each check has, in ms; default 60,000. */
  readonly deadlineMs?: number | undefined;
  /** What an idle environment may keep, in bytes; default 4 MiB. */
  readonly memoryLimitBytes?: number | undefined;
}

/** Checked options. */
export interface CheckSettings {
  readonly seeds: readonly [Seed, ...Seed[]];
  readonly steps: number;
  readonly actions: readonly string[] | undefined;
  readonly deadlineMs: number;
  readonly memoryLimitBytes: number;
}

/** @throws GEM_INVALID_OPTION, GEM_INVALID_SEED */
export function checkSettings(options: CheckOptions): CheckSettings {
  const { seeds = 3, steps = 25, actions, deadlineMs = 60_000 } = options;
  const { memoryLimitBytes = 4 * 1024 * 1024 } = options;
  checkInteger("steps", steps, 1, 100_000);
  checkInteger("deadlineMs", deadlineMs, 1, 24 * 3_600_000);
  checkInteger("memoryLimitBytes", memoryLimitBytes, 1, 2 ** 40);
  if (actions !== undefined && (actions.length === 0 || !actions.every(isText)))
    throw new GemError(
      "GEM_INVALID_OPTION",
      `actions must be one text or more, got ${show(actions)}.`,
    );
  return { seeds: checkSeeds(seeds), steps, actions, deadlineMs, memoryLimitBytes };
}

function checkSeeds(seeds: number | readonly Seed[]): readonly [Seed, ...Seed[]] {
  if (typeof seeds === "number") {
    checkInteger("seeds", seeds, 1, 10_000);
    return [1, ...Array.from({ length: seeds - 1 }, (_, index) => index + 2)];
  }
  const [first, ...others] = seeds.map(checkSeed);
  if (first !== undefined) return [first, ...others];
  throw new GemError("GEM_INVALID_OPTION", "seeds must be one seed or more, got none.");
}

function checkInteger(name: string, value: unknown, least: number, most: number): void {
  if (typeof value === "number" && Number.isInteger(value) && value >= least && value <= most)
    return;
  throw new GemError(
    "GEM_INVALID_OPTION",
    `${name} must be an integer from ${String(least)} to ${String(most)}, got ${show(value)}.`,
  );
}

function isText(value: unknown): boolean {
  return typeof value === "string";
}
