/** Checks of what a vector's methods are given, before any member does anything. */
import { checkAction, checkSeed } from "../core/env.ts";
import type { Seed } from "../core/env.ts";
import { GemError, show } from "../errors.ts";

/** Checks a member's position. @throws GEM_INVALID_ARGUMENT */
export function checkIndex(index: unknown, count: number): void {
  if (typeof index === "number" && Number.isInteger(index) && index >= 0 && index < count) return;
  throw new GemError(
    "GEM_INVALID_ARGUMENT",
    `An environment's index must be an integer from 0 to ${String(count - 1)}, got ${show(index)}.`,
  );
}

/** Checks positions, each named once. @throws GEM_INVALID_ARGUMENT */
export function checkMembers(verb: string, members: readonly unknown[], count: number): void {
  for (const index of members) checkIndex(index, count);
  if (new Set(members).size === members.length) return;
  throw new GemError(
    "GEM_INVALID_ARGUMENT",
    `${verb}() got an environment's index twice; name each once.`,
  );
}

/**
 * Checks one action for each member.
 *
 * @param count how many members there are, where the caller named those that step
 * @throws GEM_ACTION_COUNT, GEM_INVALID_ARGUMENT, GEM_INVALID_ACTION
 */
export function checkActions(
  verb: string,
  actions: readonly unknown[],
  members: readonly number[],
  count?: number,
): void {
  if (actions.length !== members.length) {
    throw new GemError(
      "GEM_ACTION_COUNT",
      `${verb}() needs one action for each of ${String(members.length)} environments, got ${String(actions.length)}.`,
    );
  }
  if (count !== undefined) checkMembers(verb, members, count);
  for (const action of actions) checkAction(action);
}

/** A reset's seeds, one for each member; none when all streams go on. @throws GEM_INVALID_SEED */
export function spreadSeeds(
  seeds: Seed | readonly (Seed | null)[] | null,
  count: number,
): readonly (bigint | null)[] {
  if (seeds === null) return [];
  if (Array.isArray(seeds)) return listSeeds("reset", seeds as readonly (Seed | null)[], count);
  const first = checkSeed(seeds);
  return Array.from({ length: count }, (_, index) => first + BigInt(index));
}

/** A seed or null for each of so many members. @throws GEM_INVALID_SEED */
export function listSeeds(
  verb: string,
  seeds: readonly (Seed | null)[],
  count: number,
): readonly (bigint | null)[] {
  if (seeds.length !== count) {
    throw new GemError(
      "GEM_INVALID_SEED",
      `${verb}() needs one seed for each of ${String(count)} environments, got ${String(seeds.length)}.`,
    );
  }
  return seeds.map((seed) => (seed === null ? null : checkSeed(seed)));
}
