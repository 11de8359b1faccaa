/** Text and queries as SQLite's full-text index reads them. */

/** Runs of characters that FTS5's tokenizer `unicode61` takes for a word (marks belong to the letter before). */
const WORDS = /[\p{L}\p{N}\p{Co}\p{M}]+/gu;
/** A character of a script that writes no spaces between words. */
const UNSPACED = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}]\p{M}*/gu;

/** English words that are in so many passages that they say nothing: Lucene's list. */
const STOP_WORDS = new Set(
  "a an and are as at be but by for if in into is it no not of on or such that the their then there these they this to was will with".split(
    " ",
  ),
);

/** Of a query this many different words are looked at. */
const MOST_WORDS = 128;

/** Text with spaces around the characters of scripts that write none, so that each is a word of its own. */
export function indexedText(text: string): string {
  return text.replace(UNSPACED, " $& ");
}

/**
 * The FTS5 expression that matches what has any word of a text. The text is never read as FTS5's syntax: all that comes from it is in
 * quotes, and holds letters and digits alone.
 *
 * @returns undefined when the text has no words
 */
export function matchExpression(query: string): string | undefined {
  const words = new Set<string>();
  for (const [word] of query.toWellFormed().toLowerCase().matchAll(WORDS)) {
    for (const phrase of phrasesOf(word)) words.add(phrase);
    if (words.size >= MOST_WORDS) break;
  }
  const telling = [...words].filter((word) => !STOP_WORDS.has(word));
  const chosen = telling.length > 0 ? telling : [...words];
  if (chosen.length === 0) return undefined;
  const quoted = chosen.slice(0, MOST_WORDS).map((word) => `"${word}"`);
  return quoted.join(" OR ");
}

/** A word itself; of a run without spaces, each two neighbours. */
function phrasesOf(run: string): readonly string[] {
  const parts = indexedText(run)
    .split(" ")
    .filter((part) => part !== "");
  if (parts.length <= 1) return parts;
  return parts.slice(1).map((part, index) => `${parts[index] ?? ""} ${part}`);
}
