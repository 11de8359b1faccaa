import { strip } from "../../../text/strip.ts";
import { readNumber } from "../read-number.ts";
import { UNIT_WORDS } from "../unit-words.data.ts";
import * as expressions from "./expression.ts";
import { readLatex } from "./read-latex.ts";
import { Undecided } from "./surd.ts";
import type { End, Scalar, Two, Value } from "./value.ts";

/** UTF-16 units from which on an answer is for a host. */
const LONG = 100;
const KNOWN = /^[\w ^*/+=.,()[\]{}\\%$-]*$/;
const CHOICE =
  /^(?:\([A-DF-HJ-Z]\)|[A-DF-HJ-Z]|\\(?:text|textbf|mathrm) ?\{(?:\([A-DF-HJ-Z]\)|[A-DF-HJ-Z])\})$/;
const DOLLARS = /^\\\$[1-9]\d*(?:,\d{3})*(?:\.\d+)?$/;
const UNIT_TEXT = /\\text\{ *(?!(?:and|or|inf|percent|infinity)\b)[a-z]+(?: [a-z]+)?\}$/;
const DEGREES = /(?<=\d) ?\^ ?(?:\{\\circ\}|\\circ)$/;
const UNITS_OF_SEVERAL = /(?:^|[\d} ])[a-z]{1,2} .(?: m)?(?:e?s)?$|cm 2$/;

/** What Math-Verify reads in an answer; undefined where only Math-Verify can tell. */
export function readValue(answer: string): Value | undefined {
  const text = strip(answer);
  if (text.length > LONG || !KNOWN.test(text)) return undefined;
  if (DOLLARS.test(text)) return { kind: "nothing" };
  if (text.includes("$") || text.replaceAll("\\%", "").includes("_")) return undefined;
  try {
    return value(text);
  } catch (error) {
    if (error instanceof Undecided) return undefined;
    throw error;
  }
}

function value(text: string): Value {
  const number = readNumber(text);
  if (number !== undefined) return { kind: "number", number, isPercentage: false };
  const money = /^([1-9]\d{0,14}) dollars$/.exec(text)?.[1];
  // No unit: a product of letters.
  if (money !== undefined) return ofMoney(money);
  const choice = CHOICE.test(text) ? /[A-Z]/.exec(text)?.[0] : undefined;
  if (choice !== undefined) return ofLetter(choice.toLowerCase());
  // Commas at thousands, and zeros in front of numbers.
  const bare = text.replaceAll(" ", "");
  if (/\d,\d{3}(?!\d)/.test(bare) || /(?<![\d.])0\d/.test(bare)) throw new Undecided();
  refuseUnits(text);
  const assigned = /^([abchkmnp-z]) *(=|\\in(?![a-z]))(.*)$/.exec(text);
  if (assigned !== null) return assignment(assigned);
  const measured = UNIT_TEXT.exec(text) ?? DEGREES.exec(text);
  if (measured !== null) return numberBefore(text.slice(0, measured.index));
  return withoutName(text);
}

function assignment([, name = "", sign = "", text = ""]: RegExpExecArray): Value {
  const right = withoutName(strip(text));
  const isSet = right.kind === "two" || right.kind === "union";
  if (sign === "=" ? right.kind !== "expression" && right.kind !== "number" : !isSet) {
    throw new Undecided();
  }
  return { kind: "assignment", name, value: right };
}

function numberBefore(text: string): Value {
  const number = readNumber(text);
  if (number === undefined) throw new Undecided();
  return { kind: "number", number, isPercentage: false };
}

function withoutName(text: string): Value {
  const plain = text.replace(/\\left *(?=\\?[([{])/g, "").replace(/\\right *(?=\\?[)\]}])/g, "");
  if (plain.includes("\\cup")) {
    const parts = plain.split(/\\cup(?![a-z])/).map((part) => two(strip(part)));
    return { kind: "union", parts };
  }
  const braces = /^\\\{(.*)\\\}$/.exec(plain)?.[1];
  if (braces !== undefined) return { kind: "set", elements: elementsOf(braces).map(scalar) };
  const elements = elementsOf(plain);
  if (elements.length > 1) return { kind: "set", elements: elements.map(scalar) };
  return bothSigns(plain) ?? bracketed(plain) ?? scalar(plain);
}

