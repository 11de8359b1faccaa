import { createHash } from "node:crypto";
import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { inlineHost, slicedHost, type EnvHost, type Work } from "../../../../src/core/host.ts";
import {
  dictionaryOption,
  loadWords,
  type DictionarySource,
  type WordList,
} from "../../../../src/envs/dictionary/dictionary.ts";
import { Tuple } from "../../../../src/protocol/values.ts";

const OWNER = "game:Any-v0";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "gem-words-"));
});
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true });
});

function load(source: DictionarySource, level: "basic" | "large" = "basic"): WordList {
  const list = loadWords(OWNER, source, level, inlineHost);
  if (list instanceof Promise) throw new Error("Work on the inline host is done at once.");
  return list;
}

function file(content: string | Uint8Array, name = "words.txt"): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

/** A host that interrupts work and never goes on with it. */
function stoppingHost(steps: number): EnvHost {
  return {
    run<T>(work: Work<T>) {
      for (let i = 0; i < steps; i++) work.next();
      return new Promise<T>(() => {});
    },
  };
}

describe("the basic list", () => {
  it("is Ogden's 850 words, byte for byte NLTK's file en-basic", () => {
    const { words } = load(null);
    expect(words).toHaveLength(850);
    expect([words[0], words[849]]).toEqual(["I", "young"]);
    const text = `${words.join("\n")}\n`;
    expect(createHash("sha256").update(text).digest("hex")).toBe(
      "b00de5c6438714a6abaa906ec85f063f63c0606f713cbe8728b21c42664e5fce",
    );
  });

  it("has words of 1 to 14 letters, of which I is none: it is no small letter", () => {
    const list = load(null);
    expect(list.lengths).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14]);
    const counts = list.lengths.map((length) => list.ofLength(length).length);
    expect(counts).toEqual([1, 16, 90, 241, 192, 127, 81, 49, 33, 10, 5, 2, 1, 1]);
    expect(list.ofLength(1)).toEqual(["a"]);
    expect(list.ofLength(15)).toEqual([]);
  });
});

describe("the large list", () => {
  it("has a quarter of a million words, and is read once", () => {
    const list = load(null, "large");
    expect(list.words.length).toBeGreaterThan(250_000);
    expect(list.ofLength(7).length).toBeGreaterThan(20_000);
    expect(load(null, "large")).toBe(list);
    expect(list.ofLength(7)).toBe(list.ofLength(7));
  });
});

describe("a file of words", () => {
  it("gives its lines in order, without blank ones and white space around them", () => {
    const list = load(file("\uFEFFzoo\r\n\r\n  ant\n \nBee\ncat\nx-ray\nfête\ndog"));
    expect(list.words).toEqual(["zoo", "ant", "Bee", "cat", "x-ray", "fête", "dog"]);
    expect(list.ofLength(3)).toEqual(["zoo", "ant", "cat", "dog"]);
    expect(list.lengths).toEqual([3]);
  });

  it("is the same however its bytes fall into chunks", () => {
    const words = Array.from({ length: 9000 }, (_, i) => `${"é".repeat(i % 7)}w${String(i)}`);
    expect(load(file(words.join("\n"))).words).toEqual(words);
  });

  it("serves for both levels, and is read again only when it has changed", () => {
    const path = file("one\ntwo\n");
    const list = load(path);
    expect(load(path, "large")).toBe(list);
    file("one\nsix\n");
    utimesSync(path, 1, 1);
    expect(load(path).words).toEqual(["one", "six"]);
    expect(list.words).toEqual(["one", "two"]);
  });

  it.each([
    ["missing.txt", /"[^"]*missing\.txt": ENOENT.*one word a line/],
    [".", /it is not a file/],
    ["nul\0", /null bytes/],
  ])("that is %j is refused with its path", (name, message) => {
    expect(() => load(`${folder}/${name}`)).toThrow(message);
  });

  it("that is no UTF-8, or has no words, is refused, and read again when it is put right", () => {
    const path = file(Uint8Array.of(0x61, 0xff, 0x62));
    const refusal = expect.objectContaining({
      code: "GEM_INVALID_OPTION",
      message: expect.stringMatching(
        /^The words of game:Any-v0 cannot be read .*not valid/,
      ) as string,
    }) as unknown;
    expect(() => load(path)).toThrow(refusal);
    file("\n \n");
    expect(() => load(path)).toThrow(/it has no words/);
    file("fine\n");
    expect(load(path).words).toEqual(["fine"]);
  });

  it("is read in slices, to which all who want it contribute", async () => {
    const path = file("word\n".repeat(20_000));
    const never = loadWords(OWNER, path, "basic", stoppingHost(3));
    expect(never).toBeInstanceOf(Promise);
    const later = loadWords(OWNER, path, "basic", slicedHost(0));
    expect(later).toBeInstanceOf(Promise);
    const now = load(path);
    expect(now.ofLength(4)).toHaveLength(20_000);
    expect(await later).toBe(now);
  });

  it("that cannot be read fails for all who wait for it", async () => {
    const path = file(Buffer.concat([Buffer.alloc(40_000, "word\n"), Buffer.of(0xff)]));
    const later = loadWords(OWNER, path, "basic", slicedHost(0));
    expect(() => load(path)).toThrow(/not valid/);
    await expect(later).rejects.toThrow(/not valid/);
  });
});

describe("a list of words", () => {
  it("is taken as it is, and sorted by length once", () => {
    const source = ["zoo", "Ant", "bee", "at"];
    const list = load(source);
    expect(list.words).toEqual(source);
    expect(list.ofLength(3)).toEqual(["zoo", "bee"]);
    expect(load(source, "large")).toBe(list);
    expect(load([...source])).not.toBe(list);
  });
});

describe("NLTK's corpus", () => {
  it("is found in a folder of NLTK_DATA, a file for each level", () => {
    const words = join(folder, "corpora", "words");
    mkdirSync(words, { recursive: true });
    writeFileSync(join(words, "en-basic"), "few\n");
    writeFileSync(join(words, "en"), "Aaron\nmany\n");
    vi.stubEnv("NLTK_DATA", `/nowhere:${folder}`);
    expect(load("nltk").words).toEqual(["few"]);
    expect(load("nltk", "large").words).toEqual(["Aaron", "many"]);
  });
});

describe("the option dictionary", () => {
  it.each([
    [undefined, null],
    [null, null],
    ["nltk", "nltk"],
    ["/usr/share/dict/words", "/usr/share/dict/words"],
    [
      ["one", "Two", "x-ray", "fête"],
      ["one", "Two", "x-ray", "fête"],
    ],
    [new Tuple(["one", "two"]), ["one", "two"]],
  ])("takes %j", (value, result) => {
    expect(dictionaryOption.parse(value)).toEqual(result);
  });

  it.each([
    "",
    [],
    [""],
    ["two words"],
    ["line\n"],
    ["one", 2],
    7,
    true,
    new Set(["one"]),
    new Array<string>(20_001).fill("word"),
  ])("refuses value %#", (value) => {
    expect(dictionaryOption.safeParse(value).success).toBe(false);
  });
});
