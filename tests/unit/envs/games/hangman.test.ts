import fc from "fast-check";
import { beforeEach, describe, expect, it } from "vitest";
import type { Env, EnvSnapshot } from "../../../../src/core/env.ts";
import { hangman } from "../../../../src/envs/games/hangman.ts";
import { makeEnv, nextOutput, observe, outcome, sample, step, type Choices } from "../play.ts";
import { anyReply } from "../replies.ts";

const EASY = "game:Hangman-v0-easy";
const HARD = "game:Hangman-v0-hard";
const RANDOM = "game:Hangman-v0-random";
const GO_ON = [0, false, false];
const FORMAT_ERROR = [-0.1, true, false];

function make(options: Choices["options"] = {}, choices: Choices = {}): Env {
  return makeEnv(hangman, HARD, { options, ...choices });
}

/** An environment whose word is CURRENT. */
function started(options: Choices["options"] = {}, choices: Choices = {}): Env {
  const env = make(options, choices);
  env.reset(42);
  return env;
}

describe("Hangman reset", () => {
  it.each([
    [HARD, 7, 20, "CURRENT", 1_181_241_943],
    [EASY, 3, 10, "USE", 3_184_935_163],
    [RANDOM, 7, 20, "CURRENT", 1_181_241_943],
  ])("of %s with seed 42 gives %i letters and %i turns", async (id, length, turns, word, next) => {
    const env = makeEnv(hangman, id);
    env.reset(42);
    const names = ["word_length", "max_turns", "secret_word"];
    expect(names.map((name) => env.getAttribute(name))).toEqual([length, turns, word]);
    expect(await nextOutput(env)).toBe(next);
  });

  it("draws length and turns when one of them is null, also the one that was given", () => {
    const env = started({ word_length: null, max_turns: 3 });
    expect(env.getAttribute("word_length")).toBe(7);
    expect(env.getAttribute("max_turns")).toBe(20);
  });

  it("tells length and turns, and shows a letter and a word where it speaks of them", () => {
    const [rules, info] = make().reset(42) as [string, Record<string, unknown>];
    expect(rules).toMatch(/word of 7 letters within 20 turns/);
    expect(rules).toMatch(/a letter .*\\boxed\{[A-Z]\}, or with a word, .*\\boxed\{[A-Z]{7}\}\.$/);
    expect(Object.keys(info)).toEqual(["suffix"]);
  });

  it("hides the word again and forgets letters and turns", () => {
    const env = started();
    step(env, "\\boxed{r}");
    env.reset(42);
    expect(env.getAttribute("turn_count")).toBe(0);
    expect(env.getAttribute("guessed_letters")).toEqual(new Set());
    expect(env.getAttribute("board")).toEqual(Array.from("_______"));
  });
});

