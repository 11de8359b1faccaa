import { areEqual, type ExactNumber } from "../exact-number.ts";
import * as expressions from "./expression.ts";
import type { Expression } from "./expression.ts";
import { fraction } from "./surd.ts";
import type { End, Scalar, Two, Value } from "./value.ts";

/** Below it decimals may be equal after rounding to six places. */
const NEAR = 1e-5;
const LARGE = 1e9;

/** Whether Math-Verify finds two values equal; undefined where only it can tell. */
export function compareValues(answer: Value, gold: Value): boolean | undefined {
  if (answer.kind === "nothing" || gold.kind === "nothing") return false;
  if (answer.kind === "assignment" && gold.kind === "assignment") {
    return compareAssignments(answer, gold);
  }
  const [a, b] = [answer, gold].map(withoutName);
  if (a === undefined || b === undefined) return undefined;
  return compareUnnamed(a, b);
}

function compareUnnamed(a: Value, b: Value): boolean | undefined {
  if (isScalar(a) && isScalar(b)) return compareScalars(a, b);
  if (a.kind === "two" && b.kind === "two") return compareTwo(a, b);
  if (a.kind === "union" && b.kind === "union") return compareUnions(a.parts, b.parts);
  if (a.kind === "tuple" && b.kind === "tuple") {
    return a.elements.length === b.elements.length && allOf(a.elements, b.elements);
  }
  // Parts that are apart are no interval, and nothing that can be counted.
  const union = [a, b].find((side) => side.kind === "union");
  if (union?.kind === "union") return inOrder(union.parts) === undefined ? undefined : false;
  return compareCollections(a, b);
}

type Assignment = Extract<Value, { kind: "assignment" }>;

function withoutName(value: Value): Value | undefined {
  return value.kind === "assignment" ? value.value : value;
}

function isScalar(value: Value): value is Scalar {
  return value.kind === "number" || value.kind === "expression";
}

function compareAssignments(a: Assignment, b: Assignment): boolean | undefined {
  if (!isScalar(a.value) || !isScalar(b.value)) return undefined;
  const [one, other] = [expressionOf(a.value), expressionOf(b.value)];
  const sides = [one, other].map((side) => expressions.sizeOf(side) !== undefined);
  if (a.name !== b.name) return sides.every(Boolean) ? false : undefined;
  const isOfItself = [one, other].some((side) => expressions.hasLetter(side, a.name));
  return isOfItself ? undefined : compareScalars(a.value, b.value);
}

function compareScalars(a: Scalar, b: Scalar): boolean | undefined {
  if (a.kind === "number" && b.kind === "number") return compareNumbers(a, b);
  const [one, other] = [expressionOf(a), expressionOf(b)];
  const isPercentage = [a, b].some((side) => side.kind === "number" && side.isPercentage);
  const isDecimal = [a, b].some((side) => side.kind === "number" && side.number.isFloat);
  const areSame = expressions.areSame(one, other);
  const sizes = [expressions.sizeOf(one), expressions.sizeOf(other)];
  const [size, otherSize] = sizes;
  if (size === undefined || otherSize === undefined) {
    // Letters are left over on one side at least.
    return areSame ? (isDecimal || isPercentage ? undefined : true) : false;
  }
  if (areSame) return isPercentage ? undefined : true;
  if (isPercentage) return undefined;
  return isFar(size, otherSize) ? false : undefined;
}

type Written = Extract<Scalar, { kind: "number" }>;

/** A percentage counts as a hundredth, and a whole one also as its number. */
function compareNumbers(a: Written, b: Written): boolean | undefined {
  const asWritten = areEqual(a.number, b.number);
  if (a.isPercentage === b.isPercentage) {
    return a.isPercentage && (a.number.isFloat || b.number.isFloat) && asWritten !== false
      ? undefined
      : asWritten;
  }
  const inHundredths = areEqual(hundredthsOf(a), hundredthsOf(b));
  if (asWritten === false) return inHundredths;
  const areWhole = [a, b].every(({ number }) => !number.isFloat && number.denominator === 1n);
  return inHundredths === true || (areWhole && asWritten === true) ? true : undefined;
}

function hundredthsOf({ number, isPercentage }: Written): ExactNumber {
  return isPercentage ? { ...number, denominator: number.denominator * 100n } : number;
}

function expressionOf(scalar: Scalar): Expression {
  if (scalar.kind === "expression") return scalar.expression;
  const { numerator, denominator } = hundredthsOf(scalar);
  return expressions.ofNumber(fraction(numerator, denominator));
}

function isFar(a: number, b: number): boolean {
  return Math.abs(a) < LARGE && Math.abs(b) < LARGE && Math.abs(a - b) > NEAR;
}

