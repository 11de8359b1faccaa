import fc from "fast-check";
import { beforeEach, describe, expect, it } from "vitest";
import type { Env, EnvSnapshot } from "../../../../src/core/env.ts";
import { slicedHost } from "../../../../src/core/host.ts";
import { wordle } from "../../../../src/envs/games/wordle.ts";
import { makeEnv, nextOutput, observe, outcome, sample, step, type Choices } from "../play.ts";
import { anyReply } from "../replies.ts";

const EASY = "game:Wordle-v0-easy";
const HARD = "game:Wordle-v0-hard";
const RANDOM = "game:Wordle-v0-random";
const GO_ON = [0, false, false];
const FORMAT_ERROR = [-0.1, true, false];
const SHARE = 0.5 / 5;

function make(options: Choices["options"] = {}, choices: Choices = {}): Env {
  return makeEnv(wordle, HARD, { options, ...choices });
}

/** An environment whose word is TABLE. */
function started(options: Choices["options"] = {}, choices: Choices = {}): Env {
  const env = make(options, choices);
  env.reset(42);
  return env;
}

describe("Wordle reset", () => {
  it.each([
    [HARD, 5, 25, "TABLE", 107_420_369],
    [EASY, 3, 15, "USE", 107_420_369],
    [RANDOM, 5, 25, "CHIEF", 3_184_935_163],
  ])("of %s with seed 42 gives %i letters and %i turns", async (id, length, turns, word, next) => {
    const env = makeEnv(wordle, id);
    env.reset(42);
    const names = ["word_length", "max_turns", "secret_word"];
    expect(names.map((name) => env.getAttribute(name))).toEqual([length, turns, word]);
    expect(await nextOutput(env)).toBe(next);
  });

  it("draws length and turns when one of them is null, also the one that was given", () => {
    const env = started({ word_length: 14, max_turns: null });
    expect(env.getAttribute("word_length")).toBe(5);
    expect(env.getAttribute("max_turns")).toBe(25);
  });

  it("tells length, turns, marks, and an answer that the game takes", () => {
    const [rules, info] = make().reset(42) as [string, Record<string, unknown>];
    expect(rules).toMatch(/word of 5 letters within 25 turns/);
    expect(rules).toMatch(/\nG: .*\nY: .*\nX: /);
    expect(rules).toMatch(/\\boxed\{[A-Z]{5}\}\.$/);
    expect(Object.keys(info)).toEqual(["suffix"]);
  });

  it("forgets guesses, places and turns", () => {
    const env = started();
    step(env, "\\boxed{table}");
    env.reset(42);
    expect(env.getAttribute("turn_count")).toBe(0);
    expect(env.getAttribute("previous_guesses")).toEqual(new Set());
    expect(env.getAttribute("milestones")).toEqual([0, 0, 0, 0, 0]);
  });
});

