import { GemError, type ErrorCode } from "../../../src/errors.ts";

/** The code and message of the `GemError` that an action throws, as `CODE: message`. */
export function complaint(action: () => unknown): string {
  try {
    action();
  } catch (error) {
    if (error instanceof GemError) return `${error.code satisfies ErrorCode}: ${error.message}`;
    throw error;
  }
  return "no error";
}
