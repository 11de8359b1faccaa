import { ERROR_KINDS, GemError, isGemError, show, type ErrorCode } from "../errors.ts";

/** What a fault of an environment becomes: an error, another attempt in a fresh environment, or a result that says so. */
export type OnFault = "raise" | "retry" | "mask";

/** What the user says of faults and of how long calls may run. */
export interface FaultPolicy {
  /** Default "raise". */
  readonly onFault?: OnFault | undefined;
  /** How long one reset or step may run, in seconds, > 0; null or absent: 600, or what the environment's own kind has. */
  readonly deadlineSeconds?: number | null | undefined;
}

/** A policy, checked. Equal objects mean the same rules, so that they can be compared by identity. */
export interface FaultRules {
  readonly onFault: OnFault;
  /** How long one reset or step may run, in ms. */
  readonly deadlineMs: number;
  /** Whether nobody asked for that deadline, so that a kind with one of its own keeps it. */
  readonly isDefaultDeadline: boolean;
}

/** How often a step is tried in all under `retry`. */
export const ATTEMPTS = 3;

const DEFAULT_DEADLINE_SECONDS = 600;
/** What a timer can wait for: 2^31 ms, and a little less. */
const MOST_SECONDS = 2_000_000;
const POLICIES: readonly unknown[] = ["raise", "retry", "mask"];

/** The rules where nobody asked for others. */
export const DEFAULT_RULES: FaultRules = {
  onFault: "raise",
  deadlineMs: DEFAULT_DEADLINE_SECONDS * 1000,
  isDefaultDeadline: true,
};

/** Checks a policy; names in messages are those that the caller knows. @throws GEM_INVALID_ARGUMENT */
export function rulesOf(
  policy: FaultPolicy,
  names: { readonly onFault: string; readonly deadline: string } = {
    onFault: "onFault",
    deadline: "deadlineSeconds",
  },
): FaultRules {
  const onFault: unknown = policy.onFault;
  const seconds: unknown = policy.deadlineSeconds;
  if (onFault !== undefined && !POLICIES.includes(onFault)) {
    throw new GemError(
      "GEM_INVALID_ARGUMENT",
      `${names.onFault} must be "raise", "retry" or "mask", got ${show(onFault)}.`,
    );
  }
  if (seconds !== undefined && seconds !== null && !isDeadline(seconds)) {
    throw new GemError(
      "GEM_INVALID_ARGUMENT",
      `${names.deadline} must be a number of seconds above 0 and at most ${String(MOST_SECONDS)}, or null for the default, got ${show(seconds)}.`,
    );
  }
  if ((onFault === undefined || onFault === "raise") && !isDeadline(seconds)) return DEFAULT_RULES;
  return {
    onFault: (onFault ?? "raise") as OnFault,
    deadlineMs: (isDeadline(seconds) ? seconds : DEFAULT_DEADLINE_SECONDS) * 1000,
    isDefaultDeadline: !isDeadline(seconds),
  };
}

function isDeadline(value: unknown): value is number {
  return typeof value === "number" && value > 0 && value <= MOST_SECONDS;
}

/** Whether an error is a fault or a bug, and not the caller's mistake. */
export function isFault(error: unknown): boolean {
  return !isGemError(error) || ERROR_KINDS[error.code] !== "caller";
}

/** The code that an error counts as; what an environment's own code throws is a fault of that environment. */
export function causeOf(error: unknown): ErrorCode {
  return isGemError(error) ? error.code : "GEM_ENV_FAULT";
}

/** What an error says, in a sentence or two. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** What `info.gem` says of a call that did not go as it should. */
export interface FaultNote {
  /** `fault`: the result stands for no play. `retried`: it is what the environment gave, at a later attempt. */
  readonly outcome: "fault" | "retried";
  readonly cause: ErrorCode;
  readonly message: string;
  /** How many attempts were made, the first included. */
  readonly attempt: number;
  /** Whether the same call may succeed at another time. */
  readonly retryable: boolean;
  /** From the call to its result, all attempts included. */
  readonly duration_ms: number;
}

/** Describes a fault. @param start `performance.now()` when the call began */
export function faultNote(
  outcome: FaultNote["outcome"],
  error: unknown,
  attempt: number,
  start: number,
): FaultNote {
  const cause = causeOf(error);
  return {
    outcome,
    cause,
    message: messageOf(error),
    attempt,
    retryable: ERROR_KINDS[cause] === "fault",
    duration_ms: performance.now() - start,
  };
}

/** Puts a note into an info, beside what a tool may have said there already. */
export function putNote(info: Record<string, unknown>, note: FaultNote): void {
  info["gem"] = { ...note };
}

/** That a call is to be reported as a fault and not thrown. Never leaves the library. */
export class Masked extends Error {
  readonly note: FaultNote;

  constructor(note: FaultNote, cause: unknown) {
    super(note.message, { cause });
    this.name = "Masked";
    this.note = note;
  }
}
