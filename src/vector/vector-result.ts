import type { Info, Observation, ResetResult, StepResult } from "../core/env.ts";
import type { FaultNote } from "../core/fault-policy.ts";

/** What a member's step gave; a sixth entry says that it stands for a fault. */
export type MemberStep = [...StepResult, isFault?: true];

/** What a member's reset gave; a third entry says that it stands for a fault. */
export type MemberReset = [...ResetResult, isFault?: true];

/** `[observations, infos]` of a reset, one entry per environment. */
export type VectorResetResult = [observations: Observation[], infos: Info[]];

/** The outcome of one vector step; every array has one entry per environment that stepped, in the order asked for. */
export interface VectorStepResult {
  readonly observations: Observation[];
  readonly rewards: Float64Array;
  /** 1 where the episode ended by its own rules. */
  readonly terminated: Uint8Array;
  /** 1 where it ended by a limit, or by a fault. */
  readonly truncated: Uint8Array;
  readonly infos: Info[];
  /** 1 where the entry stands for a fault and is no data: `info.gem` says why, and nobody should train on it. */
  readonly faults: Uint8Array;
}

/** A result to be filled in for `count` environments. */
export function emptyStep(count: number): VectorStepResult {
  return {
    observations: new Array<Observation>(count),
    rewards: new Float64Array(count),
    terminated: new Uint8Array(count),
    truncated: new Uint8Array(count),
    infos: new Array<Info>(count),
    faults: new Uint8Array(count),
  };
}

/** Fills in what a member's step gave. */
export function store(result: VectorStepResult, position: number, step: MemberStep): void {
  result.observations[position] = step[0];
  result.rewards[position] = step[1];
  result.terminated[position] = Number(step[2]);
  result.truncated[position] = Number(step[3]);
  result.infos[position] = step[4];
  if (step.length > 5) result.faults[position] = 1;
}

/** A fault in the form of a step: it earns nothing and cuts the episode off, and shows what is to be seen next. */
export function faultStep(
  note: FaultNote,
  observation: Observation = "",
  info: Info = {},
): MemberStep {
  info["gem"] = { ...note };
  return [observation, 0, false, true, info, true];
}

/** A fault in the form of a reset. */
export function faultReset(note: FaultNote): MemberReset {
  return ["", { gem: { ...note } }, true];
}
