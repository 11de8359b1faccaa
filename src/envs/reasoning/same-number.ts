import { strip } from "../../text/strip.ts";

/** What `Decimal` takes of numbers that are finite. */
const NUMBER = /^([+-]?)(?:(\d+)(?:\.(\d*))?|\.(\d+))(?:e([+-]?\d+))?$/i;
/** Longer exponents are left to Python, which has limits. */
const MAX_EXPONENT_LENGTH = 6;
const ASCII = /^[\0-\x7f]*$/;

/** A number: its digits without zeros at either end, times a power of ten. */
interface Decimal {
  readonly isNegative: boolean;
  readonly digits: string;
  readonly exponent: number;
}

/** Whether a text has ASCII characters only. */
export function isAscii(text: string): boolean {
  return ASCII.test(text);
}

/**
 * Whether `Decimal(text) == Decimal(own)`; false also where the text is no number.
 *
 * @param own a finite number
 * @returns undefined where it cannot be told here
 */
export function sameNumber(text: string, own: string): boolean | undefined {
  // Python ignores underscores.
  if (!isAscii(text) || text.includes("_")) return undefined;
  const [number, ownNumber] = [readNumber(text), readNumber(own)];
  if (number === undefined || typeof ownNumber !== "object") return undefined;
  return (
    number !== "none" &&
    number.isNegative === ownNumber.isNegative &&
    number.digits === ownNumber.digits &&
    number.exponent === ownNumber.exponent
  );
}

/** A number; "none" where the text is none that is finite, undefined where that cannot be told here. */
function readNumber(text: string): Decimal | "none" | undefined {
  const match = NUMBER.exec(strip(text));
  if (match === null) return "none";
  const [, sign, whole = "", fraction = match[4] ?? "", , power = "0"] = match;
  if (power.length > MAX_EXPONENT_LENGTH) return undefined;
  const digits = whole + fraction;
  let start = 0;
  let end = digits.length;
  while (start < end && isZero(digits, start)) start += 1;
  while (end > start && isZero(digits, end - 1)) end -= 1;
  // Zeros are the same whatever their sign and exponent.
  if (start === end) return { isNegative: false, digits: "", exponent: 0 };
  return {
    isNegative: sign === "-",
    digits: digits.slice(start, end),
    exponent: Number(power) - fraction.length + (digits.length - end),
  };
}

function isZero(digits: string, index: number): boolean {
  return digits.charCodeAt(index) === 0x30;
}
