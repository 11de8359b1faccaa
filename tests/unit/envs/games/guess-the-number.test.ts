import fc from "fast-check";
import { beforeEach, describe, expect, it } from "vitest";
import type { Env, EnvSnapshot } from "../../../../src/core/env.ts";
import { guessTheNumber } from "../../../../src/envs/games/guess-the-number.ts";
import { makeEnv, nextOutput, observe, outcome, sample, step, type Choices } from "../play.ts";
import { anyReply } from "../replies.ts";

const EASY = "game:GuessTheNumber-v0-easy";
const GO_ON = [0, false, false];
const FORMAT_ERROR = [-0.1, true, false];

function make(options: Choices["options"] = {}, choices: Choices = {}): Env {
  return makeEnv(guessTheNumber, EASY, { options, ...choices });
}

/** An environment from 1 to 10 whose hidden number is 2. */
function started(options: Choices["options"] = {}, choices: Choices = {}): Env {
  const env = make(options, choices);
  env.reset(42);
  return env;
}

describe("GuessTheNumber reset", () => {
  it.each([
    ["game:GuessTheNumber-v0-hard", 41, 107_420_369],
    ["game:GuessTheNumber-v0-easy", 2, 3_184_935_163],
    ["game:GuessTheNumber-v0-random", 7, 1_051_802_512],
  ])("of %s with seed 42 hides %i", async (id, target, next) => {
    const env = makeEnv(guessTheNumber, id);
    env.reset(42);
    expect(env.getAttribute("game_number")).toBe(target);
    expect(await nextOutput(env)).toBe(next);
  });

  it("draws range and turns when one end of the range is null", () => {
    const env = started({ min_number: 100, max_number: null });
    const drawn = ["min_number", "max_number", "max_turns"].map((name) => env.getAttribute(name));
    expect(drawn).toEqual([2, 8, 4]);
  });

  it("tells range, turns, and an answer that the game takes", () => {
    const [rules, info] = make().reset(42) as [string, Record<string, unknown>];
    expect(rules).toMatch(/between 1 and 10, .* within 4 turns/);
    expect(rules).toContain("higher or lower");
    expect(rules).toMatch(/\\boxed\{([1-9]|10)\}\.$/);
    expect(Object.keys(info)).toEqual(["suffix"]);
  });

  it("forgets guesses and turns", () => {
    const env = started();
    step(env, "\\boxed{5}");
    env.reset(42);
    expect(env.getAttribute("turn_count")).toBe(0);
    expect(env.getAttribute("previous_guesses")).toEqual(new Set());
  });
});

