import { strip } from "../../text/strip.ts";
import { areEqual, negated, quotient, unsignedNumber, type ExactNumber } from "./exact-number.ts";
import { withoutThousandsCommas } from "./plain-text.ts";
import { nearInteger } from "./python-float.ts";

const BRACKETS = "()[]";
const FRACTION = /^-?\d+.?\/0*[1-9]\d*.?\n?$/su;
const FORBIDDEN = /\^\{|\^\(|\^\d+\^|\^\d\d/;
const MOST_LETTERS = 2;

/** Compares two elements; undefined where it cannot tell. */
type CompareOther = (gold: string, answer: string) => boolean | undefined;

// Upstream quirk Q75: fractions of whole numbers must be written alike here, so `2/4` is not `1/2`.
/**
 * Whether two plain texts have the same value, as `same_value` of the host `math` finds it.
 *
 * @param compareOther compares elements that are no simple numbers
 * @returns undefined where sympy has to be asked
 */
export function compareText(
  gold: string,
  answer: string,
  compareOther: CompareOther,
): boolean | undefined {
  if (gold === answer) return true;
  if (answer === "") return false;
  const golds = elementsOf(gold);
  const answers = elementsOf(answer);
  const isFramed = gold.startsWith(answer.charAt(0)) && gold.endsWith(answer.slice(-1));
  if ((golds.length > 1 && !isFramed) || golds.length !== answers.length) return false;
  let verdict: boolean | undefined = true;
  for (const [i, element] of golds.entries()) {
    const isSame = compareElement(element, answers[i] ?? "", compareOther);
    if (isSame === false) return false;
    if (isSame === undefined) verdict = undefined;
  }
  return verdict;
}

function elementsOf(text: string): readonly string[] {
  const bare = withoutThousandsCommas(text);
  if (bare === "") return [];
  const [first = "", last = ""] = [bare[0], bare.at(-1)];
  const isList = bare.length > 2 && BRACKETS.includes(first) && BRACKETS.includes(last);
  const inside = bare.slice(1, -1);
  return isList && !/[()[\]]/.test(inside) ? inside.split(",").map(strip) : [bare];
}

function compareElement(
  gold: string,
  answer: string,
  compareOther: CompareOther,
): boolean | undefined {
  if (FRACTION.test(gold) && FRACTION.test(answer)) return gold === answer;
  if (isInteger(gold) !== isInteger(answer)) return false;
  const difference = `(${gold})-(${answer})`;
  if (!mayBeEvaluated(difference)) return false;
  const [a, b] = [simpleNumber(gold), simpleNumber(answer)];
  return a === undefined || b === undefined ? compareOther(gold, answer) : isFarOrSame(a, b);
}

/** Equal decimals of different lengths may differ in sympy, which keeps as many digits as are written; up to 15 it keeps 15. */
function isFarOrSame(a: ExactNumber, b: ExactNumber): boolean | undefined {
  const verdict = areEqual(a, b);
  const isShort = [a, b].every(({ numerator }) => numerator.toString().length < 15);
  return verdict === true && !isShort ? undefined : verdict;
}

function isInteger(text: string): boolean {
  return nearInteger(withoutThousandsCommas(text)) !== undefined;
}

function mayBeEvaluated(text: string): boolean {
  if (FORBIDDEN.test(text)) return false;
  const words = text.replaceAll("sqrt", "").replaceAll("frac", "");
  return new Set(words.match(/[A-Z]/gi)).size <= MOST_LETTERS;
}

/** What sympy reads in `-3`, `0.25` or `3/4`. */
function simpleNumber(text: string): ExactNumber | undefined {
  const isNegative = text.startsWith("-");
  const [left = "", right, ...others] = (isNegative ? text.slice(1) : text).split("/", 3);
  const above = unsignedNumber(left);
  if (above === undefined || others.length > 0) return undefined;
  if (right === undefined) return isNegative ? negated(above) : above;
  const below = unsignedNumber(right);
  if (below === undefined || above.isFloat || below.isFloat) return undefined;
  const value = quotient(above.numerator, below.numerator);
  return value !== undefined && isNegative ? negated(value) : value;
}
