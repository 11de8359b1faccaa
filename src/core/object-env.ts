/** What environments share whose object lives elsewhere, with a client or in a host: the shapes that its answers must have. */
import { GemError, show } from "../errors.ts";
import { Float64, Tuple } from "../protocol/values.ts";
import type { Info, Observation, ResetResult, StepResult } from "./env.ts";

/** A `reset`'s answer, checked. @throws GEM_OBJECT_FAULT naming the environment and what came */
export function readReset(id: string, value: unknown): ResetResult {
  const items = itemsOf(value);
  const [observation, info] = items ?? [];
  if (items?.length !== 2 || !isInfo(info))
    throw misshapen(id, "reset", "(observation, info)", value);
  return [observation as Observation, info];
}

/** A `step`'s answer, checked. @throws GEM_OBJECT_FAULT naming the environment and what came */
export function readStep(id: string, value: unknown): StepResult {
  const items = itemsOf(value);
  const [observation, reward, terminated, truncated, info] = items ?? [];
  const number = reward instanceof Float64 ? reward.value : reward;
  if (
    items?.length !== 5 ||
    typeof number !== "number" ||
    typeof terminated !== "boolean" ||
    typeof truncated !== "boolean" ||
    !isInfo(info)
  ) {
    throw misshapen(id, "step", "(observation, reward, terminated, truncated, info)", value);
  }
  return [observation as Observation, number, terminated, truncated, info];
}

/** A `sample_random_action`'s answer, checked. @throws GEM_OBJECT_FAULT */
export function readAction(id: string, value: unknown): string {
  if (typeof value === "string") return value;
  throw misshapen(id, "sample_random_action", "a string", value);
}

/** The fault that an object's answer of another shape is. */
export function misshapen(id: string, method: string, wanted: string, got: unknown): GemError {
  return new GemError(
    "GEM_OBJECT_FAULT",
    `${method}() of ${id} must return ${wanted}, it returned ${describe(got)}.`,
    { method },
  );
}

/** What is said of a call on a closed environment. */
export function closedError(id: string, verb: string): GemError {
  const message = `${id} is closed; ${verb} needs an open environment. Make a new one.`;
  return new GemError("GEM_CLOSED", message);
}

/** The values of what was a Python tuple or list. */
function itemsOf(value: unknown): readonly unknown[] | undefined {
  if (value instanceof Tuple) return value.items;
  return Array.isArray(value) ? value : undefined;
}

function isInfo(value: unknown): value is Info {
  return (
    typeof value === "object" && value !== null && Object.getPrototypeOf(value) === Object.prototype
  );
}

function describe(value: unknown): string {
  const items = itemsOf(value);
  return items === undefined ? show(value) : `${items.length} values: ${show(items)}`;
}