describe("GuessTheNumber step", () => {
  let env: Env;
  beforeEach(() => {
    env = started();
  });

  it("says where the hidden number lies", () => {
    expect(observe(env, "\\boxed{1}")).toMatch(/^(?!.*lower).*higher than 1/);
    expect(observe(env, "\\boxed{3}")).toMatch(/^(?!.*higher).*lower than 3/);
  });

  it("pays 1 for the hidden number and ends", () => {
    expect(outcome(env, "It must be \\boxed{02}.")).toEqual([1, true, false]);
  });

  it("pays 1 without truncation in the last turn too", () => {
    for (const n of [1, 3, 4]) step(env, `\\boxed{${String(n)}}`);
    expect(outcome(env, "\\boxed{2}")).toEqual([1, true, false]);
  });

  it("pays nothing for a guess out of range, and does not remember it", () => {
    expect(outcome(env, "\\boxed{11}")).toEqual(GO_ON);
    expect(outcome(env, `\\boxed{${"9".repeat(4300)}}`)).toEqual(GO_ON);
    expect(env.getAttribute("previous_guesses")).toEqual(new Set());
  });

  it("pays nothing for a repeated guess, also of the hidden number", () => {
    step(env, "\\boxed{2}");
    expect(outcome(env, "\\boxed{2}")).toEqual(GO_ON);
    expect(env.getAttribute("previous_guesses")).toEqual(new Set([2]));
  });

  it.each([
    [1, 1 - 1 / 9],
    [10, 1 - 8 / 9],
    [11, 0],
  ])("pays the closeness of a last guess of %i", (guess, reward) => {
    env = started({ max_turns: 1 });
    expect(outcome(env, `\\boxed{${String(guess)}}`)).toEqual([reward, true, true]);
  });

  it("pays the closeness of a repeated last guess", () => {
    env = started({ max_turns: 2 });
    step(env, "\\boxed{1}");
    expect(outcome(env, "\\boxed{1}")).toEqual([1 - 1 / 9, true, true]);
  });

  it("tells the hidden number when no turn is left", () => {
    env = started({ max_turns: 1 });
    expect(observe(env, "\\boxed{7}")).toMatch(/hidden number was 2\b/);
  });

  it.each([
    "",
    "2",
    "\\boxed{}",
    "\\boxed{two}",
    "\\boxed{0}",
    "\\boxed{000}",
    "\\boxed{-2}",
    "\\boxed{2.0}",
    "\\BOXED{2}",
    "\\boxed{\u0662}",
    "\\boxed{2}\\boxed{0}",
    `\\boxed{${"9".repeat(4301)}}`,
    `\\boxed{${"0".repeat(4300)}2}`,
    "\ud800",
  ])("ends with -0.1 on %j", (reply) => {
    expect(outcome(env, reply)).toEqual(FORMAT_ERROR);
    expect(env.getAttribute("turn_count")).toBe(1);
  });

  it("takes null as an empty reply", () => {
    expect(outcome(env, null)).toEqual(FORMAT_ERROR);
  });

  it("reports a format error as truncated in exactly the last turn", () => {
    env = started({ max_turns: 2 });
    expect([1, 2, 3].map(() => outcome(env, "?"))).toEqual([
      [-0.1, true, false],
      [-0.1, true, true],
      [-0.1, true, false],
    ]);
  });

  it("plays on after the end and goes on counting", () => {
    step(env, "\\boxed{2}");
    expect(outcome(env, "\\boxed{3}")).toEqual(GO_ON);
    expect(env.getAttribute("turn_count")).toBe(2);
  });

  it("pays 0 where upstream divides by zero: a repeat in a range of one number", () => {
    env = started({ min_number: 3, max_number: 3, max_turns: 2 });
    expect(outcome(env, "\\boxed{3}")).toEqual([1, true, false]);
    expect(outcome(env, "\\boxed{3}")).toEqual([0, true, true]);
  });

  it("gives a fresh info with the suffix", () => {
    const [, , , , info] = step(env, "\\boxed{1}");
    expect(info).toEqual({ suffix: env.callMethod("get_task_suffix", []) });
    info["suffix"] = "";
    expect(step(env, "\\boxed{3}")[4]["suffix"]).not.toBe("");
  });

  it("answers any reply", () => {
    fc.assert(
      fc.property(fc.array(anyReply, { maxLength: 8 }), (replies) => {
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

describe("GuessTheNumber random actions", () => {
  it("always parse and lie in the range", () => {
    const env = started({ max_turns: 1000 });
    for (let i = 0; i < 200; i++) {
      expect(Number(/^\\boxed\{(\d+)\}$/.exec(sample(env))?.[1])).toBeGreaterThan(0);
      expect(outcome(env, sample(env))[0]).toBeGreaterThanOrEqual(0);
    }
  });
});

describe("GuessTheNumber state", () => {
  it("continues identically from a snapshot", () => {
    const env = started();
    step(env, "\\boxed{5}");
    const copy = make();
    copy.setState(env.getState() as EnvSnapshot);
    for (const reply of ["\\boxed{5}", "\\boxed{2}", "?"]) {
      expect(step(copy, reply)).toEqual(step(env, reply));
    }
    expect(copy.sampleRandomAction()).toBe(env.sampleRandomAction());
    expect(copy.reset()).toEqual(env.reset());
  });

  it("can be read and written under upstream's names", () => {
    const env = started();
    expect(env.attributeNames()).toEqual([
      "min_number",
      "max_number",
      "max_turns",
      "game_number",
      "previous_guesses",
      "turn_count",
    ]);
    env.setAttribute("game_number", 9);
    expect(outcome(env, "\\boxed{9}")).toEqual([1, true, false]);
    expect(() => env.setAttribute("game_number", "9")).toThrow(/cannot be set/);
    expect(() => env.setAttribute("turn_count", -1)).toThrow(/cannot be set/);
  });

  it("does not change through what was read", () => {
    const env = started();
    (env.getAttribute("previous_guesses") as Set<number>).add(5);
    expect(observe(env, "\\boxed{5}")).toMatch(/lower/);
  });
});

describe("GuessTheNumber texts", () => {
  it("can be replaced", () => {
    const env = started({}, { prompts: { higher: "more than {guess}", suffix: "{{?}}" } });
    const [observation, , , , info] = step(env, "\\boxed{1}");
    expect(observation).toBe("more than 1");
    expect(info).toEqual({ suffix: "{?}" });
  });

  it("take no fields that the original lacks", () => {
    expect(() => make({}, { prompts: { higher: "{game_number}" } })).toThrow(/no field/);
  });
});

describe("GuessTheNumber options", () => {
  it("default to 1 to 20 in 20 turns", () => {
    const id = "game:GuessTheNumber-custom";
    const env = makeEnv(guessTheNumber, id);
    const values = ["min_number", "max_number", "max_turns"].map((name) => env.getAttribute(name));
    expect(values).toEqual([1, 20, 20]);
  });

  it.each([
    [{ min_number: 5, max_number: 4 }, /min_number must not be above max_number, got 5 and 4/],
    [{ max_turns: 0 }, /"max_turns".*positive integer.*got 0/],
    [{ max_turns: null }, /max_turns can be null only/],
    [{ min_number: 1.5 }, /"min_number".*integer.*got 1.5/],
    [{ max_number: "10" }, /"max_number".*integer.*got "10"/],
    [{ min_number: -(2 ** 52), max_number: 2 ** 52 }, /fewer than 2\^53/],
    [{ max_numbr: 10 }, /Did you mean "max_number"/],
  ])("refuse %j", (options, message) => {
    expect(() => make(options)).toThrow(message);
  });
});
