import { latexAsText } from "./latex-as-text.ts";
import { nearInteger } from "./python-float.ts";

const UNITS =
  "degree cm centimeter meter mile second minute hour day week month year foot feet inch yard";
const UNIT_PATTERNS = UNITS.split(" ").map((unit) => ({
  unit,
  pattern: new RegExp(`${unit}(?:es)?s? *(?:\\^[0-9]+)?`, "g"),
}));
const LARGE = [
  ["million", "*10^6"],
  ["billion", "*10^9"],
  ["trillion", "*10^12"],
] as const;
// eslint-disable-next-line no-control-regex -- all of ASCII
const ASCII = /^[\x00-\x7f]*$/;
const THOUSANDS = /(\d),(\d\d\d)($|\D)/g;

// Upstream quirk Q73: what is no text in LaTeX vanishes, and so does the grouping of fractions: `\frac{1+x}{2}` is `1+x/2`.
/**
 * An answer as plain text, of LaTeX its characters, without units, blanks and the grouping of fractions.
 *
 * The same as `plain_text` of the host `math` where it gives a text; undefined where only that can tell.
 */
export function plainText(answer: string): string | undefined {
  if (!ASCII.test(answer)) return undefined;
  let text = withoutDecoration(answer);
  const integer = nearInteger(text);
  if (integer !== undefined) text = BigInt(Math.round(integer)).toString();
  if (text.includes("\\")) {
    const read = latexAsText(text);
    if (read === undefined) return undefined;
    text = read;
  }
  text = text.replace(/- */g, "-");
  text = withMixedNumbers(text);
  text = text.replace(/[ {}]/g, "").toLowerCase();
  const value = nearInteger(withoutThousandsCommas(text));
  return value === undefined ? text : BigInt(Math.trunc(value)).toString();
}

/** A text without the commas that stand before groups of three digits. */
export function withoutThousandsCommas(text: string): string {
  let rest = text;
  for (;;) {
    const shorter = rest.replace(THOUSANDS, "$1$2$3");
    if (shorter === rest) return rest;
    rest = shorter;
  }
}

function withoutDecoration(answer: string): string {
  let text = contentOfText(answer).replaceAll("\\%", "%").replaceAll("\\$", "$");
  text = text.replace(/[$%]/g, "").replaceAll(" or ", " , ").replaceAll(" and ", " , ");
  for (const [word, factor] of LARGE) text = text.replaceAll(word, factor);
  // Upstream quirk Q74: units vanish inside of words too: `Monday` is `mon`.
  for (const { unit, pattern } of UNIT_PATTERNS) {
    if (text.includes(unit)) text = text.replace(pattern, "");
  }
  text = withoutCircles(text);
  if (text.startsWith("{") && text.endsWith("}")) text = text.slice(1, -1);
  return text.replace(/,\\! */g, "");
}

function contentOfText(text: string): string {
  const bare = text.endsWith("\n") ? text.slice(0, -1) : text;
  const isText = bare.startsWith("\\text{") && bare.endsWith("}") && bare.length > 7;
  return isText && !bare.includes("\n") ? bare.slice(6, -1) : text;
}

/** Takes away `^\circ`, with blanks between: the last of several signs counts. */
function withoutCircles(text: string): string {
  return text.includes("\\circ") ? text.replace(/\^ *\\circ/g, "") : text;
}

/** `3 1/2` becomes `3+1/2`; in one pass, so of `1 2 3` only the first blank counts. */
function withMixedNumbers(text: string): string {
  return text.includes(" ") ? text.replace(/(\d) +(\d)/g, "$1+$2") : text;
}