describe("Hangman step", () => {
  let env: Env;
  beforeEach(() => {
    env = started();
  });

  it("shows a letter in all its places and pays half their share", () => {
    expect(outcome(env, "\\boxed{r}")).toEqual([(2 / 7) * 0.5, false, false]);
    expect(env.getAttribute("board")).toEqual(Array.from("__RR___"));
    expect(env.getAttribute("guessed_letters")).toEqual(new Set(["R"]));
    expect(observe(env, "\\boxed{T}")).toMatch(/T is in the word, once/);
  });

  it("pays nothing for a letter that is not in the word, and remembers it", () => {
    expect(outcome(env, "\\boxed{z}")).toEqual(GO_ON);
    expect(env.getAttribute("guessed_letters")).toEqual(new Set(["Z"]));
    expect(observe(env, "\\boxed{z}")).toMatch(/letter Z before/);
  });

  it("pays nothing for a repeated letter", () => {
    step(env, "\\boxed{r}");
    expect(outcome(env, "\\BOXED{R}")).toEqual(GO_ON);
  });

  it("pays 1 for the word at once and ends", () => {
    expect(outcome(env, "It must be \\boxed{CuRReNT}.")).toEqual([1, true, false]);
  });

  it("pays the word with half the share of hidden places", () => {
    step(env, "\\boxed{r}");
    expect(outcome(env, "\\boxed{current}")).toEqual([0.5 * (5 / 7) + 0.5, true, false]);
  });

  it("goes on when all letters are shown, until the word is named", () => {
    for (const letter of "curent") {
      expect(outcome(env, `\\boxed{${letter}}`).slice(1)).toEqual([false, false]);
    }
    expect(env.getAttribute("board")).toEqual(Array.from("CURRENT"));
    expect(outcome(env, "\\boxed{current}")).toEqual([0.5, true, false]);
  });

  it("does not remember guesses of the word: the right one earns again, and shows nothing", () => {
    expect(outcome(env, "\\boxed{letters}")).toEqual(GO_ON);
    expect(observe(env, "\\boxed{letters}")).toMatch(/LETTERS is not the word/);
    expect(outcome(env, "\\boxed{current}")).toEqual([1, true, false]);
    expect(outcome(env, "\\boxed{current}")).toEqual([1, true, false]);
    expect(env.getAttribute("board")).toEqual(Array.from("_______"));
  });

  it.each(["cu", "currents", "c".repeat(100_000)])(
    "pays nothing for a guess of another length",
    (guess) => {
      expect(outcome(env, `\\boxed{${guess}}`)).toEqual(GO_ON);
      expect(observe(env, `\\boxed{${guess}}`)).toContain(`${String(guess.length)} letters`);
    },
  );

  it("reads one character as a letter, also where the word has one", () => {
    env = started({ word_length: 1 });
    expect(outcome(env, "\\boxed{a}")).toEqual([0.5, false, false]);
  });

  it("lets the reward of the last turn stand, and tells the word", () => {
    env = started({ max_turns: 1 });
    const [observation, ...rest] = step(env, "\\boxed{r}");
    expect(rest.slice(0, 3)).toEqual([(2 / 7) * 0.5, true, true]);
    expect(observation).toMatch(/the word was CURRENT\.$/);
  });

  it("pays the word in the last turn without truncation", () => {
    env = started({ max_turns: 1 });
    expect(outcome(env, "\\boxed{current}")).toEqual([1, true, false]);
  });

  it.each([
    "",
    "r",
    "\\boxed{}",
    "\\boxed{ r}",
    "\\boxed{a b}",
    "\\boxed{r1}",
    "\\boxed{\u017f}",
    "\\boxed{\u212a}",
    "\\boxed{\u0131}",
    "\\boxed{\u0130}",
    "\\boxed{{r}}",
    "\ud800",
  ])("ends with -0.1 on %j", (reply) => {
    expect(outcome(env, reply)).toEqual(FORMAT_ERROR);
    expect(env.getAttribute("turn_count")).toBe(1);
    expect(env.getAttribute("guessed_letters")).toEqual(new Set());
  });

  it("reads the last well-formed answer", () => {
    expect(outcome(env, "\\boxed{r} \\BoxeD{current} \\boxed{} \\boxed{?}")).toEqual([
      1,
      true,
      false,
    ]);
  });

  it("takes null as an empty reply", () => {
    expect(outcome(env, null)).toEqual(FORMAT_ERROR);
  });

  it("reports a format error as truncated in exactly the last turn, and plays on after the end", () => {
    env = started({ max_turns: 2 });
    expect([1, 2, 3].map(() => outcome(env, "?"))).toEqual([
      [-0.1, true, false],
      [-0.1, true, true],
      [-0.1, true, false],
    ]);
    expect(outcome(env, "\\boxed{z}")).toEqual([0, true, true]);
    expect(env.getAttribute("turn_count")).toBe(4);
  });

  it("puts the board into the suffix", () => {
    env = started({ word_length: 11 }, { prompts: { suffix: "{board}" } });
    const letter = String(env.getAttribute("secret_word")).charAt(0);
    const [, , , , info] = step(env, `\\boxed{${letter}}`);
    const board = env.getAttribute("board") as string[];
    expect(info).toEqual({
      suffix: `C00 C01 C02 C03 C04 C05 C06 C07 C08 C09 C10\n  ${board.join("   ")} `,
    });
  });

  it("answers any reply", () => {
    const word = fc
      .string({ unit: fc.constantFrom(...Array.from("curentZQ")), minLength: 1, maxLength: 8 })
      .map((letters) => `\\boxed{${letters}}`);
    fc.assert(
      fc.property(fc.array(fc.oneof(anyReply, word), { maxLength: 8 }), (replies) => {
        const game = started();
        for (const text of replies) {
          const [observation, reward] = step(game, text);
          expect(typeof observation).toBe("string");
          expect(reward === -0.1 || (reward >= 0 && reward <= 1)).toBe(true);
        }
      }),
    );
  });
});

describe("Hangman random actions", () => {
  it("are letters and words of the dictionary with the right length", () => {
    const env = started();
    const words = env.getAttribute("available_words") as string[];
    const guesses = Array.from(
      { length: 100 },
      () => /^\\boxed\{([A-Z]+)\}$/.exec(sample(env))?.[1] ?? "",
    );
    const [letters, others] = [1, 0].map((one) =>
      guesses.filter((guess) => Number(guess.length === 1) === one),
    );
    expect(letters?.length).toBeGreaterThan(20);
    expect(others?.length).toBeGreaterThan(20);
    expect(others?.filter((word) => !words.includes(word.toLowerCase()))).toEqual([]);
  });
});

