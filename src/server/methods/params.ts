import { GemError } from "../../errors.ts";

/**
 * Checks the number of parameters of a hot method, whose values are checked where they are used.
 *
 * @param optional how many more there may be
 * @throws GEM_INVALID_ARGUMENT
 */
export function checkCount(
  method: string,
  params: readonly unknown[],
  count: number,
  optional = 0,
): void {
  if (params.length >= count && params.length <= count + optional) return;
  const wanted = optional === 0 ? String(count) : `${count} to ${count + optional}`;
  throw new GemError(
    "GEM_INVALID_ARGUMENT",
    `${method} takes ${wanted} parameters, got ${params.length}.`,
  );
}
