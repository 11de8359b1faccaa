import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Env, EnvSnapshot } from "../../../../../src/core/env.ts";
import { slicedHost } from "../../../../../src/core/host.ts";
import { crosswords } from "../../../../../src/envs/games/crosswords/crosswords.ts";
import { Tuple } from "../../../../../src/protocol/values.ts";
import { makeEnv, nextOutput, observe, outcome, sample, step, type Choices } from "../../play.ts";
import { anyReply } from "../../replies.ts";

const EASY = "game:Crosswords-v0-easy";
const HARD = "game:Crosswords-v0-hard";
const RANDOM = "game:Crosswords-v0-random";
const GO_ON = [0, false, false];
const FORMAT_ERROR = [-0.1, true, false];

/** Two words without a common letter: they never cross. */
const CLUES = [
  { word: "Cab", hardcore: false, clues: { 1: "A car for hire. (4 letters)  ", 2: "A taxi" } },
  { word: "on", hardcore: false, clues: { 1: "Not off" } },
  { word: "weald", hardcore: true, clues: { 1: "Open or forested country" } },
];

function make(options: Choices["options"] = {}, choices: Choices = {}): Env {
  return makeEnv(crosswords, EASY, { options: { clues: CLUES, ...options }, ...choices });
}

/** A 4x4 board with CAB across in row 2 from column 0, and ON across in row 0 from column 0. */
function started(options: Choices["options"] = {}, choices: Choices = {}): Env {
  const env = make(options, choices);
  env.reset(SEED);
  return env;
}

/** Draws two words across. */
const SEED = 13;

/** Fills in the letters of the board, in the order given. */
const SOLUTION = ["0 0 o", "0 1 n", "2 0 C", "2 1 a", "2 2 B"].map((cell) => `\\boxed{${cell}}`);

function boardOf(env: Env): string {
  return (env.getAttribute("board") as string[][]).map((row) => row.join("")).join("/");
}

