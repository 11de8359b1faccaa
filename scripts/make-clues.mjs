/**
 * Makes `src/envs/games/crosswords/clues.data.ts`, the Crosswords game's own clues, from WordNet 3.1.
 *
 * Run: `node scripts/make-clues.mjs`. The same WordNet gives the same file, byte for byte; a unit test compares them.
 *
 * Everyday words are those that WordNet's tagged texts use most, each with the definition of its most frequent sense where that
 * sense makes up most of its uses. Hard words have a single sense and do not occur in the tagged texts.
 */
import { writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { clueText, gives } from "./clues/clue-text.mjs";
import { readNotice, readWordNet } from "./clues/wordnet.mjs";

/** How many clues there are of each level. */
const CLUES_PER_LEVEL = 640;

/** No two words of a level share so many first letters. */
const DISTINCT_START = 6;

/**
 * Letters of a word, fewest and most: three words of the longest can be filled in within the turns of the registered levels,
 * 30 and 40.
 */
const LETTERS = { everyday: [3, 10], hard: [5, 13] };

/** Least uses of an everyday word in the tagged texts, and the least share of them that its most frequent sense has. */
const EVERYDAY = { uses: 8, share: 0.55 };

/** Endings of Latin names, of plurals, and of words that say nothing beyond their stem. */
const DULL_ENDINGS =
  /(?:idae|inae|aceae|ales|oidea|ptera|ness|ship|like|less|able|ible|ing|ed|ly|i[sz]ation|ability|ibility)$/;

const PLURAL = /(?<!s|u|ic)s$/;

/** Definitions of groups of organisms, illnesses, chemicals, numbers and money, of trade names, and of other forms of words. */
const DULL_TEXTS =
  /\b(?:genus|genera|family|species|suborder|phylum|variety of|trade names?|brand|plural|abbreviation|acronym|equal to|more than one|more than \w+ty|monetary|chemicals?|compounds?|molecules?|hydrocarbons?|acid|enzyme|hormone|drug|medicine|medical\w*|anesthetic|tranquilizer|diseases?|disorders?|syndrome|symptom\w*|tumor|cancer|inflammation|infect\w*|surg\w*|pain|blood|abnormal\w*|morbid|bowels?|pus)\b|\b\d{3}/;

/** Words that the tagged texts use much because of what these texts happen to be about, and some with slips in their definitions. */
const NOT_EVERYDAY = new Set(
  (
    "allotment anaconda anode arc binomial brood clarity commute condensation cooperate effluent fig " +
    "filled hut men oxidation petitioner platelet polynomial pursuant resolution saline serum " +
    "spectrum staining tangent tattered thyroid tooth"
  ).split(" "),
);

/**
 * The clues of both levels, as [word, clue] pairs.
 *
 * @returns {{everyday: [string, string][], hard: [string, string][]}}
 */
export function selectClues() {
  const words = readWordNet();
  return { everyday: everydayClues(words), hard: hardClues(words) };
}

function everydayClues(words) {
  const common = words
    .filter(({ word, uses }) => hasLetters(word, LETTERS.everyday) && uses >= EVERYDAY.uses)
    .filter(({ uses, senses: [first] }) => first.uses >= EVERYDAY.share * uses)
    .filter(({ word, senses: [first] }) => first.part !== "adverb" && isEveryday(word))
    .sort((a, b) => b.uses - a.uses || compare(a.word, b.word));
  return pick(common, { fewest: 3, longest: 90 }).slice(0, CLUES_PER_LEVEL).sort(byWord);
}

function hardClues(words) {
  const rare = words
    .filter(({ word }) => hasLetters(word, LETTERS.hard))
    .filter(({ uses, senses }) => uses === 0 && senses.length === 1)
    .filter(({ word, senses: [only] }) => only.part !== "adverb" && !isDull(word))
    .filter(({ senses: [only] }) => !DULL_TEXTS.test(only.gloss))
    .sort(byRank);
  return pick(rare, { fewest: 5, longest: 80 }).slice(0, CLUES_PER_LEVEL).sort(byWord);
}

function hasLetters(word, [fewest, most]) {
  return word.length >= fewest && word.length <= most;
}

function isEveryday(word) {
  return !PLURAL.test(word) && !NOT_EVERYDAY.has(word);
}

function isDull(word) {
  return PLURAL.test(word) || DULL_ENDINGS.test(word);
}

/** The words that have a good clue, each with it; no two words have the same clue or are of the same sense. */
function pick(words, limits) {
  const taken = new Set();
  const starts = new Set();
  const texts = new Map();
  for (const { word, senses } of words) {
    const [sense] = senses;
    const text = clueText(sense.gloss, limits);
    if (text === undefined || taken.has(sense.id) || gives(text, word)) continue;
    if (sense.words.some((other) => other !== word && other.length === word.length)) continue;
    const start = word.slice(0, DISTINCT_START);
    if (starts.has(start)) continue;
    starts.add(start);
    taken.add(sense.id);
    texts.set(text, [...(texts.get(text) ?? []), word]);
  }
  return [...texts].filter(([, same]) => same.length === 1).map(([text, [word]]) => [word, text]);
}

/** An order that depends on nothing but the word and mixes the alphabet: FNV-1a hashes. */
function byRank(a, b) {
  return rank(a.word) - rank(b.word) || compare(a.word, b.word);
}

function rank(word) {
  let hash = 0x811c9dc5;
  for (const letter of Buffer.from(word)) hash = Math.imul(hash ^ letter, 0x01000193) >>> 0;
  return hash;
}

function byWord(a, b) {
  return compare(a[0], b[0]);
}

function compare(a, b) {
  return a < b ? -1 : Number(a > b);
}

/** The text of `clues.data.ts`. */
export function clueFile() {
  const { everyday, hard } = selectClues();
  const notice = readNotice().map((line) => ` * ${line}`.trimEnd());
  const lines = (pairs) => pairs.map(([word, text]) => `${word} ${text}`).join("\n");
  return `/*
 * Words and definitions selected from WordNet 3.1 by scripts/make-clues.mjs, which shortens definitions and leaves examples out.
 * Change the script rather than this file.
 *
${notice.join("\n")}
 */

/** Everyday words, one a line: the word, a space, its clue. */
export const EVERYDAY_CLUES: string = \`
${lines(everyday)}
\`.trim();

/** Rare words, in the same form. */
export const HARD_CLUES: string = \`
${lines(hard)}
\`.trim();
`;
}

const TARGET = fileURLToPath(
  new URL("../src/envs/games/crosswords/clues.data.ts", import.meta.url),
);

if (process.argv[1] === fileURLToPath(import.meta.url)) writeFileSync(TARGET, clueFile());
