import { GemError, show } from "../errors.ts";

/** The largest range that a draw may cover: every integer below it is exact in a number. */
export const MAX_RANGE: number = 2 ** 53;

/** Makes the error of a wrong argument. */
export function invalidArgument(message: string): GemError {
  return new GemError("GEM_INVALID_ARGUMENT", message);
}

/** Refuses what is not an integer that a number holds exactly. @throws GEM_INVALID_ARGUMENT */
export function checkInteger(name: string, value: number): void {
  if (Number.isSafeInteger(value)) return;
  throw invalidArgument(`${name} must be an integer within ±(2^53 - 1), got ${show(value)}.`);
}

/** As `checkInteger`, for a bound that the range does not reach: 2^53 itself is fine. @throws GEM_INVALID_ARGUMENT */
export function checkEnd(name: string, value: number): void {
  if (value !== MAX_RANGE) checkInteger(name, value);
}

/** Refuses what is not a count that an array can have. @throws GEM_INVALID_ARGUMENT */
export function checkCount(name: string, value: number): void {
  if (value >>> 0 === value) return;
  throw invalidArgument(`${name} must be an integer from 0 to 2^32 - 1, got ${show(value)}.`);
}

/** How far `end` lies above `start`, below 1 when the range is empty; NaN when it is more than 2^53. */
export function rangeWidth(start: number, end: number): number {
  const width = end - start;
  // The difference of two exact numbers need not be exact itself.
  return width < 1 || (width <= MAX_RANGE && start + width === end) ? width : NaN;
}

/** Makes the error of a range whose width is not from 1 to 2^53. */
export function badRange(call: string, width: number): GemError {
  return invalidArgument(
    width < 1
      ? `The range of ${call} is empty.`
      : `The bounds of ${call} must be at most 2^53 apart.`,
  );
}
