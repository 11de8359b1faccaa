/** Grading of short answers by their words. */
import { WHITE_SPACE_CHARACTERS } from "../../text/white-space.ts";

const PUNCTUATION = /[!"#$%&'()*+,\-./:;<=>?@[\\\]^_`{|}~]/g;
/** A whole word by Unicode's word characters, as Python's `\b` has it. */
const ARTICLE = /(?<![\p{L}\p{N}_])(?:a|an|the)(?![\p{L}\p{N}_])/gu;
const SPACES = new RegExp(`[${WHITE_SPACE_CHARACTERS}]+`);

/** An answer in small letters, without ASCII punctuation and articles, its words one space apart. */
export function normalizeAnswer(text: string): string {
  return wordsOf(text).join(" ");
}

/** Whether a prediction equals one of the golds after both are normalised. Two that are empty then are equal. */
export function emCheck(prediction: string, golds: readonly string[]): boolean {
  const normalized = normalizeAnswer(prediction);
  return golds.some((gold) => normalizeAnswer(gold) === normalized);
}

/** The best harmonic mean (0 … 1) of the shares of words that prediction and a gold have in common. */
export function f1(prediction: string, golds: readonly string[]): number {
  const words = wordsOf(prediction);
  return Math.max(0, ...golds.map((gold) => overlap(words, wordsOf(gold))));
}

function wordsOf(text: string): string[] {
  const bare = text.toLowerCase().replace(PUNCTUATION, "").replace(ARTICLE, " ");
  return bare.split(SPACES).filter((word) => word !== "");
}

function overlap(words: readonly string[], gold: readonly string[]): number {
  if (words.length === 0 || gold.length === 0) return words.length === gold.length ? 1 : 0;
  const left = new Map<string, number>();
  for (const word of gold) left.set(word, (left.get(word) ?? 0) + 1);
  let common = 0;
  for (const word of words) {
    const count = left.get(word) ?? 0;
    if (count === 0) continue;
    common += 1;
    left.set(word, count - 1);
  }
  return (2 * common) / (words.length + gold.length);
}
