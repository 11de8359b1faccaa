import { GemError, show } from "../../errors.ts";
import { failureToWire, shownStepToWire } from "../fault-wire.ts";
import { checkNumbers } from "../shown.ts";
import { checkCount } from "./params.ts";
import type { Method } from "./method.ts";

/**
 * `[vector, actions, indices, shown]` → `[observations, rewards, terminated, truncated, infos]`, the flags and rewards as bin,
 * and `faults` and `keeps` where there are any
 */
export const vectorStep: Method = {
  groups: (client, [handle]) => [client.vector(handle).group],
  run: ({ client }, params) => {
    checkCount("vector_step", params, 3, 1);
    const [handle, actions, given, shown] = params;
    const entry = client.vector(handle);
    const failed = (error: unknown): never => {
      throw failureToWire(entry, error);
    };
    try {
      const numbers = checkNumbers(shown);
      const indices = checkIndices(given);
      const result = entry.vector.step(checkActions(actions), indices);
      if (!(result instanceof Promise)) return shownStepToWire(entry, result, indices, numbers);
      return result.then((later) => shownStepToWire(entry, later, indices, numbers)).catch(failed);
    } catch (error) {
      return failed(error);
    }
  },
};

/** @throws GEM_INVALID_ACTION */
export function checkActions(actions: unknown): readonly (string | null)[] {
  if (isArrayOf(actions, isAction)) return actions;
  throw new GemError(
    "GEM_INVALID_ACTION",
    `actions must be strings or null, got ${show(actions)}.`,
  );
}

/** @throws GEM_INVALID_ARGUMENT */
export function checkIndices(indices: unknown): readonly number[] | null {
  if (indices === null || isArrayOf(indices, isNumber)) return indices;
  const message = `indices must be null or an array of integers, got ${show(indices)}.`;
  throw new GemError("GEM_INVALID_ARGUMENT", message);
}

function isArrayOf<T>(value: unknown, isItem: (item: unknown) => item is T): value is readonly T[] {
  return Array.isArray(value) && value.every(isItem);
}

function isAction(item: unknown): item is string | null {
  return typeof item === "string" || item === null;
}

function isNumber(item: unknown): item is number {
  return typeof item === "number";
}
