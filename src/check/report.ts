/** Whether a check found what it expects, found something else, or could not be made. */
export type CheckOutcome = "passed" | "failed" | "skipped";

/** What one check of an environment came to. */
export interface CheckResult {
  readonly name: CheckName;
  readonly outcome: CheckOutcome;
  /** Passed: what was seen. Failed: what was expected and what came. Skipped: why. */
  readonly detail: string;
}

/** What all checks of an environment came to, in the order of `CHECK_NAMES`. */
export interface CheckReport {
  readonly id: string;
  readonly checks: readonly CheckResult[];
  /** Whether no check failed. */
  readonly passed: boolean;
}

/** Every check, in the order in which they are made and shown. */
export const CHECK_NAMES = [
  "start",
  "types",
  "garbage",
  "determinism",
  "unseeded",
  "vector",
  "fork",
  "state",
  "random_action",
  "before_reset",
  "closing_twice",
  "after_close",
  "rewards",
  "memory",
] as const;

/** The name of a check. */
export type CheckName = (typeof CHECK_NAMES)[number];

/** Why runs of one seed are not compared. */
export const INCOMPARABLE = "Two runs of one seed differ already.";

/** What a check says when it has been made. */
export interface Finding {
  readonly outcome: CheckOutcome;
  readonly detail: string;
}

/** It is as expected. @param detail what was seen */
export function passed(detail: string): Finding {
  return { outcome: "passed", detail };
}

/** It is not. @param detail what was expected, and what came */
export function failed(detail: string): Finding {
  return { outcome: "failed", detail };
}

/** It could not be looked at. @param detail why */
export function skipped(detail: string): Finding {
  return { outcome: "skipped", detail };
}