describe("Hangman words", () => {
  it("are those of the basic list, or of the large one in the hard core", () => {
    expect(started().getAttribute("available_words")).toHaveLength(81);
    const words = started({ hardcore: true }).getAttribute("available_words") as string[];
    expect(words.length).toBeGreaterThan(20_000);
    expect(words).toContain("zymoses");
  });

  it("are the caller's where there are some, in the hard core too", () => {
    for (const hardcore of [true, false]) {
      const env = started({ hardcore, dictionary: ["octopus", "squid"] });
      expect(env.getAttribute("available_words")).toEqual(["octopus"]);
      expect(outcome(env, "\\boxed{octopus}")).toEqual([1, true, false]);
    }
  });

  it("must have every length that may be drawn", async () => {
    const env = make({ max_turns: null, dictionary: ["octopus", "squid"] });
    const before = await env.getState();
    expect(() => env.reset(1)).toThrow(
      /no words of 3 letters a to z, but words of these lengths: 5, 7\./,
    );
    expect(await env.getState()).toEqual(before);
  });
});

describe("Hangman state", () => {
  it("continues identically from a snapshot", () => {
    const env = started();
    step(env, "\\boxed{r}");
    const copy = make();
    copy.setState(env.getState() as EnvSnapshot);
    expect(copy.getAttribute("available_words")).toEqual(env.getAttribute("available_words"));
    for (const reply of ["\\boxed{r}", "\\boxed{c}", "\\boxed{current}", "?"]) {
      expect(step(copy, reply)).toEqual(step(env, reply));
    }
    expect(sample(copy)).toBe(sample(env));
    expect(copy.reset()).toEqual(env.reset());
  });

  it("can be read and written under upstream's names", () => {
    const env = started();
    expect(env.attributeNames()).toEqual([
      "word_length",
      "max_turns",
      "secret_word",
      "board",
      "guessed_letters",
      "turn_count",
      "available_words",
      "hardcore",
    ]);
    expect(env.getAttribute("hardcore")).toBe(false);
    env.setAttribute("secret_word", "OCTOPUS");
    env.setAttribute("board", Array.from("O__O___"));
    env.setAttribute("guessed_letters", new Set(["O"]));
    expect(outcome(env, "\\boxed{o}")).toEqual(GO_ON);
    expect(outcome(env, "\\boxed{octopus}")).toEqual([0.5 * (5 / 7) + 0.5, true, false]);
  });

  it.each([
    ["secret_word", "octopus"],
    ["secret_word", "SQUID"],
    ["word_length", 4],
    ["board", ["_"]],
    ["board", Array.from("r______")],
    ["board", "_______"],
    ["guessed_letters", ["R"]],
    ["turn_count", -1],
    ["hardcore", true],
  ])("takes no %s of %j", (name, value) => {
    expect(() => started().setAttribute(name, value)).toThrow(/cannot be set/);
  });

  it("does not change through what was read", () => {
    const env = started();
    (env.getAttribute("board") as string[])[0] = "C";
    (env.getAttribute("guessed_letters") as Set<string>).add("R");
    expect(outcome(env, "\\boxed{r}")).toEqual([(2 / 7) * 0.5, false, false]);
    expect(env.getAttribute("board")).toEqual(Array.from("__RR___"));
  });
});

describe("Hangman pictures", () => {
  it("show the letters found, and those that are not in the word", () => {
    const env = started();
    for (const letter of "zra") step(env, `\\boxed{${letter}}`);
    const picture = String(env.render("ansi"));
    expect(picture.match(/ R /g)).toHaveLength(2);
    expect(picture).toMatch(/\nNot in the word: A Z\n$/);
  });
});

describe("Hangman texts", () => {
  it("can be replaced", () => {
    const env = started({}, { prompts: { found: "{guess} x {places}", suffix: "{{?}}" } });
    const [observation, , , , info] = step(env, "\\boxed{r}");
    expect(observation).toBe("R x 2");
    expect(info).toEqual({ suffix: "{?}" });
  });

  it("take no fields that the original lacks", () => {
    expect(() => make({}, { prompts: { absent: "{secret_word}" } })).toThrow(/no field/);
  });
});

describe("Hangman options", () => {
  it("default to 5 letters in 20 turns", () => {
    const env = makeEnv(hangman, "game:Hangman-custom");
    const values = ["word_length", "max_turns", "hardcore"].map((name) => env.getAttribute(name));
    expect(values).toEqual([5, 20, false]);
  });

  it.each([
    [{ word_length: 0 }, /"word_length".*positive integer.*got 0/],
    [{ max_turns: 0 }, /"max_turns".*positive integer.*got 0/],
    [{ hardcore: 1 }, /"hardcore".*got 1/],
    [{ dictionary: ["two words"] }, /"dictionary".*without white space.*got/],
    [{ hardcor: true }, /Did you mean "hardcore"/],
  ])("refuse %j", (options, message) => {
    expect(() => make(options)).toThrow(message);
  });
});
