import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Env, EnvSnapshot } from "../../../../../src/core/env.ts";
import { slicedHost } from "../../../../../src/core/host.ts";
import { wordSearch } from "../../../../../src/envs/games/word-search/word-search.ts";
import { Tuple } from "../../../../../src/protocol/values.ts";
import { makeEnv, nextOutput, observe, outcome, sample, step, type Choices } from "../../play.ts";
import { anyReply } from "../../replies.ts";

const EASY = "game:WordSearch-v0-easy";
const HARD = "game:WordSearch-v0-hard";
const RANDOM = "game:WordSearch-v0-random";
const GO_ON = [0, false, false];
const FOUND = [1 / 5, false, false];
const FORMAT_ERROR = [-0.1, true, false];

/** The words of the board of `started`, each as a reply. */
const ENDS = ["5 1 5 7", "0 0 0 5", "1 0 1 5", "0 6 0 9", "1 6 1 9"].map(
  (ends) => `\\boxed{${ends}}`,
);

function make(options: Choices["options"] = {}, choices: Choices = {}): Env {
  return makeEnv(wordSearch, EASY, { options, ...choices });
}

/** A 10x10 board with THUNDER in row 5, SILVER and CARD in row 0, ANSWER and FOOT in row 1. */
function started(options: Choices["options"] = {}, choices: Choices = {}): Env {
  const env = make(options, choices);
  env.reset(42);
  return env;
}

function boardOf(env: Env): string[] {
  return (env.getAttribute("game_board") as string[][]).map((row) => row.join(""));
}

describe("WordSearch reset", () => {
  it("with seed 42 hides the recorded words", async () => {
    const env = started();
    expect(env.getAttribute("placed_words")).toEqual(
      new Map([
        ["THUNDER", new Tuple([5, 1, "across"])],
        ["SILVER", new Tuple([0, 0, "across"])],
        ["ANSWER", new Tuple([1, 0, "across"])],
        ["CARD", new Tuple([0, 6, "across"])],
        ["FOOT", new Tuple([1, 6, "across"])],
      ]),
    );
    expect(boardOf(env).slice(0, 3)).toEqual(["SILVERCARD", "ANSWERFOOT", "SNBACGHQTA"]);
    expect(await nextOutput(env)).toBe(1_589_915_144);
  });

  it("with a random level and seed 42 takes easy words, and the recorded board", async () => {
    const env = makeEnv(wordSearch, RANDOM);
    env.reset(42);
    expect(env.getAttribute("hardcore")).toBe(false);
    expect(boardOf(env)[0]).toBe("ANSWERFALL");
    expect(await nextOutput(env)).toBe(4_022_900_809);
  });

  it("takes words of the large list where it is hard", () => {
    const env = makeEnv(wordSearch, HARD);
    env.reset(42);
    const words = [...(env.getAttribute("placed_words") as Map<string, Tuple>).keys()];
    expect(words).toHaveLength(5);
    expect(words.every((word) => /^[A-Z]+$/.test(word))).toBe(true);
    const side = boardOf(env).length;
    expect(side).toBeGreaterThanOrEqual(1.5 * (words[0]?.length ?? 0) - 0.5);
  });

  it.each([[{ hardcore: null }], [{ num_words: null }], [{ max_turns: null }]])(
    "draws the level, and sets words and turns, with %j",
    (options) => {
      const env = make({ ...options, dictionary: ["fall", "foot"] });
      const levels = Array.from({ length: 20 }, (_, seed) => {
        env.reset(seed);
        expect(env.getAttribute("num_words")).toBe(5);
        expect(env.getAttribute("max_turns")).toBe(20);
        return env.getAttribute("hardcore");
      });
      expect(new Set(levels)).toEqual(new Set([false, true]));
    },
  );

  it("fills all cells with letters", () => {
    expect(boardOf(started()).join("")).toMatch(/^[A-Z]{100}$/);
  });

  it("counts words that are equal in capitals as one", () => {
    const env = started({ dictionary: ["foot", "Foot", "FOOT"] });
    expect((env.getAttribute("placed_words") as Map<string, Tuple>).size).toBe(1);
    expect(make({ dictionary: ["foot", "Foot"] }).reset(42)).toEqual([
      expect.stringContaining("hidden on the board, 1 in all,"),
      expect.anything(),
    ]);
  });

  it("tells words, turns, and an answer that the game takes", () => {
    const [rules, info] = make().reset(42) as [string, Record<string, unknown>];
    expect(rules).toMatch(/hidden on the board, 5 in all, within 20 turns/);
    expect(rules).toContain("\\boxed{2 1 2 5}");
    expect(Object.keys(info)).toEqual(["suffix"]);
    expect(info["suffix"]).toMatch(/^Board:\n {3}C00 C01 .*\nWords found: 0 of 5\.\n/s);
  });

  it("reads words in slices where it must not block", async () => {
    const env = makeEnv(wordSearch, HARD, { host: slicedHost(0) });
    expect(await env.reset(1)).toEqual(makeEnv(wordSearch, HARD).reset(1));
  });

  it("refuses words that cannot stand in a grid, before it draws", async () => {
    for (const word of ["x".repeat(65), "\u{1F600}", "\u00df".repeat(33)]) {
      const env = make({ dictionary: ["foot", word] });
      const next = await nextOutput(env);
      expect(() => env.reset()).toThrow(/"dictionary" of game:WordSearch-v0-easy has a word/);
      expect(await nextOutput(env)).toBe(next);
    }
    expect(boardOf(started({ dictionary: ["no-go", "\u00df".repeat(32)] }))).toHaveLength(96);
  });
});

