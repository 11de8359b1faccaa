import fc from "fast-check";
import { beforeEach, describe, expect, it } from "vitest";
import type { Env, EnvSnapshot } from "../../../../../src/core/env.ts";
import { mastermind } from "../../../../../src/envs/games/mastermind/mastermind.ts";
import { decode, encode } from "../../../../../src/protocol/codec.ts";
import { Tuple } from "../../../../../src/protocol/values.ts";
import { makeEnv, nextOutput, observe, outcome, sample, step, type Choices } from "../../play.ts";
import { anyReply } from "../../replies.ts";

const HARD = "game:Mastermind-v0-hard";
const GO_ON = [0, false, false];
const FORMAT_ERROR = [-0.1, true, false];

function make(options: Choices["options"] = {}, choices: Choices = {}): Env {
  return makeEnv(mastermind, HARD, { options, ...choices });
}

/** An environment with four numbers from 1 to 8 whose code is 2 1 6 3. */
function started(options: Choices["options"] = {}, choices: Choices = {}): Env {
  const env = make(options, choices);
  env.reset(42);
  return env;
}

function numbersIn(action: string): number[] {
  return (/^\\boxed\{(\d+(?: \d+)*)\}$/.exec(action)?.[1] ?? "").split(" ").map(Number);
}

describe("Mastermind reset", () => {
  it.each([
    ["game:Mastermind-v0-hard", [2, 1, 6, 3], 30, 2_906_402_157],
    ["game:Mastermind-v0-easy", [6, 1], 10, 1_051_802_512],
    ["game:Mastermind-v0-random", [2, 1, 6, 3], 30, 2_906_402_157],
  ])("of %s with seed 42 hides %j", async (id, code, turns, next) => {
    const env = makeEnv(mastermind, id);
    env.reset(42);
    expect(env.getAttribute("game_code")).toEqual(code);
    expect(env.getAttribute("code_length")).toBe(code.length);
    expect(env.getAttribute("max_turns")).toBe(turns);
    expect(await nextOutput(env)).toBe(next);
  });

  it.each([
    { code_length: null, num_numbers: 3 },
    { num_numbers: null, code_length: 2 },
    { max_turns: null, num_numbers: 5 },
  ])("draws length, numbers and turns with %j", (options) => {
    const env = started(options);
    const drawn = ["code_length", "num_numbers", "max_turns"].map((name) => env.getAttribute(name));
    expect(drawn).toEqual([4, 8, 30]);
  });

  it("gives an empty info, where steps give the suffix", () => {
    const env = make();
    expect(env.reset(42)).toEqual([expect.any(String), {}]);
    expect(step(env, "?")[4]).toEqual({ suffix: env.callMethod("get_task_suffix", []) });
  });

  it("tells length, numbers, turns, and an answer that the game takes", () => {
    const [rules] = make().reset(42) as [string, unknown];
    expect(rules).toMatch(/code of 4 numbers from 1 to 8 within 30 turns/);
    expect(rules).toContain("No number is in the code twice");
    expect(rules).toMatch(/\\boxed\{[1-8](?: [1-8]){3}\}\.$/);
  });

  it("tells that numbers may repeat", () => {
    const [rules] = make({ duplicate_numbers: true }).reset(42) as [string, unknown];
    expect(rules).toContain("may be in the code more than once");
    expect(rules).not.toContain("twice");
  });

  it("hides repeated numbers only where they are allowed", () => {
    const repeats = (env: Env): boolean => {
      const code = env.getAttribute("game_code") as number[];
      return new Set(code).size < code.length;
    };
    const seeds = Array.from({ length: 40 }, (_, seed) => seed);
    const counts = [true, false].map((duplicate_numbers) => {
      const env = make({ duplicate_numbers });
      return seeds.filter((seed) => {
        env.reset(seed);
        return repeats(env);
      }).length;
    });
    expect(counts[0]).toBeGreaterThan(5);
    expect(counts[1]).toBe(0);
  });

  it("forgets guesses, milestone and turns", () => {
    const env = started();
    step(env, "\\boxed{2 1 6 4}");
    env.reset(42);
    expect(env.getAttribute("turn_count")).toBe(0);
    expect(env.getAttribute("milestone")).toBe(0);
    expect(env.getAttribute("previous_guesses")).toEqual(new Set());
  });
});

