import { strip } from "../../text/strip.ts";
import { withoutUnitWords } from "./unit-words.ts";

const TEXT = "\\text{";
const SQRT = "\\sqrt";
const FRAC = "\\frac";
const CANONICAL_INTEGER = /^(?:0|-?[1-9]\d*)$/;
/** The most digits that Python reads as an integer. */
const MOST_DIGITS = 4300;

/** A text cannot be brought into its form; it stays as it came. */
class Unreadable extends Error {}

/**
 * The form in which two answers are compared as texts: one spelling of fractions and roots, no units, no blanks.
 *
 * Time and memory are linear in the text's length.
 */
export function stringForm(answer: string): string {
  const text = contentOfText(strip(answer));
  try {
    return withOneSpelling(text);
  } catch (error) {
    if (error instanceof Unreadable) return text;
    throw error;
  }
}

function contentOfText(text: string): string {
  const isText = text.startsWith(TEXT) && text.endsWith("}") && text.length > TEXT.length + 1;
  return isText && !text.includes("\n") ? strip(text.slice(TEXT.length, -1)) : text;
}

function withOneSpelling(answer: string): string {
  let text = withoutUnitWords(withoutTextAtEnd(withOneSpellingOfMacros(answer)));
  text = text.replaceAll("^{\\circ}", "").replaceAll("^\\circ", "").replaceAll("\\$", "");
  text = beforeTextUnit(text).replaceAll("\\%", "");
  text = text.replaceAll(" .", " 0.").replaceAll("{.", "{0.");
  if (text === "") return text;
  if (text.startsWith(".")) text = `0${text}`;
  text = withBracedRoots(withoutLeftSide(text)).replaceAll(" ", "");
  text = withBracedFractions(text);
  return withoutSlash(text === "0.5" ? "\\frac{1}{2}" : text);
}

function withOneSpellingOfMacros(answer: string): string {
  const text = answer.replaceAll("\n", "").replaceAll("\\!", "").replaceAll("\\\\", "\\");
  return withMatrices(text)
    .replaceAll("tfrac", "frac")
    .replaceAll("dfrac", "frac")
    .replaceAll("\\neq", "\\ne")
    .replaceAll("\\leq", "\\le")
    .replaceAll("\\geq", "\\ge")
    .replaceAll("\\left", "")
    .replaceAll("\\right", "");
}

function withMatrices(text: string): string {
  const opening = "\\begin{array}{";
  let result = "";
  let position = 0;
  for (;;) {
    const start = text.indexOf(opening, position);
    const end = start < 0 ? -1 : text.indexOf("}", start + opening.length);
    if (end < 0) break;
    result += `${text.slice(position, start)}\\begin{pmatrix}`;
    position = end + 1;
  }
  result += text.slice(position);
  return result.replaceAll("\\end{array}", "\\end{pmatrix}").replaceAll("bmatrix", "pmatrix");
}

/** Takes away white space around it, and `\text{…` up to the end where the end closes it; a text of nothing else stays. */
function withoutTextAtEnd(text: string): string {
  const start = text.endsWith("}") ? text.indexOf(TEXT) : -1;
  return strip(start < 0 ? text : text.slice(0, start)) || text;
}

function beforeTextUnit(text: string): string {
  const parts = text.split("\\text{ ");
  if (parts.length > 2) throw new Unreadable();
  return parts[0] ?? "";
}

/** Takes away `x=`: at most two characters before the only sign of equality. */
function withoutLeftSide(text: string): string {
  const [left = "", right, ...others] = text.split("=", 3);
  return right !== undefined && others.length === 0 && isShort(left) ? right : text;
}

/** Whether a text has at most two characters; of some, JavaScript counts two units each. */
function isShort(text: string): boolean {
  return text.length <= 4 && Array.from(text).length <= 2;
}

function withBracedRoots(text: string): string {
  const [first = "", ...rest] = text.split(SQRT);
  return rest.reduce((result, part) => {
    if (part === "") throw new Unreadable();
    if (part.startsWith("{")) return result + SQRT + part;
    const [index, after] = firstCharacter(part);
    return `${result}${SQRT}{${index}}${after}`;
  }, first);
}

function withBracedFractions(text: string): string {
  const [first = "", ...rest] = text.split(FRAC);
  const parts: string[] = [first];
  for (const part of rest) {
    if (part === "") throw new Unreadable();
    if (part.startsWith("{")) {
      parts.push(part);
      continue;
    }
    const [numerator, following] = firstCharacter(part);
    if (following === "") return text;
    const [denominator, after] = firstCharacter(following);
    parts.push(
      denominator === "{" ? `{${numerator}}${following}` : `{${numerator}}{${denominator}}${after}`,
    );
  }
  return parts.join(FRAC);
}

function firstCharacter(text: string): readonly [first: string, rest: string] {
  const [first = ""] = text.slice(0, 2);
  return [first, text.slice(first.length)];
}

function withoutSlash(text: string): string {
  const [left, right, ...others] = text.split("/", 3);
  if (left === undefined || right === undefined || others.length > 0) return text;
  return isCanonicalInteger(left) && isCanonicalInteger(right) ? `\\frac{${left}}{${right}}` : text;
}

function isCanonicalInteger(text: string): boolean {
  if (!CANONICAL_INTEGER.test(text)) return false;
  return text.length - (text.startsWith("-") ? 1 : 0) <= MOST_DIGITS;
}
