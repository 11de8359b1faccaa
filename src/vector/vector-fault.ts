import { messageOf } from "../core/fault-policy.ts";
import { GemError, isGemError, type ErrorCode, type ErrorDetails } from "../errors.ts";
import type { MemberStep, VectorResetResult, VectorStepResult } from "./vector-result.ts";

/** What the other members did in a call of a vector in which some failed. */
export type PartialResult = VectorStepResult | VectorResetResult;

/** A member that failed, and why. */
export interface MemberFault {
  readonly index: number;
  readonly error: unknown;
}

/** That a member's step was played, but its next episode could not begin. */
export class NextEpisodeFault extends Error {
  /** What was played, with an empty observation. */
  readonly step: MemberStep;

  constructor(cause: unknown, step: MemberStep) {
    super("The next episode could not begin.", { cause });
    this.name = "NextEpisodeFault";
    this.step = step;
  }
}

/** What a vector throws when members fail: `details` names them, and what the others did is not lost. */
export class VectorFault extends GemError {
  /** What the call would have given, with the failed members marked: no observation, no reward, and `info.gem`. */
  readonly partial: PartialResult | undefined;

  constructor(
    code: ErrorCode,
    message: string,
    details: ErrorDetails,
    cause: unknown,
    partial?: PartialResult,
  ) {
    super(code, message, details, cause);
    this.partial = partial;
  }
}

/**
 * One error for all members that failed, with the code of the first.
 *
 * @param idOf the id of a member's environment
 */
export function vectorFault(
  faults: readonly MemberFault[],
  idOf: (index: number) => string,
  partial?: PartialResult,
): VectorFault {
  const sorted = faults.toSorted((a, b) => a.index - b.index);
  const { index, error: thrown } = sorted[0] ?? { index: 0, error: undefined };
  const error = thrown instanceof NextEpisodeFault ? thrown.cause : thrown;
  const id = idOf(index);
  const others =
    sorted.length > 1
      ? ` ${String(sorted.length - 1)} more of the vector's environments failed.`
      : "";
  const details = {
    ...(isGemError(error) ? error.details : {}),
    index,
    id,
    faulty: sorted.map((fault) => fault.index),
  };
  const message = `Environment ${String(index)} of the vector (${id}) failed: ${messageOf(error)}${others}`;
  const code = isGemError(error) ? error.code : "GEM_ENV_FAULT";
  return new VectorFault(code, message, details, error, partial);
}
