import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import largeList from "word-list";
import { BASIC_ENGLISH } from "../../src/envs/dictionary/basic-english.data.ts";
import { nltkFolders } from "../../src/envs/dictionary/nltk.ts";

/** NLTK's corpus `words`, or what stands in for it. */
export interface Corpus {
  /** Ends its use: removes what stood in. */
  release(): void;
}

/** Entries of kinds that NLTK's file `en` has and the large list lacks. */
const ODD_WORDS = ["A", "a", "Aaron", "Jean-Christophe", "Zyzzyva"];

/**
 * Points `NLTK_DATA` at a corpus that both sides read: the real one where it is installed, else a stand-in of the same form.
 *
 * Processes that are started later inherit it.
 */
export function provideCorpus(): Corpus {
  const given = process.env["NLTK_DATA"];
  const installed = nltkFolders().find((folder) =>
    ["en", "en-basic"].every((name) => existsSync(join(folder, "corpora", "words", name))),
  );
  const folder = installed ?? makeStandIn();
  process.env["NLTK_DATA"] = folder;
  return {
    release() {
      if (given === undefined) delete process.env["NLTK_DATA"];
      else process.env["NLTK_DATA"] = given;
      if (installed === undefined) rmSync(folder, { recursive: true });
    },
  };
}

function makeStandIn(): string {
  const folder = mkdtempSync(join(tmpdir(), "gem-nltk-data-"));
  const words = join(folder, "corpora", "words");
  mkdirSync(words, { recursive: true });
  writeFileSync(join(words, "en-basic"), BASIC_ENGLISH.replaceAll(" ", "\n") + "\n");
  const large = [...ODD_WORDS, ...readFileSync(largeList, "utf8").split("\n")];
  writeFileSync(join(words, "en"), large.join("\n") + "\n");
  return folder;
}