describe("Crosswords reset", () => {
  it("lays the drawn words out, the longest first, and hides their letters", () => {
    const env = started();
    expect(env.getAttribute("placed_words")).toEqual(
      new Map([
        ["Cab", new Tuple([2, 0, "across"])],
        ["on", new Tuple([0, 0, "across"])],
      ]),
    );
    expect(boardOf(env)).toBe("__../..../___./....");
    expect(env.getAttribute("solution")).toEqual([
      ["o", "n", ".", "."],
      [".", ".", ".", "."],
      ["C", "a", "b", "."],
      [".", ".", ".", "."],
    ]);
    expect(env.getAttribute("total_letter_cells")).toBe(5);
    expect(env.getAttribute("clues")).toEqual(
      new Map([
        ["Cab", "A car for hire. (4 letters)  "],
        ["on", "Not off"],
      ]),
    );
  });

  it.each([
    [EASY, false, 30, /^[a-z]{3,10}$/],
    [HARD, true, 40, /^[a-z]{5,13}$/],
  ])("of %s takes three words of the package's clues", (id, hardcore, turns, form) => {
    const env = makeEnv(crosswords, id);
    for (let seed = 0; seed < 200; seed++) {
      env.reset(seed);
      const words = [...(env.getAttribute("placed_words") as Map<string, Tuple>).keys()];
      expect(words).toHaveLength(3);
      expect(words.filter((word) => !form.test(word))).toEqual([]);
      expect(env.getAttribute("total_letter_cells")).toBeLessThanOrEqual(turns);
      expect(env.getAttribute("hardcore")).toBe(hardcore);
      expect(env.getAttribute("max_turns")).toBe(turns);
    }
  });

  it.each([[{ hardcore: null }], [{ num_words: null }], [{ max_turns: null }]])(
    "draws the level, and sets words and turns, with %j",
    (options) => {
      const env = make(options);
      const seen = new Set<unknown>();
      for (let seed = 0; seed < 20; seed++) {
        env.reset(seed);
        seen.add(env.getAttribute("hardcore"));
        expect(env.getAttribute("num_words")).toBe(3);
        expect(env.getAttribute("max_turns")).toBe(20);
      }
      expect(seen).toEqual(new Set([false, true]));
    },
  );

  it("works for the id with a random level, whose constructor fails upstream", () => {
    const env = makeEnv(crosswords, RANDOM);
    env.reset(42);
    expect(env.getAttribute("max_turns")).toBe(20);
    expect(env.getAttribute("total_letter_cells")).toBeGreaterThan(8);
  });

  it("tells words, letters, turns, and an answer that the game takes", () => {
    const [rules, info] = make().reset(SEED) as [string, Record<string, unknown>];
    expect(rules).toMatch(/crossword \(words: 2, letters: 5\) within 30 turns/);
    expect(rules).toContain("\\boxed{2 3 A}");
    expect(Object.keys(info)).toEqual(["suffix"]);
    expect(info["suffix"]).toBe(
      "Board:\n   C00 C01 C02 C03\nR00  _   _   .   .  \nR01  .   .   .   .  \n" +
        "R02  _   _   _   .  \nR03  .   .   .   .  \n" +
        "Clues:\n1. A car for hire. (across, 3 letters)\n2. Not off (across, 2 letters)\nYour next letter?",
    );
  });

  it("takes as many words as there are, and numbers clues as if all had found a place", () => {
    const clues = ["aba", "cdc", "efe", "ghg", "iji"].map((word) => ({
      word,
      hardcore: false,
      clues: { 1: `About ${word}` },
    }));
    const env = make({ clues, num_words: 100 });
    const left = Array.from({ length: 50 }, (_, seed) => {
      env.reset(seed);
      const placed = [...(env.getAttribute("placed_words") as Map<string, unknown>).keys()];
      const all = [...(env.getAttribute("clues") as Map<string, string>).keys()];
      const suffix = String(env.callMethod("get_task_suffix", []));
      for (const [i, word] of all.entries()) {
        const line = `\n${String(i + 1)}. About ${word} (`;
        expect(suffix.includes(line)).toBe(placed.includes(word));
      }
      return all.length - placed.length;
    });
    expect(Math.max(...left)).toBeGreaterThan(0);
  });

  it("reads clues in slices where it must not block", async () => {
    const env = makeEnv(crosswords, EASY, { host: slicedHost(0) });
    expect(await env.reset(1)).toEqual(makeEnv(crosswords, EASY).reset(1));
  });
});