describe("Wordle step", () => {
  let env: Env;
  beforeEach(() => {
    env = started();
  });

  it.each([
    ["table", "T A B L E\nG G G G G"],
    ["tales", "T A L E S\nG G Y Y X"],
    ["bleat", "B L E A T\nY Y Y Y Y"],
    ["eeeee", "E E E E E\nX X X X G"],
    ["eexxx", "E E X X X\nY X X X X"],
    ["aaxxa", "A A X X A\nX G X X X"],
    ["crown", "C R O W N\nX X X X X"],
  ])("marks %s", (guess, marks) => {
    expect(observe(env, `\\boxed{${guess}}`)).toContain(` is marked\n${marks}`);
  });

  it("marks a letter twice that is in the word twice", () => {
    env.setAttribute("secret_word", "EERIE");
    expect(observe(env, "\\boxed{geese}")).toContain("X G Y X G");
  });

  it("pays 1 for the word at once and ends", () => {
    expect(outcome(env, "It must be \\boxed{TaBlE}.")).toEqual([1, true, false]);
  });

  it("pays each place once, and the word half", () => {
    expect(outcome(env, "\\boxed{tales}")).toEqual([SHARE + SHARE, false, false]);
    expect(outcome(env, "\\boxed{taxes}")).toEqual(GO_ON);
    expect(outcome(env, "\\boxed{xxble}")).toEqual([SHARE + SHARE + SHARE, false, false]);
    expect(env.getAttribute("milestones")).toEqual([1, 1, 1, 1, 1]);
    expect(outcome(env, "\\boxed{table}")).toEqual([0.5, true, false]);
  });

  it("takes letters that are no word", () => {
    expect(outcome(env, "\\boxed{txxxx}")).toEqual([SHARE, false, false]);
  });

  it.each(["tabl", "tables", "t".repeat(100_000)])(
    "pays nothing for a guess of another length, and does not remember it",
    (guess) => {
      expect(outcome(env, `\\boxed{${guess}}`)).toEqual(GO_ON);
      expect(observe(env, `\\boxed{${guess}}`)).toContain(`${String(guess.length)} characters`);
      expect(env.getAttribute("previous_guesses")).toEqual(new Set());
    },
  );

  it("pays nothing for a repeated guess, also of the word", () => {
    step(env, "\\boxed{table}");
    expect(outcome(env, "\\boxed{TABLE}")).toEqual(GO_ON);
    expect(observe(env, "\\boxed{table}")).toMatch(/TABLE before/);
    expect(env.getAttribute("previous_guesses")).toEqual(new Set(["TABLE"]));
  });

  it("leaves out spaces between letters; other white space counts as letters do", () => {
    expect(outcome(env, "\\boxed{t a  bl e}")).toEqual([1, true, false]);
    expect(outcome(env, "\\boxed{ta\u0085le}")).toEqual(GO_ON);
    expect(outcome(env, "\\boxed{t \n a \u3000 b}")).toEqual(GO_ON);
    expect(env.getAttribute("previous_guesses")).toEqual(
      new Set(["TABLE", "TA\u0085LE", "T\nA\u3000B"]),
    );
  });

  it("lets the reward of the last turn stand, and tells the word", () => {
    env = started({ max_turns: 1 });
    const [observation, ...rest] = step(env, "\\boxed{tales}");
    expect(rest.slice(0, 3)).toEqual([SHARE + SHARE, true, true]);
    expect(observation).toMatch(/the word was TABLE\.$/);
  });

  it("pays the word in the last turn without truncation", () => {
    env = started({ max_turns: 1 });
    expect(outcome(env, "\\boxed{table}")).toEqual([1, true, false]);
  });

  it.each([
    "",
    "table",
    "\\boxed{}",
    "\\boxed{ table}",
    "\\boxed{table }",
    "\\boxed{tab1e}",
    "\\boxed{ta-le}",
    "\\boxed{t\ufeffable}",
    "\\boxed{ta\u017fle}",
    "\\BOXED{table}",
    "\\boxed {table}",
    "\\boxed{{table}}",
    "\ud800",
  ])("ends with -0.1 on %j", (reply) => {
    expect(outcome(env, reply)).toEqual(FORMAT_ERROR);
    expect(env.getAttribute("turn_count")).toBe(1);
  });

  it("reads the last well-formed answer", () => {
    expect(outcome(env, "\\boxed{crown} \\boxed{table} \\boxed{} \\boxed{?}")).toEqual([
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
    expect(outcome(env, "\\boxed{crown}")).toEqual([0, true, true]);
    expect(env.getAttribute("turn_count")).toBe(4);
  });

  it("answers any reply", () => {
    const word = fc
      .string({ unit: fc.constantFrom(...Array.from("abtlez \n")), minLength: 1, maxLength: 8 })
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

describe("Wordle random actions", () => {
  it("are words of the dictionary with the right length", () => {
    const env = started({ max_turns: 1000 });
    const words = env.getAttribute("available_words") as string[];
    for (let i = 0; i < 100; i++) {
      const word = /^\\boxed\{([A-Z]{5})\}$/.exec(sample(env))?.[1];
      expect(words).toContain(word?.toLowerCase());
    }
  });

  it("need an episode", () => {
    expect(() => make().sampleRandomAction()).toThrow(
      expect.objectContaining({ code: "GEM_RESET_NEEDED" }),
    );
  });
});

describe("Wordle words", () => {
  it("are those of the basic list that have the right length", () => {
    expect(started().getAttribute("available_words")).toHaveLength(192);
    expect(make().getAttribute("available_words")).toEqual([]);
  });

  it("are the caller's where there are some", () => {
    const env = started({ word_length: 4, dictionary: ["Abcd", "fête", "abc", "zulu"] });
    expect(env.getAttribute("available_words")).toEqual(["zulu"]);
    expect(outcome(env, "\\boxed{zulu}")).toEqual([1, true, false]);
  });

  it("must have a length that is asked for, or the reset changes nothing", async () => {
    const env = make({ word_length: 4, dictionary: ["abc", "Four", "letters"] });
    const before = await env.getState();
    expect(() => env.reset(1)).toThrow(
      expect.objectContaining({
        code: "GEM_INVALID_OPTION",
        message: expect.stringMatching(
          /game:Wordle-v0-hard has no words of 4 letters a to z, but words of these lengths: 3, 7\./,
        ) as string,
      }),
    );
    expect(await env.getState()).toEqual(before);
  });

  it("must have every length that may be drawn", () => {
    const dictionary = ["abc", "abcd"];
    expect(() => make({ word_length: null, dictionary }).reset(1)).toThrow(/no words of 5 letters/);
    expect(() => make({ dictionary: ["I"] }).reset(1)).toThrow(/but none of any length/);
  });

  it("are read before anything changes, and a file that is missing is told", async () => {
    const env = make({ dictionary: "/no/such/file" });
    const before = await env.getState();
    expect(() => env.reset(1)).toThrow(/"\/no\/such\/file": ENOENT/);
    expect(await env.getState()).toEqual(before);
    env.close();
    expect(() => env.reset(1)).toThrow(expect.objectContaining({ code: "GEM_CLOSED" }));
  });

  it("come later on a host that slices work, with the same episode", async () => {
    const dictionary = Array.from({ length: 5000 }, (_, i) => `w${"abcdefghij"[i % 10] ?? ""}xyz`);
    const now = started({ dictionary });
    const later = make({ dictionary: [...dictionary] }, { host: slicedHost(0) });
    const reset = later.reset(42);
    expect(reset).toBeInstanceOf(Promise);
    await reset;
    expect(await later.getState()).toEqual(await now.getState());
    const copy = make({ dictionary: [...dictionary] }, { host: slicedHost(0) });
    copy.setState(await later.getState());
    expect(await copy.sampleRandomAction()).toBe(sample(now));
    expect(await copy.getAttribute("available_words")).toEqual(dictionary);
  });
});

describe("Wordle state", () => {
  it("continues identically from a snapshot", () => {
    const env = started();
    step(env, "\\boxed{tales}");
    const copy = make();
    copy.setState(env.getState() as EnvSnapshot);
    expect(copy.getAttribute("available_words")).toEqual(env.getAttribute("available_words"));
    for (const reply of ["\\boxed{tales}", "\\boxed{tabby}", "?"]) {
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
      "previous_guesses",
      "milestones",
      "turn_count",
      "available_words",
      "only_real_words",
    ]);
    expect(env.getAttribute("only_real_words")).toBe(true);
    env.setAttribute("secret_word", "CROWN");
    env.setAttribute("milestones", [1, 1, 1, 1, 0]);
    expect(outcome(env, "\\boxed{crown}")).toEqual([SHARE + 0.5, true, false]);
  });

  it.each([
    ["secret_word", "crown"],
    ["secret_word", "CROWNS"],
    ["secret_word", 5],
    ["word_length", 4],
    ["milestones", [1, 1, 1, 1]],
    ["milestones", [1, 1, 1, 1, 2]],
    ["previous_guesses", new Set([1])],
    ["turn_count", -1],
    ["available_words", ["crown"]],
  ])("takes no %s of %j", (name, value) => {
    expect(() => started().setAttribute(name, value)).toThrow(/cannot be set/);
  });

  it("does not change through what was read", () => {
    const env = started();
    (env.getAttribute("available_words") as string[]).length = 0;
    (env.getAttribute("milestones") as number[])[0] = 1;
    (env.getAttribute("previous_guesses") as Set<string>).add("TABLE");
    expect(outcome(env, "\\boxed{table}")).toEqual([1, true, false]);
    expect(env.getAttribute("available_words")).toHaveLength(192);
  });
});

describe("Wordle pictures", () => {
  it("show the guesses in colours and room for the next", () => {
    const env = started();
    step(env, "\\boxed{tales}");
    step(env, "\\boxed{t\u001cxxx}");
    const lines = String(env.render("ansi")).trimEnd().split("\n");
    // eslint-disable-next-line no-control-regex -- colours are control sequences
    const texts = lines.map((line) => line.replace(/\u001b\[[\d;]*m/g, "").replace(/ +/g, " "));
    expect(texts).toEqual([" T A L E S ", " T X X X ", " "]);
    expect(env.render("svg")).not.toContain("\u001c");
    step(env, "\\boxed{table}");
    expect(String(env.render("ansi")).trimEnd().split("\n")).toHaveLength(3);
  });
});

describe("Wordle texts", () => {
  it("can be replaced", () => {
    const env = started({}, { prompts: { marked: "{guess} {marks}", suffix: "{{?}}" } });
    const [observation, , , , info] = step(env, "\\boxed{tales}");
    expect(observation).toBe("TALES G G Y Y X");
    expect(info).toEqual({ suffix: "{?}" });
  });

  it("take no fields that the original lacks", () => {
    expect(() => make({}, { prompts: { repeated: "{secret_word}" } })).toThrow(/no field/);
  });
});

describe("Wordle options", () => {
  it("default to 5 letters in 20 turns", () => {
    const env = makeEnv(wordle, "game:Wordle-custom");
    const values = ["word_length", "max_turns"].map((name) => env.getAttribute(name));
    expect(values).toEqual([5, 20]);
  });

  it.each([
    [{ word_length: 0 }, /"word_length".*positive integer.*got 0/],
    [{ word_length: 2.5 }, /"word_length".*got 2.5/],
    [{ max_turns: 0 }, /"max_turns".*positive integer.*got 0/],
    [{ only_real_words: "yes" }, /"only_real_words".*got "yes"/],
    [{ dictionary: [] }, /"dictionary".*"nltk".*got \[\]/],
    [{ dictionary: 7 }, /"dictionary".*one word a line.*got 7/],
    [{ word_lenth: 5 }, /Did you mean "word_length"/],
  ])("refuse %j", (options, message) => {
    expect(() => make(options)).toThrow(message);
  });
});
