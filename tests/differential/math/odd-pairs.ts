import type { Pair } from "./math-oracle.ts";
import { Choices } from "./random.ts";

const tex = String.raw;

/** Pieces of which odd answers are made: parts of LaTeX, of numbers, of words that count as units, white space, other scripts. */
const PIECES: readonly string[] = [
  ...[
    tex`\frac`,
    tex`\dfrac`,
    tex`\sqrt`,
    tex`\text{`,
    tex`\text{ `,
    tex`\left(`,
    tex`\right)`,
    tex`\pi`,
    tex`\infty`,
  ],
  ...[
    tex`\cdot`,
    tex`\times`,
    tex`\circ`,
    tex`^\circ`,
    tex`^{\circ}`,
    tex`\%`,
    tex`\$`,
    tex`\!`,
    tex`,\!`,
    tex`\,`,
    tex`\\`,
  ],
  ...[
    tex`\pm`,
    tex`\le`,
    tex`\neq`,
    tex`\gt`,
    tex`\overline{`,
    tex`\binom{`,
    tex`\mathbf{`,
    tex`\boxed{`,
    tex`\cup`,
    tex`\in`,
  ],
  ...[
    "{",
    "}",
    "{",
    "}",
    "(",
    ")",
    "[",
    "]",
    "+",
    "-",
    "*",
    "/",
    "^",
    "_",
    "=",
    "<",
    ">",
    ",",
    ".",
    ":",
    ";",
    "!",
    "|",
    "&",
  ],
  ...[
    "0",
    "1",
    "2",
    "3",
    "7",
    "10",
    "12",
    "0.5",
    ".5",
    "1,000",
    "100",
    "1e3",
    "0.333333",
    "1_0",
    "007",
    "99999999999999999999",
  ],
  ...[
    "x",
    "y",
    "z",
    "a",
    "b",
    "c",
    "d",
    "e",
    "i",
    "n",
    "h",
    "m",
    "X",
    "sqrt",
    "pi",
    "inf",
    "nan",
    "and",
    "or",
    " or ",
    " and ",
  ],
  ...[
    "cm",
    "m",
    "ft",
    "degrees",
    "hours",
    "mile",
    "dollars",
    "th",
    "percent",
    "%",
    "$",
    "million",
    "am",
    "pm",
    "sq",
    "mon",
  ],
  ...[
    " ",
    " ",
    "  ",
    "\n",
    "\t",
    "\u00A0",
    "é",
    "²",
    "½",
    "√",
    "π",
    "∞",
    "×",
    "·",
    "٣",
    "一",
    "\u0301",
    "😀",
  ],
];

function odd(choices: Choices): string {
  return Array.from({ length: choices.integer(1, 7) }, () => choices.of(PIECES)).join("");
}

/** One change of a text: a piece added, taken away, doubled or exchanged. */
function changed(text: string, choices: Choices): string {
  const characters = Array.from(text);
  const at = choices.integer(0, characters.length);
  const [before, after] = [characters.slice(0, at).join(""), characters.slice(at).join("")];
  return choices.of([
    before + choices.of(PIECES) + after,
    before + after.slice(1),
    `${before} ${after}`,
    text.replaceAll(" ", ""),
    `{${text}}`,
    `(${text})`,
    text.toUpperCase(),
    text,
  ]);
}

/** Pairs of odd texts, most of them alike. */
export function oddPairs(count: number, seed: number): Pair[] {
  const choices = new Choices(seed);
  return Array.from({ length: count }, () => {
    const gold = odd(choices);
    return [choices.isTrue(0.7) ? changed(gold, choices) : odd(choices), gold];
  });
}
