import type { ErrorCode } from "../errors.ts";

/**
 * What became of a fault: it was thrown, overcome by another attempt, reported in the place of a result, or, a tool's, shown to
 * the agent.
 */
export type FaultOutcome = "raised" | "retried" | "masked" | "shown";

/** One fault, as it is counted. */
export interface FaultEvent {
  /** The environment's id. */
  readonly id: string;
  readonly cause: ErrorCode;
  readonly outcome: FaultOutcome;
  /** What was thrown; a bug's has a stack. */
  readonly error: unknown;
}

/** How often an environment's kind had a fault with one cause and outcome. */
export interface FaultCount extends Omit<FaultEvent, "error"> {
  readonly count: number;
}

const counts = new Map<
  string,
  { id: string; cause: ErrorCode; outcome: FaultOutcome; count: number }
>();
const listeners = new Set<(event: FaultEvent) => void>();

/** Counts a fault; of this thread's environments only. */
export function countFault(
  id: string,
  cause: ErrorCode,
  outcome: FaultOutcome,
  error?: unknown,
): void {
  const key = `${cause}\0${outcome}\0${id}`;
  const known = counts.get(key);
  if (known === undefined) counts.set(key, { id, cause, outcome, count: 1 });
  else known.count += 1;
  for (const listener of listeners) listener({ id, cause, outcome, error });
}

/** Every count of this thread, in the order in which the kinds of fault came. */
export function faultCounts(): readonly FaultCount[] {
  return [...counts.values()].map((entry) => ({ ...entry }));
}

/** Tells `listener` of every further fault of this thread; gives what ends that. */
export function onFault(listener: (event: FaultEvent) => void): () => void {
  listeners.add(listener);
  return () => void listeners.delete(listener);
}
