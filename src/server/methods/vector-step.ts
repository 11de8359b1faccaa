import { GemError, show } from "../../errors.ts";
import type { VectorStepResult } from "../../vector/vector-env.ts";
import { checkCount } from "./params.ts";
import type { Method } from "./method.ts";

/** `[vector, actions, indices]` → `[observations, rewards, terminated, truncated, infos]`, the flags and rewards as bin */
export const vectorStep: Method = {
  groups: (client, [handle]) => [client.vector(handle).group],
  run: ({ client }, params) => {
    checkCount("vector_step", params, 3);
    const [handle, actions, indices] = params;
    const { vector } = client.vector(handle);
    const result = vector.step(checkActions(actions), checkIndices(indices));
    return result instanceof Promise ? result.then(toWire) : toWire(result);
  },
};

function toWire(result: VectorStepResult): readonly unknown[] {
  const { observations, rewards, terminated, truncated, infos } = result;
  const bytes = new Uint8Array(rewards.buffer, rewards.byteOffset, rewards.byteLength);
  return [observations, bytes, terminated, truncated, infos];
}

function checkActions(actions: unknown): readonly (string | null)[] {
  if (isArrayOf(actions, isAction)) return actions;
  throw new GemError(
    "GEM_INVALID_ACTION",
    `actions must be strings or null, got ${show(actions)}.`,
  );
}

function checkIndices(indices: unknown): readonly number[] | null {
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
