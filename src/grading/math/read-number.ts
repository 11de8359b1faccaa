import { strip } from "../../text/strip.ts";
import {
  groupedNumber,
  negated,
  quotient,
  unsignedNumber,
  type ExactNumber,
} from "./exact-number.ts";

const FRACTION = /^\\[dt]?frac *\{ *(-?)(\d{1,30}) *\} *\{ *(-?)(\d{1,30}) *\}$/;
const SHORT_FRACTION = /^\\[dt]?frac([1-9])([1-9])$/;
const SLASH = /^(\d{1,30}) *\/ *(\d{1,30})$/;
const CANONICAL = /^(?:0|[1-9]\d*)$/;

/**
 * The number that Math-Verify reads in an answer that is nothing but a simple number: whole, decimal, with commas at thousands, or a
 * fraction of whole numbers; undefined for every other answer.
 */
export function readNumber(answer: string): ExactNumber | undefined {
  const text = strip(answer);
  const isNegative = text.startsWith("-");
  const rest = isNegative ? text.slice(1) : text;
  const value = unsignedNumber(rest) ?? groupedNumber(rest) ?? fraction(rest);
  return value !== undefined && isNegative ? negated(value) : value;
}

function fraction(text: string): ExactNumber | undefined {
  const slash = SLASH.exec(text) ?? SHORT_FRACTION.exec(text);
  if (slash !== null) return canonicalQuotient("", slash[1], "", slash[2]);
  const match = FRACTION.exec(text);
  return match === null ? undefined : canonicalQuotient(match[1], match[2], match[3], match[4]);
}

function canonicalQuotient(
  minus = "",
  above = "",
  minusBelow = "",
  below = "",
): ExactNumber | undefined {
  if (!CANONICAL.test(above) || !CANONICAL.test(below)) return undefined;
  const sign = minus === minusBelow ? 1n : -1n;
  return quotient(sign * BigInt(above), BigInt(below));
}