describe("Mastermind step", () => {
  let env: Env;
  beforeEach(() => {
    env = started();
  });

  it("counts black and white pegs", () => {
    expect(observe(env, "\\boxed{2 6 1 8}")).toMatch(/2 6 1 8 gets black pegs: 1, white pegs: 2\./);
    expect(observe(env, "\\boxed{8 8 8 8}")).toMatch(/black pegs: 0, white pegs: 0\./);
  });

  it("pays only for more black pegs than any guess before had, and in sum 1", () => {
    expect(outcome(env, "\\boxed{2 4 6 5}")).toEqual([0.5, false, false]);
    expect(outcome(env, "\\boxed{2 4 5 5}")).toEqual(GO_ON);
    expect(outcome(env, "\\boxed{4 1 5 3}")).toEqual(GO_ON);
    expect(outcome(env, "\\boxed{2 1 6 4}")).toEqual([0.25, false, false]);
    expect(env.getAttribute("milestone")).toBe(3);
    expect(outcome(env, "\\boxed{2 1 6 3}")).toEqual([0.25, true, false]);
  });

  it("is won by the code, also in the last turn", () => {
    env = started({ max_turns: 1 });
    expect(outcome(env, "It must be \\boxed{02 1 6 003}.")).toEqual([1, true, false]);
  });

  it.each(["\\boxed{2 1 6}", "\\boxed{2 1 6 3 3}", "\\boxed{2}"])(
    "pays nothing for %s, which has another length, and does not remember it",
    (reply) => {
      expect(outcome(env, reply)).toEqual(GO_ON);
      expect(env.getAttribute("previous_guesses")).toEqual(new Set());
    },
  );

  it.each(["0 1 6 3", "2 1 6 9", `2 1 6 ${"9".repeat(4300)}`])(
    "pays nothing for a number out of range in %s",
    (numbers) => {
      expect(observe(env, `\\boxed{${numbers}}`)).toMatch(/not from 1 to 8/);
      expect(env.getAttribute("milestone")).toBe(0);
      expect(env.getAttribute("previous_guesses")).toEqual(new Set());
    },
  );

  it("pays nothing for a repeated guess, however it is written", () => {
    step(env, "\\boxed{2 1 6 4}");
    expect(observe(env, "\\boxed{02 1\t6\n 4}")).toMatch(/guessed 2 1 6 4 before/);
    expect(env.getAttribute("previous_guesses")).toEqual(new Set([new Tuple([2, 1, 6, 4])]));
  });

  it("takes guesses with repeated numbers where the code has none", () => {
    expect(outcome(env, "\\boxed{2 2 2 2}")).toEqual([0.25, false, false]);
  });

  it("takes the last well-formed box", () => {
    expect(observe(env, "\\boxed{2 1 6 3} \\boxed{8 8 8 8} \\boxed{1, 2}")).toMatch(/8 8 8 8 gets/);
  });

  it("keeps the step's reward and tells the code when no turn is left", () => {
    env = started({ max_turns: 1 });
    const [observation, ...rest] = step(env, "\\boxed{2 5 5 5}");
    expect(rest.slice(0, 3)).toEqual([0.25, true, true]);
    expect(observation).toMatch(/the code was 2 1 6 3\.$/);
  });

  it.each([
    "",
    "2 1 6 3",
    "\\boxed{}",
    "\\boxed{ 2 1 6 3}",
    "\\boxed{2 1 6 3 }",
    "\\boxed{2,1,6,3}",
    "\\boxed{2 1 -6 3}",
    "\\BOXED{2 1 6 3}",
    "\\boxed{2 1 6 \u0663}",
    "\\boxed{2 1\ufeff6 3}",
    `\\boxed{2 1 6 3}\\boxed{2 1 6 ${"0".repeat(4300)}3}`,
    "\ud800",
    null,
  ])("ends with -0.1 on %j", (reply) => {
    expect(outcome(env, reply)).toEqual(FORMAT_ERROR);
    expect(env.getAttribute("turn_count")).toBe(1);
  });

  it("reports a format error as truncated in exactly the last turn", () => {
    env = started({ max_turns: 2 });
    expect([1, 2, 3].map(() => outcome(env, "?"))).toEqual([
      [-0.1, true, false],
      [-0.1, true, true],
      [-0.1, true, false],
    ]);
  });

  it("names an answer of the right length after a format error", () => {
    env = started({ code_length: 2 });
    expect(observe(env, "?")).toContain("\\boxed{1 1}");
  });

  it("plays on after the end and goes on counting", () => {
    step(env, "\\boxed{2 1 6 3}");
    expect(outcome(env, "\\boxed{2 1 6 4}")).toEqual(GO_ON);
    expect(outcome(env, "\\boxed{2 1 6 3}")).toEqual(GO_ON);
    expect(env.getAttribute("turn_count")).toBe(3);
  });

  it("answers a very long guess", () => {
    const numbers = "1 ".repeat(6_000_000);
    expect(outcome(env, `\\boxed{${numbers}1}`)).toEqual(GO_ON);
    expect(outcome(env, `\\boxed{${numbers}}`)).toEqual(FORMAT_ERROR);
    expect(outcome(env, `\\boxed{1${" ".repeat(1_000_000)}?}`)).toEqual(FORMAT_ERROR);
  });

  it("answers any reply", () => {
    fc.assert(
      fc.property(fc.array(anyReply, { maxLength: 8 }), (replies) => {
        const game = started({ code_length: 1 });
        for (const text of replies) {
          const [observation, reward] = step(game, text);
          expect(typeof observation).toBe("string");
          expect(reward === -0.1 || (reward >= 0 && reward <= 1)).toBe(true);
        }
      }),
    );
  });
});

