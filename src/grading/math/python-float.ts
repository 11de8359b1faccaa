import { strip } from "../../text/strip.ts";

const DECIMAL =
  /^[+-]?(?:\d+(?:_\d+)*(?:\.(?:\d+(?:_\d+)*)?)?|\.\d+(?:_\d+)*)(?:e[+-]?\d+(?:_\d+)*)?$/i;
const INFINITE = /^[+-]?inf(?:inity)?$/i;
const NEARLY = 1e-7;

/**
 * What Python's `float` reads in a text of ASCII characters; undefined when it refuses it.
 *
 * @param text white space around it does not count, and digits may be parted by underscores
 */
export function pythonFloatOf(text: string): number | undefined {
  const bare = strip(text);
  if (DECIMAL.test(bare)) return Number(bare.replaceAll("_", ""));
  if (INFINITE.test(bare)) return bare.startsWith("-") ? -Infinity : Infinity;
  return /^[+-]?nan$/i.test(bare) ? Number.NaN : undefined;
}

// Upstream quirk Q76: whole numbers are compared as floats, so from 2^53 on neighbours are equal, and 1e-7 is 0.
/** The number that a text stands for when it is within 1e-7 of an integer; else undefined. */
export function nearInteger(text: string): number | undefined {
  const value = pythonFloatOf(text);
  if (value === undefined || !Number.isFinite(value)) return undefined;
  return Math.abs(value - Math.round(value)) <= NEARLY ? value : undefined;
}