describe("Crosswords step", () => {
  it("pays each right letter its share and ends with the last one", () => {
    const env = started();
    const outcomes = SOLUTION.map((reply) => outcome(env, reply));
    expect(outcomes).toEqual([
      ...Array.from({ length: 4 }, () => [1 / 5, false, false]),
      [1 / 5, true, false],
    ]);
    expect(boardOf(env)).toBe("ON../..../CAB./....");
  });

  it.each([
    ["a wrong letter", "\\boxed{0 0 A}", /A is wrong in row 0, column 0/],
    ["a cell of no word", "\\boxed{1 1 A}", /row 1, column 1 is no part of a word/],
    ["a row off the board", "\\boxed{4 0 A}", /not on the board, .* 0 to 3/],
    ["a column off the board", `\\boxed{0 ${"9".repeat(4300)} A}`, /not on the board/],
  ])("pays nothing for %s", (_, reply, text) => {
    const env = started();
    expect(observe(env, reply)).toMatch(text);
    expect(outcome(env, reply)).toEqual(GO_ON);
    expect(boardOf(env)).toBe("__../..../___./....");
  });

  it("pays nothing for a letter that is found already", () => {
    const env = started();
    step(env, SOLUTION[0] ?? "");
    expect(outcome(env, SOLUTION[0] ?? "")).toEqual(GO_ON);
    expect(observe(env, "\\boxed{0 0 X}")).toMatch(/has its letter already/);
  });

  it("says what happened", () => {
    const env = started();
    expect(observe(env, "\\boxed{0 0 o}")).toBe("Turn 1 of 30: O is right in row 0, column 0.");
    for (const reply of SOLUTION.slice(1, 4)) step(env, reply);
    expect(observe(env, SOLUTION[4] ?? "")).toMatch(/You win/);
  });

  it("keeps the last turn's reward, sets both flags, and tells how many letters are found", () => {
    const env = started({ max_turns: 1 });
    expect(step(env, SOLUTION[0] ?? "").slice(0, 4)).toEqual([
      "Turn 1 of 1: O is right in row 0, column 0. No turn is left: 1 of 5 letters are found.",
      1 / 5,
      true,
      true,
    ]);
  });

  it("is won in the last turn without truncation, and stays ended whatever follows", () => {
    const env = started({ max_turns: 5 });
    for (const reply of SOLUTION.slice(0, 4)) step(env, reply);
    expect(outcome(env, SOLUTION[4] ?? "")).toEqual([1 / 5, true, false]);
    expect(outcome(env, "\\boxed{1 1 A}")).toEqual([0, true, false]);
    expect(env.getAttribute("turn_count")).toBe(6);
  });

  it.each([
    "",
    "0 0 O",
    "\\boxed{0 0}",
    "\\boxed{0 0 OO}",
    "\\boxed{00O}",
    "\\boxed{0 0O}",
    "\\boxed{[0 0 O]}",
    "\\boxed{ 0 0 O}",
    "\\boxed{0 0 O }",
    "\\boxed{-1 0 O}",
    "\\boxed{0 0 \u00e9}",
    "\\boxed{0 \u0660 O}",
    "\\boxed{0\ufeff0 O}",
    "\\BOXED{0 0 O}",
    `\\boxed{0 ${"0".repeat(4301)} O}`,
    `\\boxed{${"0".repeat(4301)} 0 O}`,
  ])("ends with -0.1 on %j", (reply) => {
    const env = started();
    expect(outcome(env, reply)).toEqual(FORMAT_ERROR);
    expect(env.getAttribute("turn_count")).toBe(1);
  });

  it("takes null as an empty reply", () => {
    expect(outcome(started(), null)).toEqual(FORMAT_ERROR);
  });

  it("takes the last well-formed box, and any white space of Python's", () => {
    expect(outcome(started(), "\\boxed{1 1 A} \\boxed{00\x1c\u3000000\n o} \\boxed{x}")).toEqual([
      1 / 5,
      false,
      false,
    ]);
  });

  it("answers any reply", () => {
    const nearly = fc
      .array(fc.constantFrom("\\boxed{", "0", " ", "1", "o", "N", "}", "\t"), { maxLength: 20 })
      .map((pieces) => pieces.join(""));
    fc.assert(
      fc.property(fc.array(fc.oneof(anyReply, nearly), { maxLength: 8 }), (replies) => {
        const env = started();
        for (const reply of replies) {
          const [observation, reward] = step(env, reply);
          expect(typeof observation).toBe("string");
          expect([-0.1, 0, 1 / 5]).toContain(reward);
        }
      }),
    );
  });
});

describe("Crosswords random actions", () => {
  it("parse, and name a hidden cell", () => {
    const env = started({ max_turns: 10_000 });
    for (let i = 0; i < 100; i++) {
      expect(sample(env)).toMatch(/^\\boxed\{(?:0 [01]|2 [0-2]) [A-Z]\}$/);
      expect(outcome(env, sample(env))[0]).toBeGreaterThanOrEqual(0);
      if (!boardOf(env).includes("_")) env.reset(SEED);
    }
  });

  it("draw nothing when no cell is hidden", async () => {
    const env = started();
    for (const reply of SOLUTION) step(env, reply);
    const next = await nextOutput(env);
    expect(sample(env)).toBe("\\boxed{0 0 A}");
    expect(await nextOutput(env)).toBe(next);
  });
});