/** `a ± b` is two numbers. */
function bothSigns(text: string): Value | undefined {
  const [, left, right] = /^(.*)\\pm(?![a-z])(.*)$/.exec(text) ?? [];
  if (left === undefined || right === undefined) return undefined;
  if (left.includes("\\pm") || /[-+(]/.test(right) || /[([]/.test(left)) throw new Undecided();
  const first = strip(left) === "" ? expressions.ofNumber(new Map()) : readLatex(left);
  const second = readLatex(right);
  const elements = [second, expressions.opposite(second)].map((step): Scalar => {
    return { kind: "expression", expression: expressions.sum(first, step) };
  });
  return { kind: "set", elements };
}

function bracketed(text: string): Value | undefined {
  if (!/^[([]/.test(text) || !/[)\]]$/.test(text)) return undefined;
  const elements = elementsOf(text.slice(1, -1), true);
  if (elements === undefined || elements.length < 2) return undefined;
  if (elements.length === 2) return two(text);
  if (text.startsWith("(") !== text.endsWith(")")) throw new Undecided();
  return { kind: "tuple", elements: elements.map(scalar) };
}

function two(text: string): Two {
  const brackets = text.charAt(0) + text.slice(-1);
  if (!/^[([][)\]]$/.test(brackets)) throw new Undecided();
  const [first, second, ...others] = elementsOf(text.slice(1, -1)).map(end);
  if (first === undefined || second === undefined || others.length > 0) throw new Undecided();
  const isInfiniteRight = first.kind !== "infinity" || (first.sign < 0 && brackets.startsWith("("));
  const isInfiniteLeft = second.kind !== "infinity" || (second.sign > 0 && brackets.endsWith(")"));
  if (!isInfiniteRight || !isInfiniteLeft) throw new Undecided();
  return { kind: "two", brackets, ends: [first, second] };
}

function end(text: string): End {
  const infinite = /^([+-]?) *\\infty$/.exec(text);
  return infinite === null
    ? scalar(text)
    : { kind: "infinity", sign: infinite[1] === "-" ? -1 : 1 };
}

function scalar(text: string): Scalar {
  const percent = /^(.*?) ?\\?%$/.exec(text)?.[1];
  const number = readNumber(percent ?? text);
  if (number !== undefined) {
    if (percent !== undefined && /[^\d.-]/.test(percent)) throw new Undecided();
    return { kind: "number", number, isPercentage: percent !== undefined };
  }
  return { kind: "expression", expression: readLatex(text) };
}

function ofMoney(digits: string): Scalar {
  const factor = readLatex(digits);
  return { kind: "expression", expression: expressions.product(factor, expressions.ofLetter("$")) };
}

function ofLetter(name: string): Scalar {
  return { kind: "expression", expression: expressions.ofLetter(name) };
}

/** The parts between commas that stand in no brackets. @throws Undecided when brackets do not match, unless it may be undefined */
function elementsOf(text: string): readonly string[];
function elementsOf(text: string, mayFail: true): readonly string[] | undefined;
function elementsOf(text: string, mayFail = false): readonly string[] | undefined {
  const parts = [""];
  let depth = 0;
  for (const character of text) {
    if ("([{".includes(character)) depth += 1;
    if (")]}".includes(character)) depth -= 1;
    if (depth < 0 && mayFail) return undefined;
    if (depth < 0) throw new Undecided();
    if (character === "," && depth === 0) parts.push("");
    else parts.push(`${parts.pop() ?? ""}${character}`);
  }
  if (depth !== 0) throw new Undecided();
  return parts.map(strip);
}

/** Math-Verify drops a unit at the end, also one that is a single letter. */
function refuseUnits(text: string): void {
  if (!/[a-z]/i.test(text.slice(-4)) || text.endsWith("}")) return;
  const isUnit = UNIT_WORDS.some((unit) =>
    [unit, `${unit}s`, `${unit}es`].some((word) => {
      if (!text.endsWith(word)) return false;
      return text.length > word.length && /[\d} ]/.test(text.charAt(text.length - word.length - 1));
    }),
  );
  if (isUnit || UNITS_OF_SEVERAL.test(text)) throw new Undecided();
}