/** Whether pairs are equal one by one. */
function allOf(a: readonly End[], b: readonly End[]): boolean | undefined {
  let verdict: boolean | undefined = true;
  for (const [i, one] of a.entries()) {
    const other = b[i];
    const isSame = other === undefined ? false : compareEnds(one, other);
    if (isSame === false) return false;
    if (isSame === undefined || hasLetters(one)) verdict = undefined;
  }
  return verdict;
}

function compareEnds(a: End, b: End): boolean | undefined {
  if (a.kind === "infinity" || b.kind === "infinity") {
    return a.kind === "infinity" && b.kind === "infinity" && a.sign === b.sign;
  }
  return compareScalars(a, b);
}

function sizeOf(end: End): number | undefined {
  if (end.kind === "infinity") return end.sign * Infinity;
  return expressions.sizeOf(expressionOf(end));
}

function hasLetters(end: End): boolean {
  return sizeOf(end) === undefined;
}

/** Intervals are equal with equal ends and brackets; tuples whatever their brackets are. */
function compareTwo(a: Two, b: Two): boolean | undefined {
  const areEnds = allOf(a.ends, b.ends);
  if (areEnds === false || a.brackets === b.brackets) return areEnds;
  const [isInterval, isOtherInterval] = [isIntervalOf(a), isIntervalOf(b)];
  return isInterval === true && isOtherInterval === true ? false : undefined;
}

function isIntervalOf({ ends: [first, second] }: Two): boolean | undefined {
  const [low, high] = [sizeOf(first), sizeOf(second)];
  if (low === undefined || high === undefined) return undefined;
  return high - low > NEAR;
}

/** Unions are taken only of intervals that are apart. */
function compareUnions(a: readonly Two[], b: readonly Two[]): boolean | undefined {
  const [parts, others] = [inOrder(a), inOrder(b)];
  if (parts === undefined || others === undefined) return undefined;
  if (parts.length !== others.length) return false;
  let verdict: boolean | undefined = true;
  for (const [i, part] of parts.entries()) {
    const other = others[i];
    const isSame = other === undefined ? false : compareTwo(part, other);
    if (isSame === false) return false;
    if (isSame === undefined) verdict = undefined;
  }
  return verdict;
}

function inOrder(parts: readonly Two[]): readonly Two[] | undefined {
  if (!parts.every((part) => isIntervalOf(part) === true)) return undefined;
  const sorted = [...parts].sort((a, b) => (sizeOf(a.ends[0]) ?? 0) - (sizeOf(b.ends[0]) ?? 0));
  const isApart = sorted.every((part, i) => {
    const before = sorted[i - 1];
    return before === undefined || areApart(before, part);
  });
  return isApart ? sorted : undefined;
}

/** Whether something lies between two intervals, be it a single number. */
function areApart(before: Two, after: Two): boolean {
  const [end, start] = [before.ends[1], after.ends[0]];
  const [high, low] = [sizeOf(end) ?? 0, sizeOf(start) ?? 0];
  if (low - high > NEAR) return true;
  const isOpen = before.brackets.endsWith(")") && after.brackets.startsWith("(");
  return isOpen && end.kind !== "infinity" && compareEnds(end, start) === true;
}

/** Of values of different kinds, or sets: what can have no partner makes them differ. */
function compareCollections(a: Value, b: Value): boolean | undefined {
  const [elements, others] = [elementsOf(a), elementsOf(b)];
  if (elements === undefined || others === undefined) return undefined;
  if (hasDuplicates(elements) || hasDuplicates(others)) return undefined;
  if (elements.length !== others.length) return false;
  const found = elements.map((one) => others.map((other) => compareEnds(one, other)));
  if (found.some((row) => row.every((isSame) => isSame === false))) return false;
  const areSets =
    (a.kind === "set" && (b.kind === "set" || isScalar(b))) || (isScalar(a) && b.kind === "set");
  const isMatch = found.every((row) => row.filter((isSame) => isSame !== false).length === 1);
  const isSure = found.every((row) => row.includes(true)) && !elements.some(hasLetters);
  return areSets && isMatch && isSure ? true : undefined;
}

function elementsOf(value: Value): readonly End[] | undefined {
  if (isScalar(value)) return [value];
  if (value.kind === "two") return value.ends;
  return value.kind === "set" || value.kind === "tuple" ? value.elements : undefined;
}

function hasDuplicates(elements: readonly End[]): boolean {
  return elements.some((one, i) =>
    elements.slice(0, i).some((other) => compareEnds(one, other) !== false),
  );
}
