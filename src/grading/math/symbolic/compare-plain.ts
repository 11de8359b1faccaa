import { areSame, sizeOf, type Expression } from "./expression.ts";
import { readPlain } from "./read-plain.ts";
import { Undecided } from "./surd.ts";

/** UTF-16 units from which on a text is for a host. */
const LONG = 100;
/** Below it a decimal may be the other in sympy, which keeps 15 digits. */
const NEAR = 1e-5;
const SIMPLE = /^[a-z0-9+\-*/^().,=[\]]*$/;
const INTERVAL = String.raw`[([][a-z0-9+\-*/]+,[a-z0-9+\-*/]+[)\]]`;
const UNION = new RegExp(`^${INTERVAL}(?:u${INTERVAL})+$`);
// Characters that no expression of sympy's has.
const FOREIGN = /^[a-z0-9+\-*/^().,[\]]*[∈±∘][a-z0-9+\-*/^().,[\]∈±∘]*$/;

/**
 * Whether sympy finds the difference of two plain texts to be 0. What it cannot read, or cannot subtract, is not.
 *
 * @returns undefined where only sympy can tell
 */
export function comparePlain(gold: string, answer: string): boolean | undefined {
  if (gold.length > LONG || answer.length > LONG) return undefined;
  const isDifference = [gold, answer].every((text) => SIMPLE.test(text) || FOREIGN.test(text));
  if (isDifference && (isRefused(gold) || isRefused(answer))) return false;
  const [a, b] = [readPlain(gold), readPlain(answer)];
  if (a === undefined && b === undefined) return undefined;
  try {
    if (a !== undefined && b !== undefined) return areSame(a, b);
    return a === undefined ? isFar(gold, b) : isFar(answer, a);
  } catch (error) {
    if (error instanceof Undecided) return undefined;
    throw error;
  }
}

/** False for a decimal that is not near an expression without letters; else undefined. */
function isFar(decimal: string, expression: Expression | undefined): false | undefined {
  const size = expression === undefined ? undefined : sizeOf(expression);
  if (size === undefined || !/^-?\d{1,9}\.\d{1,9}$/.test(decimal)) return undefined;
  return Math.abs(size - Number(decimal)) > NEAR ? false : undefined;
}

/** Whether nothing can be subtracted from it: lists, unions of intervals, equations, and what has foreign characters. */
function isRefused(text: string): boolean {
  if (FOREIGN.test(text) || UNION.test(text)) return true;
  let depth = 0;
  let hasMark = false;
  for (const [i, character] of Array.from(text).entries()) {
    if ("([".includes(character)) depth += 1;
    if (")]".includes(character)) depth -= 1;
    if (depth < 0) return false;
    const isEquation = character === "=" && text.indexOf("=") === text.lastIndexOf("=") && i > 0;
    if (depth === 0 && (character === "," || isEquation)) hasMark = true;
  }
  return depth === 0 && hasMark;
}
