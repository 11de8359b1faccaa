/** How fault policies and faults cross the wire. */
import { rulesOf, type FaultPolicy, type FaultRules } from "../core/fault-policy.ts";
import { GemError } from "../errors.ts";
import { ClientRef } from "../protocol/values.ts";
import { VectorFault } from "../vector/vector-fault.ts";
import type { VectorResetResult, VectorStepResult } from "../vector/vector-result.ts";
import { ClientEnv } from "./client-env.ts";
import type { VectorEntry } from "./entry.ts";
import type { Numbers } from "./shown.ts";

/** A policy as clients send it; values are not checked yet. */
export interface WirePolicy {
  readonly on_fault?: unknown;
  readonly deadline?: unknown;
}

/** A client's policy, unchecked, under this library's names. */
export function policyOf(policy: WirePolicy | null | undefined): FaultPolicy {
  const { on_fault: onFault, deadline: deadlineSeconds } = policy ?? {};
  return { onFault, deadlineSeconds } as FaultPolicy;
}

/** The rules of a client's policy. @throws GEM_INVALID_ARGUMENT */
export function wireRules(policy: WirePolicy | null | undefined): FaultRules {
  return rulesOf(policyOf(policy), { onFault: "on_fault", deadline: "deadline" });
}

/** A step's result as it is sent, the flags and rewards as bin, with a sixth element where there is something to say of faults. */
export function stepToWire(entry: VectorEntry, result: VectorStepResult): readonly unknown[] {
  const { observations, rewards, terminated, truncated, infos, faults } = result;
  const bytes = new Uint8Array(rewards.buffer, rewards.byteOffset, rewards.byteLength);
  const reply = [observations, bytes, terminated, truncated, infos];
  return withFaults(entry, reply, faults);
}

/** A step's result as it is sent to a client that has earlier observations: with a seventh element where it gets parts only. */
export function shownStepToWire(
  entry: VectorEntry,
  result: VectorStepResult,
  indices: readonly number[] | null,
  numbers: Numbers | undefined,
): readonly unknown[] {
  const reply = stepToWire(entry, result);
  if (numbers === undefined) return reply;
  const parts = entry.shown.shorten(entry.members, result.observations, indices, numbers, {
    infos: result.infos,
    of: entry.vector.endings,
  });
  if (parts === undefined) return reply;
  const [, rewards, terminated, truncated, , faults = null] = reply;
  return [parts.observations, rewards, terminated, truncated, parts.infos, faults, parts.keeps];
}

/** A reset's result as it is sent. */
export function resetToWire(
  entry: VectorEntry,
  [observations, infos]: VectorResetResult,
): readonly unknown[] {
  return withFaults(entry, [observations, infos], entry.vector.faults);
}

/** The error as it is sent: what the other members did is in its details. Any other error stays as it is. */
export function failureToWire(entry: VectorEntry, error: unknown): unknown {
  if (!(error instanceof VectorFault) || error.partial === undefined) return error;
  const { code, message, details, cause, partial } = error;
  const wire = Array.isArray(partial) ? resetToWire(entry, partial) : stepToWire(entry, partial);
  return new GemError(code, message, { ...details, partial: wire }, cause);
}

function withFaults(entry: VectorEntry, reply: unknown[], faults: Uint8Array): readonly unknown[] {
  const replaced = entry.vector.rules.onFault === "raise" ? [] : replacedObjects(entry);
  if (replaced.length > 0 || faults.includes(1)) reply.push([faults, replaced]);
  return reply;
}

/** The members that are objects of the client and were replaced since it was told last: index, and the new object. */
function replacedObjects({ members }: VectorEntry): readonly unknown[] {
  const replaced: unknown[] = [];
  members.forEach(({ stem }, index) => {
    if (stem.generation === stem.told) return;
    stem.told = stem.generation;
    if (stem.env instanceof ClientEnv) replaced.push([index, new ClientRef(stem.env.ref)]);
  });
  return replaced;
}
