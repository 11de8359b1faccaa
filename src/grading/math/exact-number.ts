/** A number as a fraction in whole numbers; `isFloat` where it is written as a decimal. */
export interface ExactNumber {
  readonly numerator: bigint;
  /** Above 0. */
  readonly denominator: bigint;
  readonly isFloat: boolean;
}

const DECIMAL = /^(0|[1-9]\d{0,29})\.(\d{1,9})$/;
const WHOLE = /^(?:0|[1-9]\d{0,29})$/;
const GROUPED = /^[1-9]\d{0,2}(?:,\d{3}){1,4}$/;

/** Reads digits, with or without a decimal point, without a sign; undefined for anything else. */
export function unsignedNumber(text: string): ExactNumber | undefined {
  if (WHOLE.test(text)) return { numerator: BigInt(text), denominator: 1n, isFloat: false };
  const match = DECIMAL.exec(text);
  if (match === null) return undefined;
  const [, whole = "", decimals = ""] = match;
  const denominator = 10n ** BigInt(decimals.length);
  return { numerator: BigInt(whole + decimals), denominator, isFloat: true };
}

/** Reads `1,234,567`; undefined for anything else. */
export function groupedNumber(text: string): ExactNumber | undefined {
  return GROUPED.test(text) ? unsignedNumber(text.replaceAll(",", "")) : undefined;
}

/** A quotient of two whole numbers; undefined when the second is 0. */
export function quotient(numerator: bigint, denominator: bigint): ExactNumber | undefined {
  if (denominator === 0n) return undefined;
  return denominator < 0n
    ? { numerator: -numerator, denominator: -denominator, isFloat: false }
    : { numerator, denominator, isFloat: false };
}

/** The same number with the other sign. */
export function negated(number: ExactNumber): ExactNumber {
  return { ...number, numerator: -number.numerator };
}

/**
 * Whether two numbers are equal; undefined when they are so close, and one of them a decimal, that rounding decides.
 *
 * Decimals count as equal up to their sixth place.
 */
export function areEqual(a: ExactNumber, b: ExactNumber): boolean | undefined {
  const difference = a.numerator * b.denominator - b.numerator * a.denominator;
  if (difference === 0n) return true;
  if (!a.isFloat && !b.isFloat) return false;
  const size = difference < 0n ? -difference : difference;
  // Two that round to the same sixth place are less than 1e-6 apart; binary floats add less than as much again below 1e9.
  const isFar = size * 100_000n > a.denominator * b.denominator;
  return isFar && isSmall(a) && isSmall(b) ? false : undefined;
}

function isSmall({ numerator, denominator }: ExactNumber): boolean {
  const size = numerator < 0n ? -numerator : numerator;
  return size < denominator * 1_000_000_000n;
}
