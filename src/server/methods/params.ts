import { GemError } from "../../errors.ts";

/** Checks the number of parameters of a hot method, whose values are checked where they are used. @throws GEM_INVALID_ARGUMENT */
export function checkCount(method: string, params: readonly unknown[], count: number): void {
  if (params.length === count) return;
  throw new GemError(
    "GEM_INVALID_ARGUMENT",
    `${method} takes ${count} parameters, got ${params.length}.`,
  );
}
