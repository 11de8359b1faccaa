import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { clueText, gives } from "../../../scripts/clues/clue-text.mjs";
import { readNotice } from "../../../scripts/clues/wordnet.mjs";
import { clueFile } from "../../../scripts/make-clues.mjs";

const LIMITS = { fewest: 3, longest: 60 };

function read(path) {
  return readFileSync(new URL(`../../../${path}`, import.meta.url), "utf8");
}

describe("the clues of Crosswords", () => {
  it("are what the script makes of WordNet", () => {
    expect(read("src/envs/games/crosswords/clues.data.ts")).toBe(clueFile());
  });

  it("come with WordNet's licence", () => {
    const notice = readNotice();
    expect(notice.join(" ")).toContain("WordNet 3.1 Copyright 2011 by Princeton University.");
    expect(read("NOTICE")).toContain(notice.join("\n"));
  });
});

describe("a clue from a definition", () => {
  it.each([
    ['a seat for one person; "he put his coat on it"', "A seat for one person"],
    ["(music) a short piece for one voice", "A short piece for one voice"],
    [`a stream; ${"it flows to the sea ".repeat(3)}`, undefined],
    [`a large natural stream; ${"it flows to the sea ".repeat(3)}`, "A large natural stream"],
    ["a stream", undefined],
    ["resembling a sustained `sh' or soft whistle", undefined],
    ["especially of ships and boats", undefined],
    ["a seat (for one; or more", undefined],
    ["an act of sexual intercourse", undefined],
  ])("of %j is %j", (gloss, text) => {
    expect(clueText(gloss, LIMITS)).toBe(text);
  });

  it.each([
    ["Not a river at all", "river"],
    ["Where many rivers meet", "river"],
    ["The person who drives", "driver"],
    ["A singing voice", "song"],
    ["An authority on liturgies", "liturgist"],
    ["Having no arms at all", "armless"],
    ["The quality of being dissimilar", "unsimilarity"],
  ])("%j gives %s away", (text, answer) => {
    expect(gives(text, answer)).toBe(true);
  });

  it.each([
    ["A large natural stream of water", "river"],
    ["The trees and other plants in a densely wooded area", "forest"],
  ])("%j does not give %s away", (text, answer) => {
    expect(gives(text, answer)).toBe(false);
  });
});