describe("Crosswords state", () => {
  it("continues identically from a snapshot, also with other clues", () => {
    const env = started();
    step(env, SOLUTION[0] ?? "");
    const copy = makeEnv(crosswords, EASY);
    copy.setState(structuredClone(env.getState() as EnvSnapshot));
    for (const reply of ["\\boxed{1 1 A}", ...SOLUTION, "?"]) {
      expect(step(copy, reply)).toEqual(step(env, reply));
    }
    expect(copy.sampleRandomAction()).toBe(env.sampleRandomAction());
  });

  it("is small", () => {
    const env = makeEnv(crosswords, HARD);
    env.reset(1);
    const { state } = env.getState() as EnvSnapshot;
    expect(JSON.stringify(state).length).toBeLessThan(1500);
  });

  it("takes a board whose letters are right or hidden", () => {
    const env = started();
    const board = env.getAttribute("board") as string[][];
    board[0] = ["O", "N", ".", "."];
    env.setAttribute("board", board);
    expect(outcome(env, "\\boxed{0 0 O}")).toEqual(GO_ON);
    expect(boardOf(env)).toBe("ON../..../___./....");
  });

  it.each([
    ["board", [["O"]]],
    ["board", "ON"],
    [
      "board",
      [
        ["X", "N", ".", "."],
        [".", ".", ".", "."],
        ["_", "_", "_", "."],
        [".", ".", ".", "."],
      ],
    ],
    [
      "board",
      [
        ["_", "_", "_", "."],
        [".", ".", ".", "."],
        ["_", "_", "_", "."],
        [".", ".", ".", "."],
      ],
    ],
    ["solution", []],
    ["placed_words", new Map()],
    ["clues", new Map()],
    ["total_letter_cells", 1],
    ["max_turns", 0],
  ])("refuses to set %s to %j", (name, value) => {
    expect(() => started().setAttribute(name, value)).toThrow(/cannot be set/);
  });
});

describe("Crosswords picture", () => {
  it("shows found letters and the clues, and no hidden ones", () => {
    const env = started();
    step(env, SOLUTION[0] ?? "");
    const picture = String(env.render("svg"));
    expect(picture).toContain(">O<");
    expect(picture).not.toContain(">N<");
    expect(picture).toContain("A car for hire. (across, 3 letters)");
  });
});

describe("Crosswords texts", () => {
  it("can be replaced", () => {
    const prompts = { suffix: "{board}", wrong: "no {letter} at {row} {column}" };
    const env = started({}, { prompts });
    const [observation, , , , info] = step(env, "\\boxed{0 0 q}");
    expect(observation).toBe("no Q at 0 0");
    expect(info["suffix"]).toMatch(/^ {3}C00 .*\. {2}$/s);
  });
});

describe("Crosswords options", () => {
  it("default to five everyday words in 100 turns", () => {
    const env = makeEnv(crosswords, "game:Crosswords-custom");
    const names = ["hardcore", "num_words", "max_turns"];
    expect(names.map((name) => env.getAttribute(name))).toEqual([false, 5, 100]);
  });

  it.each([
    [{ num_words: 0 }, /"num_words".*from 1 to 100.*got 0/],
    [{ num_words: 101 }, /"num_words".*from 1 to 100/],
    [{ max_turns: 0 }, /"max_turns".*positive integer/],
    [{ hardcore: "yes" }, /"hardcore".*got "yes"/],
    [{ clues: [] }, /"clues".*JSONL file.*got \[\]/],
    [{ clues: 7 }, /"clues".*got 7/],
    [{ clues: [{ word: "river" }] }, /Record 1 of the option "clues": its "hardcore"/],
    [{ clues: CLUES.slice(0, 1), hardcore: true }, /no record with "hardcore" true/],
    [{ clues: CLUES.slice(0, 1), max_turns: null }, /no record with "hardcore" true/],
    [{ clues: "/no/such/file.jsonl" }, /Crosswords-v0-easy: Clues cannot be read.*ENOENT/],
    [{ clue: null }, /Did you mean "clues"/],
  ])("refuse %j", (options, message) => {
    expect(() => make(options)).toThrow(message);
  });

  it("take a tuple of records", () => {
    expect(boardOf(started({ clues: new Tuple(CLUES) }))).toBe("__../..../___./....");
  });
});
