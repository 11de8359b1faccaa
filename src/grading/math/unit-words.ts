import { UNIT_WORDS } from "./unit-words.data.ts";

/** A unit and what takes it away. */
interface Unit {
  /** Letters that a text must have, one bit each. */
  readonly letters: number;
  /** What a text must contain. */
  readonly part: string;
  readonly pattern: RegExp;
}

const NO_WORD = "[^\\p{L}\\p{N}_]";
const PASSES = 2;
/** The bit of every character that is no small letter. */
const OTHER = 1 << 26;

const UNITS: readonly Unit[] = [...UNIT_WORDS, ...UNIT_WORDS.map((word) => `${word}s`)].map(
  (word) => ({
    letters: lettersOf(word.replaceAll(".", "")) & ~OTHER,
    part: word.split(".")[0] ?? "",
    pattern: new RegExp(`(^|${NO_WORD})${word.replaceAll(".", "[^\\n]")}(${NO_WORD}|$)`, "gu"),
  }),
);

// Upstream quirk Q72: units are single letters too, so `c+d` and `h+m` are both `+`.
/**
 * A text without the words that count as units, wherever they stand between characters that are no letters and digits. A unit that is
 * all of what is left stays.
 */
export function withoutUnitWords(text: string): string {
  let rest = text;
  const letters = lettersOf(text);
  if ((letters & ~OTHER) === 0 && !/[S°∏]/u.test(text)) return text;
  for (let pass = 0; pass < PASSES; pass++) {
    for (const unit of UNITS) {
      if ((unit.letters & ~letters) !== 0 || !rest.includes(unit.part)) continue;
      const shorter = rest.replace(unit.pattern, "$1$2");
      if (shorter !== "") rest = shorter;
    }
  }
  return rest;
}

function lettersOf(text: string): number {
  let letters = 0;
  for (let i = 0; i < text.length; i++) {
    const letter = text.charCodeAt(i) - 97;
    letters |= letter >= 0 && letter < 26 ? 1 << letter : OTHER;
  }
  return letters;
}
