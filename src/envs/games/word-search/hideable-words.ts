import type { EnvHost, Work } from "../../../core/host.ts";
import { chain, type MaybePromise } from "../../../core/maybe-promise.ts";
import { GemError, show } from "../../../errors.ts";
import { loadWords, type DictionarySource, type WordList } from "../../dictionary/dictionary.ts";

// Differs from upstream D43: a word that cannot stand in a grid is refused.
/** Letters of a word: a longer one would make a grid that nobody can read. */
const MAX_WORD = 64;

/** Words between two interruptions: about 100 µs of work. */
const BATCH_WORDS = 2000;

/** Lists that have been checked. */
const hideable = new WeakSet<WordList>();

/**
 * The words of a source, each of which can stand in a grid, a letter a cell.
 *
 * @param owner the environment that asks, for messages
 * @throws GEM_INVALID_OPTION when the source cannot be read or has a word that is too long or has letters beyond U+FFFF
 */
export function loadHideableWords(
  owner: string,
  source: DictionarySource,
  level: "basic" | "large",
  host: EnvHost,
): MaybePromise<readonly string[]> {
  return chain(loadWords(owner, source, level, host), (list) =>
    hideable.has(list) ? list.words : host.run(check(owner, list)),
  );
}

function* check(owner: string, list: WordList): Work<readonly string[]> {
  for (const [i, word] of list.words.entries()) {
    if (i % BATCH_WORDS === BATCH_WORDS - 1) yield;
    // Capitals may be longer than small letters (ß, SS), and it is capitals that are hidden.
    if (word.length <= MAX_WORD / 3 && !/[\ud800-\udfff]/.test(word)) continue;
    if (word.toUpperCase().length <= MAX_WORD && !/[\ud800-\udfff]/.test(word)) continue;
    throw new GemError(
      "GEM_INVALID_OPTION",
      `The option "dictionary" of ${owner} has a word that cannot be hidden in a grid: ${show(word)}. ` +
        `Words must have at most ${String(MAX_WORD)} letters, none beyond U+FFFF.`,
    );
  }
  hideable.add(list);
  return list.words;
}
