import { describe, expect, it } from "vitest";
import type { Env, Info, ResetResult, StepResult } from "../../../src/core/env.ts";
import { makeVec, spawn } from "../../../src/make.ts";
import type { VectorEnv, VectorResetResult } from "../../../src/vector/vector-env.ts";
import { mixtureSpec, MixtureEnv } from "../../../src/vector/mixture.ts";
import { dice } from "../../fixtures/envs.ts";

const EASY = "game:GuessTheNumber-v0-easy";
const HARD = "game:GuessTheNumber-v0-hard";
const SUDOKU = "game:Sudoku-v0-easy";
const MIXTURE = { [EASY]: 7, [HARD]: 2, [SUDOKU]: 1 };

const letters: Readonly<Record<string, string>> = { [EASY]: "e", [HARD]: "h", [SUDOKU]: "s" };
const letterOf = (info: Info | undefined): string => letters[info?.["mixture_id"] as string] ?? "?";

/** What the first `count` episodes of each slot are. */
function drawn(vec: VectorEnv, count: number): string[] {
  const rows = Array<string>(vec.numEnvs).fill("");
  for (let episode = 0; episode < count; episode++) {
    const [, infos] = vec.reset() as VectorResetResult;
    infos.forEach((info, slot) => (rows[slot] = `${rows[slot] ?? ""}${letterOf(info)}`));
  }
  return rows;
}

const mixed = (numEnvs: number, seed: number, more = {}): VectorEnv =>
  makeVec(MIXTURE, { numEnvs, seed, ...more });