describe("Mastermind random actions", () => {
  it("are guesses whose numbers are all different, also where the code's need not be", () => {
    const env = started({ duplicate_numbers: true });
    for (let i = 0; i < 200; i++) {
      const numbers = numbersIn(sample(env));
      expect(new Set(numbers).size).toBe(4);
      for (const number of numbers) expect(number >= 1 && number <= 8).toBe(true);
    }
  });

  it("repeat numbers where the code is longer than there are numbers", () => {
    const env = started({ code_length: 5, num_numbers: 2, duplicate_numbers: true });
    for (let i = 0; i < 50; i++) {
      const action = sample(env);
      expect(numbersIn(action)).toHaveLength(5);
      expect(outcome(env, action)[0]).toBeGreaterThanOrEqual(0);
    }
  });

  it("need an episode", () => {
    expect(() => make().sampleRandomAction()).toThrow(/Call reset\(\)/);
  });
});

describe("Mastermind picture", () => {
  it("has the latest guesses, at most as many as turns", () => {
    const env = started({ max_turns: 2 });
    for (const reply of ["\\boxed{1 1 1 1}", "\\boxed{2 2 2 2}", "\\boxed{8 7 6 5}"]) {
      step(env, reply);
    }
    const drawn = String(env.render("svg"));
    expect(drawn).toContain(">8<");
    expect(drawn.match(/<rect [^>]*rx/g)).toHaveLength(2 * 6 + 4);
  });
});

describe("Mastermind state", () => {
  it("continues identically from a snapshot", () => {
    const env = started();
    step(env, "\\boxed{2 1 6 4}");
    const copy = make();
    copy.setState(decode(encode(env.getState())) as EnvSnapshot);
    for (const reply of ["\\boxed{2 1 6 4}", "\\boxed{2 1 6 3}", "?"]) {
      expect(step(copy, reply)).toEqual(step(env, reply));
    }
    expect(copy.sampleRandomAction()).toBe(env.sampleRandomAction());
    expect(copy.reset()).toEqual(env.reset());
  });

  it("can be read and written under upstream's names", () => {
    const env = started();
    expect(env.attributeNames().toSorted()).toEqual([
      "code_length",
      "duplicate_numbers",
      "game_code",
      "max_turns",
      "milestone",
      "num_numbers",
      "previous_guesses",
      "turn_count",
    ]);
    env.setAttribute("game_code", [8, 8, 7, 7]);
    env.setAttribute("previous_guesses", new Set([new Tuple([1, 2, 3, 4])]));
    env.setAttribute("milestone", 2);
    expect(observe(env, "\\boxed{1 2 3 4}")).toMatch(/before/);
    expect(outcome(env, "\\boxed{8 8 7 7}")).toEqual([0.5, true, false]);
  });

  it.each([
    ["game_code", [1, 2, 3]],
    ["game_code", [1, 2, 3, 9]],
    ["game_code", "1234"],
    ["previous_guesses", new Set([new Tuple([1, 2])])],
    ["previous_guesses", new Set(["1 2 3 4"])],
    ["previous_guesses", [[1, 2, 3, 4]]],
    ["milestone", -1],
    ["code_length", 3],
    ["num_numbers", 9],
    ["duplicate_numbers", true],
    ["turn_count", -1],
    ["max_turns", 0],
  ])("refuses to set %s to %j", (name, value) => {
    expect(() => started().setAttribute(name, value)).toThrow(/cannot be set/);
  });

  it("does not change through what was read", () => {
    const env = started();
    (env.getAttribute("game_code") as number[]).fill(8);
    (env.getAttribute("previous_guesses") as Set<unknown>).add(new Tuple([1, 2, 3, 4]));
    expect(observe(env, "\\boxed{1 2 3 4}")).toMatch(/black pegs: 0, white pegs: 3/);
  });
});

describe("Mastermind texts", () => {
  it("can be replaced", () => {
    const prompts = { pegs: "{guess}: {black}/{white}", suffix: "{{?}}" };
    const env = started({}, { prompts });
    const [observation, , , , info] = step(env, "\\boxed{1 2 3 4}");
    expect(observation).toBe("1 2 3 4: 0/3");
    expect(info).toEqual({ suffix: "{?}" });
  });
});

describe("Mastermind options", () => {
  it("default to a code of 4 of 6 numbers in 20 turns", () => {
    const env = makeEnv(mastermind, "game:Mastermind-custom");
    const names = ["code_length", "num_numbers", "max_turns", "duplicate_numbers"];
    expect(names.map((name) => env.getAttribute(name))).toEqual([4, 6, 20, false]);
  });

  it.each([
    [{ code_length: 9 }, /code_length must be at most num_numbers, got 9 and 8/],
    [{ code_length: 0 }, /"code_length".*from 1 to 100.*got 0/],
    [{ code_length: 101 }, /"code_length".*from 1 to 100.*got 101/],
    [{ num_numbers: 0 }, /"num_numbers".*positive integer.*got 0/],
    [{ max_turns: 0 }, /"max_turns".*positive integer.*got 0/],
    [{ duplicate_numbers: null }, /"duplicate_numbers".*true or false.*got null/],
    [{ codelength: 3 }, /Did you mean "code_length"/],
  ])("refuse %j", (options, message) => {
    expect(() => make(options)).toThrow(message);
  });
});
