import { mkdtempSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { slicedHost, inlineHost } from "../../../../../src/core/host.ts";
import { printedClue, type ClueSet } from "../../../../../src/envs/games/crosswords/clue-record.ts";
import {
  cluesComplaint,
  loadClues,
  type ClueSource,
} from "../../../../../src/envs/games/crosswords/clues.ts";

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "gem-clues-"));
});
afterAll(() => rmSync(folder, { recursive: true }));

function load(source: ClueSource, hardcore: boolean | null = false): ClueSet {
  return loadClues("the game", source, hardcore, inlineHost) as ClueSet;
}

function file(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

const RIVER = { word: "river", hardcore: false, clues: { 1: "It flows", 2: "Thames, for one" } };
const WEALD = { word: "weald", hardcore: true, clues: { 1: "Open or forested country" } };

describe("clues of the package", () => {
  const { everyday, hard } = load(null);
  const all = [...everyday, ...hard];

  it("are at least 500 of each level, of different words", () => {
    expect(everyday.length).toBeGreaterThanOrEqual(500);
    expect(hard.length).toBeGreaterThanOrEqual(500);
    expect(new Set(all.map(({ word }) => word)).size).toBe(all.length);
  });

  it("are different within a level", () => {
    for (const level of [everyday, hard])
      expect(new Set(level.map(({ text }) => text)).size).toBe(level.length);
  });

  it("are of words that three of them can be filled in within the turns of a registered level", () => {
    expect(everyday.filter(({ word }) => !/^[a-z]{3,10}$/.test(word))).toEqual([]);
    expect(hard.filter(({ word }) => !/^[a-z]{5,13}$/.test(word))).toEqual([]);
  });

  it("are short printable texts that do not hold their answer", () => {
    expect(all.filter(({ text }) => !/^[A-Z][\x20-\x7e]{7,109}$/.test(text))).toEqual([]);
    expect(all.filter(({ word, text }) => text.toLowerCase().includes(word))).toEqual([]);
    expect(all.filter(({ text }) => printedClue(text) !== text)).toEqual([]);
  });
});

describe("records of a caller", () => {
  it("are sorted by level, in order, with the first clue of each", () => {
    const clues = new Map([[1, "A tree. (3 letters)  "]]);
    const more = { word: "Oak", hardcore: false, clues };
    expect(load([RIVER, WEALD, more])).toMatchObject({
      everyday: [
        { word: "river", text: "It flows" },
        { word: "Oak", text: "A tree. (3 letters)  " },
      ],
      hard: [{ word: "weald", text: "Open or forested country" }],
    });
  });

  it.each([
    ["river", /Record 2 .*not of the form \{"word"/],
    [{ ...WEALD, word: "ice age" }, /"word" must be 1 to 40 letters A to Z, got "ice age"/],
    [{ ...WEALD, word: "é" }, /"word" must be/],
    [{ ...WEALD, word: "" }, /"word" must be/],
    [{ ...WEALD, hardcore: 1 }, /"hardcore" must be true or false, got 1/],
    [{ ...WEALD, clues: {} }, /"clues" must map numbers to texts.*got \{\}/],
    [{ ...WEALD, clues: { 1: " " } }, /"clues" must map/],
    [{ ...WEALD, clues: { 1: "x".repeat(1001) } }, /1 to 1000 characters/],
    [RIVER, /another record of "river" before it/],
  ])("are refused with the number of the wrong one: %j", (record, message) => {
    expect(cluesComplaint([RIVER, record], false)).toMatch(message);
  });

  it.each([
    [false, /no record with "hardcore" false/],
    [null, /no record with "hardcore" false/],
  ])("are refused when a level that is wanted has none: hardcore %j", (hardcore, message) => {
    expect(cluesComplaint([WEALD], hardcore)).toMatch(message);
    expect(cluesComplaint([WEALD], true)).toBeUndefined();
  });
});

describe("a file of clues", () => {
  const line = (record: object): string => `${JSON.stringify(record)}\n`;

  it("has a record a line; blank lines do not count", () => {
    const path = file("two.jsonl", `${line(RIVER)}\n${line(WEALD)}`);
    expect(cluesComplaint(path, null)).toBeUndefined();
    expect(load(path, null)).toMatchObject({
      everyday: [{ word: "river" }],
      hard: [{ word: "weald" }],
    });
  });

  it("is read once while it stays as it is", () => {
    const path = file("once.jsonl", line(RIVER));
    const first = load(path);
    expect(load(path)).toBe(first);
    writeFileSync(path, line({ ...RIVER, word: "brook" }));
    utimesSync(path, 1, 1);
    expect(load(path).everyday).toMatchObject([{ word: "brook" }]);
  });

  it("is read in slices between which others run", async () => {
    const words = Array.from({ length: 200 }, (_, i) =>
      String.fromCharCode(97 + (i % 26)).repeat(1 + Math.floor(i / 26)),
    );
    const path = file("many.jsonl", words.map((word) => line({ ...RIVER, word })).join(""));
    const loading = loadClues("the game", path, false, slicedHost(0));
    expect(loading).toBeInstanceOf(Promise);
    expect((await loading).everyday.map(({ word }) => word)).toEqual(words);
  });

  it("is refused with the line of the wrong record", () => {
    const path = file("wrong.jsonl", `${line(RIVER)}{"word": "oak"\n`);
    expect(() => load(path)).toThrow(/the game: .*wrong\.jsonl": line 2 .*not of the form/);
    const late = file("late.jsonl", `${line(RIVER)}\n${line({ ...WEALD, hardcore: "no" })}`);
    expect(() => load(late)).toThrow(/line 3 .*"hardcore" must be true or false, got "no"/);
  });

  it("is refused without words of the level, and when it is no UTF-8 text", () => {
    const path = file("level.jsonl", line(RIVER));
    expect(() => load(path, true)).toThrow(/no record with "hardcore" true/);
    expect(load(path, false).everyday).toHaveLength(1);
    const binary = join(folder, "binary.jsonl");
    writeFileSync(binary, new Uint8Array([0xff, 0xfe, 0x00]));
    expect(() => load(binary)).toThrow(/cannot be read from/);
  });

  it("is refused when it is not there, before it is read", () => {
    expect(cluesComplaint(join(folder, "none.jsonl"), false)).toMatch(/cannot be read.*ENOENT/);
    expect(cluesComplaint(folder, false)).toMatch(/it is not a file/);
  });
});

describe("a printed clue", () => {
  it.each([
    ["A friend. (7 letters)  ", "A friend."],
    ["Stretchy (7 letters).  ", "Stretchy"],
    ["One letter (1 letter)", "One letter"],
    ["A unit (of length)", "A unit (of length)"],
    ["(5 letters)", "(5 letters)"],
    ["  Plain ", "Plain"],
  ])("of %j is %j", (text, printed) => {
    expect(printedClue(text)).toBe(printed);
  });
});
