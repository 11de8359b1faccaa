import { compareValues } from "./compare-values.ts";
import { readValue } from "./read-value.ts";
import { Undecided } from "./surd.ts";
import type { Scalar, Value } from "./value.ts";

/** What means something else where grading is sound: units, percentages, and letters that stand for choices. */
const LOOSE = /[A-Z%]|\\text|\\circ/;

/** Whether Math-Verify finds two answers equal; undefined where only it can tell. */
export function compareRead(answer: string, gold: string): boolean | undefined {
  const b = readValue(gold);
  const a = b === undefined ? undefined : readValue(answer);
  return a === undefined || b === undefined ? undefined : decided(a, b);
}

/** Whether two answers of one kind mean the same, as far as exact values tell; undefined for all others. */
export function compareReadStrictly(answer: string, gold: string): boolean | undefined {
  if (LOOSE.test(answer) || LOOSE.test(gold)) return undefined;
  const [a, b] = [readValue(answer), readValue(gold)];
  if (a === undefined || b === undefined || !areOfOneKind(a, b)) return undefined;
  return partsOf(a).every(isExact) && partsOf(b).every(isExact) ? decided(a, b) : undefined;
}

function decided(answer: Value, gold: Value): boolean | undefined {
  try {
    return compareValues(answer, gold);
  } catch (error) {
    if (error instanceof Undecided) return undefined;
    throw error;
  }
}

function areOfOneKind(a: Value, b: Value): boolean {
  if (a.kind === "two" && b.kind === "two") return a.brackets === b.brackets;
  const areScalars = [a, b].every(({ kind }) => kind === "number" || kind === "expression");
  return areScalars || (a.kind === b.kind && (a.kind === "set" || a.kind === "tuple"));
}

function partsOf(value: Value): readonly { readonly kind: string }[] {
  if (value.kind === "set" || value.kind === "tuple") return value.elements;
  return value.kind === "two" ? value.ends : [value];
}

function isExact(part: { readonly kind: string }): boolean {
  const scalar = part as Partial<Scalar>;
  return scalar.kind !== "number" || scalar.number?.isFloat === false;
}
