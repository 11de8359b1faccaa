import { GemError } from "../errors.ts";
import type { FaultRules } from "./fault-policy.ts";

/** The fault of a call that takes too long. */
export function lateError(id: string, verb: string, { deadlineMs }: FaultRules): GemError {
  return new GemError(
    "GEM_DEADLINE",
    `${verb}() of ${id} was given up after ${String(deadlineMs / 1000)} s, its deadline. A longer one is set where the environment is made.`,
    { deadline_seconds: deadlineMs / 1000 },
  );
}

/**
 * Waits for a call that has begun, up to its deadline. Differs from upstream D131, which waits for ever.
 *
 * @param late makes the error; called once, when the time is over and the call may go on for nobody
 */
export function within<T>(call: Promise<T>, deadlineMs: number, late: () => GemError): Promise<T> {
  return new Promise<T>((resolve, reject) => {
    const timer = setTimeout(() => reject(late()), deadlineMs);
    call.then(
      (value) => {
        clearTimeout(timer);
        resolve(value);
      },
      (error: unknown) => {
        clearTimeout(timer);
        reject(error instanceof Error ? error : new Error(String(error)));
      },
    );
  });
}