describe("a mixture", () => {
  it("draws what its seed, the slot and the number of the episode say, and nothing else", () => {
    const rows = drawn(mixed(4, 1), 12);
    // numpy.random.default_rng((1 + slot) << 32 | 0x4d495854).random(), read as e < 0.7 <= h < 0.9 <= s.
    expect(rows).toEqual(["heseehheeheh", "eeeeseeshsse", "heseehheeees", "eeseeeheeehe"]);
    expect(drawn(mixed(2, 1), 12)).toEqual(rows.slice(0, 2));
    expect(drawn(mixed(2, 3), 12)).toEqual(rows.slice(2));
    expect(drawn(mixed(4, 1, { wrappers: ["concat"], asyncMode: true }), 12)).toEqual(rows);
  });

  it("draws as often as the weights say", () => {
    const text = drawn(mixed(50, 5), 40).join("");
    const total = text.length;
    for (const [letter, share] of [
      ["e", 0.7],
      ["h", 0.2],
      ["s", 0.1],
    ] as const) {
      const count = text.split(letter).length - 1;
      expect(Math.abs(count - total * share)).toBeLessThan(
        3 * Math.sqrt(total * share * (1 - share)),
      );
    }
  });

  it("names what is played in every info, and begins another one when an episode has ended", () => {
    const vec = makeVec({ [EASY]: 1, [HARD]: 1 }, { numEnvs: 1, seed: 3 });
    const ids = [(vec.reset() as VectorResetResult)[1][0]?.["mixture_id"]];
    for (let turn = 0; turn < 60; turn++) {
      const step = vec.step(["\\boxed{0}"]);
      if (step instanceof Promise) throw new Error("it waits");
      if (step.truncated[0] === 1 || step.terminated[0] === 1) {
        expect((step.infos[0]?.["final_info"] as Info)["mixture_id"]).toBe(ids.at(-1));
        ids.push(step.infos[0]?.["mixture_id"]);
      } else expect(step.infos[0]?.["mixture_id"]).toBe(ids.at(-1));
    }
    expect(ids.map((id) => letters[id as string]).join("")).toBe(
      drawn(makeVec({ [EASY]: 1, [HARD]: 1 }, { numEnvs: 1, seed: 3 }), ids.length)[0],
    );
  });

  it("gives equal episodes for equal seeds, whatever was played before", () => {
    const vec = mixed(3, 1);
    drawn(vec, 5);
    const [observations, infos] = vec.reset([9, 9, 9]) as VectorResetResult;
    expect(new Set(observations).size).toBe(1);
    const fresh = mixed(1, 77).reset([9]) as VectorResetResult;
    expect([observations[0], infos[0]]).toEqual([fresh[0][0], fresh[1][0]]);
  });

  it("is copied with its draws and the environments in it", async () => {
    const [env] = mixed(1, 1).envs as [Env];
    env.reset();
    env.reset();
    env.step("\\boxed{4}");
    const copy = await spawn(env, true);
    const next = (one: Env): unknown[] =>
      Array.from({ length: 6 }, () => [one.step("\\boxed{4}"), one.reset()]);
    expect(next(copy)).toEqual(next(env));
    expect(await spawn(env)).toMatchObject({ phase: "new" });
  });

  it("shows its own attributes and those of what is played", () => {
    const [env] = mixed(1, 1).envs as [Env];
    expect(() => env.getAttribute("turn_count")).toThrow(/before its first reset/);
    env.reset();
    expect(env.getAttribute("mixture_ids")).toEqual([EASY, HARD, SUDOKU]);
    expect(env.getAttribute("mixture_weights")).toEqual([0.7, 0.2, 0.1]);
    expect(env.getAttribute("mixture_episodes")).toBe(1);
    expect(env.getAttribute("mixture_id")).toBe(HARD);
    expect(env.callMethod("current_attribute", ["turn_count"])).toBe(0);
    expect(env.getAttribute("turn_count")).toBe(0);
    expect(env.attributeNames()).toContain("game_number");
    expect(() => env.setAttribute("mixture_id", HARD)).toThrow(
      expect.objectContaining({ code: "GEM_INVALID_ATTRIBUTE" }),
    );
  });

  it("gives options to the id that they are for, and common ones to all", () => {
    const vec = makeVec(
      { [EASY]: 1, [HARD]: 0 },
      { numEnvs: 1, mixtureOptions: { [EASY]: { max_number: 4000 } }, options: { max_turns: 5 } },
    );
    const [[text]] = vec.reset(1) as VectorResetResult;
    expect(text).toContain("4000");
    expect(vec.envs[0]?.getAttribute("max_turns")).toBe(5);
  });

  it("makes an environment when it is first drawn, and stays as it is when a reset fails", () => {
    const made: number[] = [];
    const parts = [
      { id: "a", weight: 1 },
      { id: "b", weight: 1 },
    ];
    let fails = false;
    class Failing extends MixtureEnv {}
    const env = new Failing({
      parts,
      seed: 5n,
      make: (part, seed) => {
        made.push(part);
        const child = dice(Number(seed % 1000n));
        const reset = child.reset.bind(child);
        child.reset = (...args) => {
          if (fails) throw new Error("no room");
          return reset(...args);
        };
        return child;
      },
    });
    expect(made).toEqual([]);
    const twin = mixtureSpec(parts, () => dice()).create({
      id: "",
      options: {},
      prompts: undefined,
      seed: 5n,
      host: { run: () => undefined as never },
    });
    const nextOf = (one: Env): unknown => (one.reset() as ResetResult)[1]["mixture_id"];
    expect(nextOf(env)).toBe(nextOf(twin));
    fails = true;
    expect(() => env.reset()).toThrow("no room");
    fails = false;
    expect(nextOf(env)).toBe(nextOf(twin));
    expect((env.step("roll") as StepResult)[4]["mixture_id"]).toBeDefined();
  });

  it("closes what it has made", async () => {
    const [env] = mixed(1, 1).envs as [Env];
    env.reset();
    await env.close();
    expect(() => env.step("a")).toThrow(expect.objectContaining({ code: "GEM_CLOSED" }));
    expect(env.phase).toBe("closed");
  });

  it("refuses a state of something else", () => {
    const [env] = mixed(1, 1).envs as [Env];
    expect(() => env.setState({ seed: "x" })).toThrow(/no state of mixture\(/);
  });

  it.each([
    [
      { [EASY]: -1, [HARD]: 2 },
      { numEnvs: 2 },
      /weight of .*easy" must be a number from 0 on, got -1/,
    ],
    [{ [EASY]: 0, [HARD]: 0 }, { numEnvs: 2 }, /all are 0/],
    [{ [EASY]: NaN }, { numEnvs: 2 }, /got NaN/],
    [{}, { numEnvs: 2 }, /at least one id/],
    [{ [EASY]: 1 }, {}, /needs numEnvs/],
    [{ "game:Sodoku-v0-easy": 1 }, { numEnvs: 1 }, /Did you mean "game:Sudoku-v0-easy"/],
    [{ [EASY]: 1 }, { numEnvs: 1, mixtureOptions: { [HARD]: {} } }, /which the mixture has not/],
  ])("refuses %j with %j", (mixture, options, message) => {
    expect(() => makeVec(mixture as Record<string, number>, options)).toThrow(message);
  });
});
