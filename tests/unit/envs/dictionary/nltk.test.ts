import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { nltkFolders, nltkWordsFile } from "../../../../src/envs/dictionary/nltk.ts";

const SYSTEM = [
  "/usr/share/nltk_data",
  "/usr/local/share/nltk_data",
  "/usr/lib/nltk_data",
  "/usr/local/lib/nltk_data",
];

beforeEach(() => {
  for (const name of ["NLTK_DATA", "VIRTUAL_ENV", "CONDA_PREFIX"]) vi.stubEnv(name, "");
  vi.stubEnv("HOME", "/home/ada");
});
afterEach(() => {
  vi.unstubAllEnvs();
});

describe("NLTK's folders", () => {
  it("are the user's and the system's where the environment names none", () => {
    expect(nltkFolders()).toEqual(["/home/ada/nltk_data", ...SYSTEM]);
  });

  it("begin with those of NLTK_DATA, and hold those of an activated Python", () => {
    vi.stubEnv("NLTK_DATA", "/data/a::/data/b");
    vi.stubEnv("VIRTUAL_ENV", "/venv");
    expect(nltkFolders()).toEqual([
      "/data/a",
      "/data/b",
      "/home/ada/nltk_data",
      "/venv/nltk_data",
      "/venv/share/nltk_data",
      "/venv/lib/nltk_data",
      ...SYSTEM,
    ]);
  });
});

describe("a file of NLTK's corpus words", () => {
  let first: string;
  let second: string;
  beforeEach(() => {
    const folder = mkdtempSync(join(tmpdir(), "gem-nltk-"));
    first = join(folder, "first");
    second = join(folder, "second");
    mkdirSync(join(first, "corpora"), { recursive: true });
    mkdirSync(join(second, "corpora", "words"), { recursive: true });
  });
  afterEach(() => {
    rmSync(join(first, ".."), { recursive: true });
  });

  it("is the first that is there", () => {
    const path = join(second, "corpora", "words", "en");
    writeFileSync(path, "word\n");
    expect(nltkWordsFile("game:Any-v0", "en", [first, second])).toBe(path);
  });

  it("is missed with the folders that were searched and the commands that get it", () => {
    const message = new RegExp(
      'dictionary" of game:Any-v0 is "nltk".*`pip install nltk` and `python -m nltk.downloader words`.*' +
        `corpora/words/en-basic in: ${first}, ${second}\\.$`,
    );
    expect(() => nltkWordsFile("game:Any-v0", "en-basic", [first, second])).toThrow(
      expect.objectContaining({
        code: "GEM_INVALID_OPTION",
        message: expect.stringMatching(message) as string,
      }),
    );
  });

  it("is missed with the advice to unzip it where only the archive is there", () => {
    const zip = join(first, "corpora", "words.zip");
    writeFileSync(zip, "PK");
    expect(() => nltkWordsFile("game:Any-v0", "en", [first, second])).toThrow(`Unzip ${zip}`);
  });
});