describe("WordSearch step", () => {
  it("pays each word its share and ends with the last one", () => {
    const env = started();
    expect(ENDS.map((ends) => outcome(env, ends))).toEqual([
      ...Array.from({ length: 4 }, () => FOUND),
      [1 / 5, true, false],
    ]);
    expect(env.getAttribute("correct_words")).toEqual(
      new Set(["THUNDER", "SILVER", "ANSWER", "CARD", "FOOT"]),
    );
  });

  it("takes the ends of a word in either order, marks its cells, and pays it again the other way round", () => {
    const env = started();
    expect(outcome(env, "\\boxed{0 9 0 6}")).toEqual(FOUND);
    expect(outcome(env, "\\boxed{0 6 0 9}")).toEqual(FOUND);
    expect(outcome(env, "\\boxed{0 6 0 9}")).toEqual(GO_ON);
    const marked = [6, 7, 8, 9].map((column) => new Tuple([0, column]));
    expect(env.getAttribute("highlighted_positions")).toEqual(new Set(marked));
    expect(env.callMethod("get_task_suffix", [])).toContain(
      "\nR00  S   I   L   V   E   R  [C] [A] [R] [D] \n",
    );
  });

  it.each([
    ["ends beside those of a word", "\\boxed{0 0 0 4}", /none of the words has these ends/],
    ["ends that lie askew", "\\boxed{0 0 1 5}", /one row or in one column/],
    ["ends off the board", "\\boxed{0 0 0 10}", /not on the board, .* 0 to 9/],
    ["huge numbers", `\\boxed{0 0 ${"9".repeat(4300)} 0}`, /not on the board/],
  ])("pays nothing for %s, and remembers it", (_, reply, text) => {
    const env = started();
    expect(observe(env, reply)).toMatch(text);
    expect(env.getAttribute("attempts")).toHaveLength(1);
    expect(outcome(env, reply)).toEqual(GO_ON);
    expect(env.getAttribute("attempts")).toHaveLength(2);
  });

  it("remembers attempts exactly", () => {
    const env = started();
    step(env, "\\boxed{007 1 9007199254740993 2}");
    expect(env.getAttribute("attempts")).toEqual([new Tuple([7, 1, 9_007_199_254_740_993n, 2])]);
  });

  it("says what happened", () => {
    const env = started();
    expect(observe(env, ENDS[0] ?? "")).toBe("Turn 1 of 20: THUNDER is one of the words.");
    expect(observe(env, ENDS[0] ?? "")).toMatch(/tried these ends before/);
    for (const ends of ENDS.slice(1, 4)) step(env, ends);
    expect(observe(env, ENDS[4] ?? "")).toMatch(/FOOT .* found them all/);
  });

  it("keeps the last turn's reward, sets both flags, and tells how many words are found", () => {
    const env = started({ max_turns: 1 });
    expect(step(env, ENDS[1] ?? "").slice(0, 4)).toEqual([
      "Turn 1 of 1: SILVER is one of the words. No turn is left: 1 of 5 words are found.",
      1 / 5,
      true,
      true,
    ]);
  });

  it("is won in the last turn without truncation, and stays ended whatever follows", () => {
    const env = started({ max_turns: 5 });
    for (const ends of ENDS.slice(0, 4)) step(env, ends);
    expect(outcome(env, ENDS[4] ?? "")).toEqual([1 / 5, true, false]);
    expect(outcome(env, "\\boxed{9 9 9 9}")).toEqual([0, true, false]);
  });

  it.each([
    "",
    "0 0 0 5",
    "\\boxed{0 0 0}",
    "\\boxed{0 0 0 5 }",
    "\\boxed{0,0,0,5}",
    "\\boxed{[0 0 0 5]}",
    "\\boxed{0 0 0 -5}",
    "\\boxed{0 0 0 5 1}",
    "\\boxed{0 0 0 \u0665}",
    "\\BOXED{0 0 0 5}",
    `\\boxed{0 0 0 ${"0".repeat(4301)}}`,
    null,
  ])("ends with -0.1 on %j", (reply) => {
    const env = started();
    expect(outcome(env, reply)).toEqual(FORMAT_ERROR);
    expect(env.getAttribute("attempts")).toEqual([]);
  });

  it("takes the last well-formed box, and any white space of Python's", () => {
    expect(outcome(started(), "\\boxed{1 1 1 1} \\boxed{0\x1d0\u20030\n\n05} \\boxed{1}")).toEqual(
      FOUND,
    );
  });

  it("answers any reply", () => {
    const nearly = fc
      .array(fc.constantFrom("\\boxed{", "0", " ", "1", "5", "6", "}", "\t"), { maxLength: 24 })
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

describe("WordSearch random actions", () => {
  it("always parse and lie on the board", () => {
    const env = started({ max_turns: 1000 });
    for (let i = 0; i < 100; i++) {
      expect(sample(env)).toMatch(/^\\boxed\{\d \d \d \d\}$/);
      expect(outcome(env, sample(env))[0]).toBeGreaterThanOrEqual(0);
    }
  });
});

describe("WordSearch state", () => {
  it("continues identically from a snapshot, also with another dictionary", () => {
    const env = started();
    step(env, ENDS[0] ?? "");
    const copy = make({ dictionary: ["foot"] });
    copy.setState(structuredClone(env.getState() as EnvSnapshot));
    for (const reply of [ENDS[0] ?? "", ...ENDS, "?"]) {
      expect(step(copy, reply)).toEqual(step(env, reply));
    }
    expect(copy.sampleRandomAction()).toBe(env.sampleRandomAction());
  });

  it("is small", () => {
    const env = makeEnv(wordSearch, HARD);
    env.reset(1);
    const { state } = env.getState() as EnvSnapshot;
    expect(JSON.stringify(state).length).toBeLessThan(1500);
  });

  it("takes found words among those that are hidden", () => {
    const env = started();
    env.setAttribute("correct_words", new Set(["THUNDER", "SILVER", "ANSWER", "CARD"]));
    expect(outcome(env, ENDS[4] ?? "")).toEqual([1 / 5, true, false]);
  });

  it.each([
    ["correct_words", new Set(["CAR"])],
    ["correct_words", ["CARD"]],
    ["game_board", []],
    ["placed_words", new Map()],
    ["attempts", []],
    ["highlighted_positions", new Set()],
    ["turn_count", -1],
  ])("refuses to set %s to %j", (name, value) => {
    expect(() => started().setAttribute(name, value)).toThrow(/cannot be set/);
  });
});

describe("WordSearch picture", () => {
  it("marks found words and names them", () => {
    const env = started();
    const before = env.render("svg");
    step(env, ENDS[1] ?? "");
    expect(env.render("svg")).not.toBe(before);
    expect(String(env.render("svg"))).toContain("Found 1 of 5: SILVER");
    expect(String(env.render("svg"))).not.toContain("THUNDER");
  });
});

describe("WordSearch texts", () => {
  it("can be replaced", () => {
    const prompts = { suffix: "{board}|{found}/{words}", missed: "no, {turn_count}" };
    const env = started({}, { prompts });
    const [observation, , , , info] = step(env, "\\boxed{9 9 9 9}");
    expect(observation).toBe("no, 1");
    expect(info["suffix"]).toMatch(/^ {3}C00 .* {2}\|0\/5$/s);
  });
});

describe("WordSearch options", () => {
  it("default to five easy words in 20 turns", () => {
    const env = makeEnv(wordSearch, "game:WordSearch-custom");
    const names = ["hardcore", "num_words", "max_turns"];
    expect(names.map((name) => env.getAttribute(name))).toEqual([false, 5, 20]);
  });

  it.each([
    [{ num_words: 0 }, /"num_words".*from 1 to 100.*got 0/],
    [{ num_words: 101 }, /"num_words".*from 1 to 100/],
    [{ max_turns: 0 }, /"max_turns".*positive integer/],
    [{ hardcore: 1 }, /"hardcore".*got 1/],
    [{ dictionary: [] }, /"dictionary"/],
    [{ num_wrds: 5 }, /Did you mean "num_words"/],
  ])("refuse %j", (options, message) => {
    expect(() => make(options)).toThrow(message);
  });
});
