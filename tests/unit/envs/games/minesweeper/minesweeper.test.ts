import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Env, EnvSnapshot } from "../../../../../src/core/env.ts";
import { minesweeper } from "../../../../../src/envs/games/minesweeper/minesweeper.ts";
import { decode, encode } from "../../../../../src/protocol/codec.ts";
import { makeEnv, nextOutput, observe, outcome, sample, step, type Choices } from "../../play.ts";
import { anyReply } from "../../replies.ts";

const EASY = "game:Minesweeper-v0-easy";
const GO_ON = [0, false, false];
const FORMAT_ERROR = [-0.1, true, false];

function make(options: Choices["options"] = {}, choices: Choices = {}): Env {
  return makeEnv(minesweeper, EASY, { options, ...choices });
}

/** A game of 5 rows and columns with 5 mines, which are not laid yet. */
function started(options: Choices["options"] = {}, choices: Choices = {}): Env {
  const env = make(options, choices);
  env.reset(42);
  return env;
}

/** A game of 3 rows and 4 columns with a mine in row 0, column 0. */
function cornered(options: Choices["options"] = {}): Env {
  const env = started({ rows: 3, cols: 4, num_mines: 1, ...options });
  env.setAttribute("first_reveal", false);
  env.setAttribute("grid", [
    [-1, 1, 0, 0],
    [1, 1, 0, 0],
    [0, 0, 0, 0],
  ]);
  return env;
}

function flagged(env: Env): boolean[] {
  return (env.getAttribute("flags") as boolean[][]).flat();
}

function revealed(env: Env): boolean[] {
  return (env.getAttribute("revealed") as boolean[][]).flat();
}

describe("Minesweeper reset", () => {
  it.each([
    ["game:Minesweeper-v0-easy", [5, 5, 5, 25], 958_682_846],
    ["game:Minesweeper-v0-hard", [8, 8, 12, 64], 958_682_846],
    ["game:Minesweeper-v0-random", [5, 5, 5, 25], 599_310_825],
  ])("of %s with seed 42 is %j", async (id, goal, next) => {
    const env = makeEnv(minesweeper, id);
    env.reset(42);
    const names = ["rows", "cols", "num_mines", "max_turns"];
    expect(names.map((name) => env.getAttribute(name))).toEqual(goal);
    expect(env.getAttribute("first_reveal")).toBe(true);
    expect((env.getAttribute("grid") as number[][]).flat().every((cell) => cell === 0)).toBe(true);
    expect([...revealed(env), ...flagged(env)]).not.toContain(true);
    expect(await nextOutput(env)).toBe(next);
  });

  it.each([{ rows: null }, { cols: null }, { num_mines: null }, { max_turns: null }])(
    "draws all four with %j",
    async (options) => {
      const env = started({ rows: 9, cols: 7, num_mines: 1, max_turns: 3, ...options });
      const names = ["rows", "cols", "num_mines", "max_turns"];
      expect(names.map((name) => env.getAttribute(name))).toEqual([5, 5, 5, 25]);
      expect(await nextOutput(env)).toBe(599_310_825);
    },
  );

  it("tells size, mines, turns, and answers that the game takes", () => {
    const [rules, info] = make({ rows: 4, cols: 6 }).reset(42) as [string, Record<string, unknown>];
    expect(rules).toMatch(/4 rows and 6 columns with 5 hidden mines within 25 turns/);
    expect(rules).toMatch(/\\boxed\{reveal [0-3] [0-5]\} or \\boxed\{flag [0-3] [0-5]\}\.$/);
    expect(Object.keys(info)).toEqual(["suffix"]);
    expect(info["suffix"]).toContain("\n    0  1  2  3  4  5\n 0  .  .  .  .  .  . \n");
  });
});

describe("Minesweeper reveal", () => {
  it("lays the mines away from the first cell, once", () => {
    const env = started();
    const [, reward] = step(env, "\\boxed{reveal 2 2}");
    const grid = env.getAttribute("grid") as number[][];
    expect(grid.flat().filter((cell) => cell === -1)).toHaveLength(5);
    expect(grid[2]?.[2]).toBe(0);
    expect(env.getAttribute("first_reveal")).toBe(false);
    expect(reward).toBe(revealed(env).filter(Boolean).length / 20);
    step(env, "\\boxed{reveal 1 1}");
    expect(env.getAttribute("grid")).toEqual(grid);
  });

  it("pays the share of the cells that it reveals", () => {
    const env = cornered();
    expect(outcome(env, "\\boxed{reveal 0 1}")).toEqual([1 / 11, false, false]);
    expect(observe(env, "\\boxed{reveal 2 3}")).toMatch(
      /row 2, column 3; cells newly revealed: 10/,
    );
  });

  it("wins with the last cell when all mines are flagged, also in the last turn", () => {
    const env = cornered({ max_turns: 2 });
    expect(outcome(env, "\\boxed{flag 0 0}")).toEqual(GO_ON);
    expect(outcome(env, "\\boxed{reveal 2 3}")).toEqual([1, true, false]);
  });

  it("does not win when a mine is flagged after the last cell", () => {
    const env = cornered();
    expect(outcome(env, "\\boxed{reveal 2 3}")).toEqual([1, false, false]);
    expect(outcome(env, "\\boxed{flag 0 0}")).toEqual(GO_ON);
    expect(outcome(env, "\\boxed{reveal 2 3}")).toEqual(GO_ON);
  });

  it("loses on a mine, which stays hidden", () => {
    const env = cornered({ max_turns: 1 });
    expect(outcome(env, "\\boxed{reveal 0 0}")).toEqual([0, true, false]);
    expect(revealed(env)).not.toContain(true);
    expect(String(env.callMethod("get_task_suffix", []))).not.toContain("*");
  });

  it("loses on a flagged mine too", () => {
    const env = cornered();
    step(env, "\\boxed{flag 0 0}");
    expect(outcome(env, "\\boxed{reveal 0 0}")).toEqual([0, true, false]);
  });

  it("pays nothing for a cell that is revealed or flagged", () => {
    const env = cornered();
    step(env, "\\boxed{reveal 0 1}");
    expect(observe(env, "\\boxed{reveal 0 1}")).toMatch(/revealed already/);
    step(env, "\\boxed{flag 2 2}");
    expect(observe(env, "\\boxed{reveal 2 2}")).toMatch(/carries a flag/);
    expect(revealed(env).filter(Boolean)).toHaveLength(1);
  });

  it("leaves flagged cells hidden", () => {
    const env = cornered();
    step(env, "\\boxed{flag 1 2}");
    expect(outcome(env, "\\boxed{reveal 2 3}")).toEqual([10 / 11, false, false]);
    expect(outcome(env, "\\boxed{flag 1 2}")).toEqual(GO_ON);
    expect(outcome(env, "\\boxed{reveal 1 2}")).toEqual([1 / 11, false, false]);
  });

  it("lays the mines also when the first cell is flagged", async () => {
    const env = started();
    step(env, "\\boxed{flag 2 2}");
    const before = await nextOutput(env);
    expect(outcome(env, "\\boxed{reveal 2 2}")).toEqual(GO_ON);
    expect(await nextOutput(env)).not.toBe(before);
    expect(env.getAttribute("first_reveal")).toBe(false);
    expect((env.getAttribute("grid") as number[][])[2]?.[2]).toBe(0);
    expect(revealed(env)).not.toContain(true);
  });

  it("clears a field without mines at once", () => {
    const env = started({ rows: 2, cols: 3, num_mines: 0 });
    expect(outcome(env, "\\boxed{reveal 1 1}")).toEqual([1, true, false]);
  });
});

describe("Minesweeper step", () => {
  it("sets and takes away flags", () => {
    const env = started();
    expect(outcome(env, "\\boxed{flag 1 2}")).toEqual(GO_ON);
    expect(flagged(env).indexOf(true)).toBe(7);
    expect(outcome(env, "\\boxed{Flag 1 2}")).toEqual(GO_ON);
    expect(flagged(env)).not.toContain(true);
  });

  it("sets no flag on a revealed cell", () => {
    const env = cornered();
    step(env, "\\boxed{reveal 0 1}");
    expect(observe(env, "\\boxed{flag 0 1}")).toMatch(/revealed already/);
    expect(flagged(env)).not.toContain(true);
  });

  it.each(["reveal 5 0", "flag 0 5", "dig 9 9", `reveal ${"9".repeat(4300)} 0`])(
    "pays nothing for %s, which is outside, and lays no mines",
    (answer) => {
      const env = started();
      expect(observe(env, `\\boxed{${answer}}`)).toMatch(/rows go from 0 to 4/);
      expect(env.getAttribute("first_reveal")).toBe(true);
    },
  );

  it("pays nothing for another verb", () => {
    expect(outcome(started(), "\\boxed{dig 1 1}")).toEqual(GO_ON);
    expect(observe(started(), "\\boxed{dig 1 1}")).toMatch(/reveal or flag/);
  });

  it("keeps the step's reward when no turn is left", () => {
    const env = cornered({ max_turns: 1 });
    const [observation, ...rest] = step(env, "\\boxed{reveal 0 1}");
    expect(rest.slice(0, 3)).toEqual([1 / 11, true, true]);
    expect(observation).toMatch(/10 cells without a mine are still hidden/);
    expect(outcome(env, "\\boxed{flag 0 0}")).toEqual([0, true, true]);
  });

  it("takes any one white-space character between, and the last well-formed box", () => {
    const env = cornered();
    expect(outcome(env, "\\boxed{reveal 0 0} \\boxed{REVEAL\t00\u30001} \\boxed{flag 1}")).toEqual([
      1 / 11,
      false,
      false,
    ]);
  });

  it.each([
    "",
    "reveal 0 0",
    "\\boxed{}",
    "\\boxed{reveal 0}",
    "\\boxed{reveal  0 0}",
    "\\boxed{ reveal 0 0}",
    "\\boxed{reveal 0 0 }",
    "\\boxed{reveal, 0, 0}",
    "\\boxed{reveal -1 0}",
    "\\boxed{reveal 0\ufeff0}",
    "\\boxed{reveal \u0660 0}",
    "\\boxed{rev\u0130al 0 0}",
    "\\BOXED{reveal 0 0}",
    `\\boxed{reveal 0 0}\\boxed{reveal 0 ${"0".repeat(4301)}}`,
    "\ud800",
    null,
  ])("ends with -0.1 on %j", (reply) => {
    const env = started();
    expect(outcome(env, reply)).toEqual(FORMAT_ERROR);
    expect(env.getAttribute("turn_count")).toBe(1);
  });

  it("reports a format error as truncated in exactly the last turn", () => {
    const env = started({ max_turns: 2 });
    expect([1, 2, 3].map(() => outcome(env, "?"))).toEqual([
      [-0.1, true, false],
      [-0.1, true, true],
      [-0.1, true, false],
    ]);
  });

  it("plays on after the end", () => {
    const env = cornered();
    step(env, "\\boxed{reveal 0 0}");
    expect(outcome(env, "\\boxed{reveal 2 3}")).toEqual([1, false, false]);
  });

  it("answers any reply", () => {
    const moves = fc
      .tuple(fc.constantFrom("reveal", "flag", "Reveal"), fc.nat(5), fc.nat(5))
      .map((move) => `\\boxed{${move.join(" ")}}`);
    fc.assert(
      fc.property(fc.array(fc.oneof(anyReply, moves), { maxLength: 12 }), (replies) => {
        const env = started();
        let sum = 0;
        for (const reply of replies) {
          const [observation, reward] = step(env, reply);
          expect(typeof observation).toBe("string");
          expect(reward === -0.1 || (reward >= 0 && reward <= 1)).toBe(true);
          sum += Math.max(reward, 0);
        }
        expect(sum).toBeCloseTo(revealed(env).filter(Boolean).length / 20);
      }),
    );
  });
});

describe("Minesweeper random actions", () => {
  it("always parse, lie in the field, and are mostly reveals", () => {
    const env = started({ cols: 9, rows: 2, num_mines: 1 });
    const verbs: unknown[] = [];
    for (let i = 0; i < 200; i++) {
      const action = sample(env);
      verbs.push(/^\\boxed\{(reveal|flag) [01] [0-8]\}$/.exec(action)?.[1]);
      expect(outcome(env, action)[0]).toBeGreaterThanOrEqual(0);
    }
    const flags = verbs.filter((verb) => verb === "flag").length;
    expect(new Set(verbs)).toEqual(new Set(["reveal", "flag"]));
    expect(flags).toBeLessThan(60);
  });

  it("need an episode", () => {
    const env = make({ rows: null });
    expect(() => env.sampleRandomAction()).toThrow(/Call reset\(\)/);
  });
});

describe("Minesweeper state", () => {
  it("continues identically from a snapshot", () => {
    const env = started();
    step(env, "\\boxed{flag 0 0}");
    const copy = make();
    copy.setState(decode(encode(env.getState())) as EnvSnapshot);
    for (let i = 0; i < 20; i++) {
      const action = sample(env);
      expect(copy.sampleRandomAction()).toBe(action);
      expect(step(copy, action)).toEqual(step(env, action));
    }
    expect(copy.reset()).toEqual(env.reset());
  });

  it("can be read under upstream's names, before a reset too", () => {
    const env = make();
    expect(env.attributeNames().toSorted()).toEqual([
      "cols",
      "first_reveal",
      "flags",
      "grid",
      "max_turns",
      "num_mines",
      "revealed",
      "rows",
      "turn_count",
    ]);
    expect(env.getAttribute("grid")).toEqual(new Array(5).fill(new Array(5).fill(0)));
  });

  it("does not change through what was read or written", () => {
    const env = cornered();
    const flags = env.getAttribute("flags") as boolean[][];
    flags[0]?.fill(true);
    expect(flagged(env)).not.toContain(true);
    env.setAttribute("flags", flags);
    env.setAttribute("revealed", [
      [false, false, false, false],
      [false, false, false, true],
      [false, false, false, false],
    ]);
    flags[0]?.fill(false);
    expect(flagged(env).filter(Boolean)).toHaveLength(4);
    expect(revealed(env).indexOf(true)).toBe(7);
  });

  it.each([
    ["grid", [[0]]],
    [
      "grid",
      [
        [0, 0, 0, 0],
        [0, 0, 0, 0],
        [0, 0, 0, 9],
      ],
    ],
    [
      "flags",
      [
        [0, 0, 0, 0],
        [0, 0, 0, 0],
        [0, 0, 0, 1],
      ],
    ],
    ["flags", [[true]]],
    ["flags", [1, 2, 3]],
    ["revealed", "all"],
    ["rows", 4],
    ["cols", 3],
    ["num_mines", 100],
    ["first_reveal", 1],
    ["max_turns", 0],
  ])("refuses to set %s to %j", (name, value) => {
    expect(() => cornered().setAttribute(name, value)).toThrow(/cannot be set/);
  });
});

describe("Minesweeper texts", () => {
  it("can be replaced", () => {
    const prompts = { suffix: "{board}", flagged: "flag at {row},{column}" };
    const env = started({ rows: 1, cols: 4, num_mines: 1 }, { prompts });
    const [observation, , , , info] = step(env, "\\boxed{flag 0 3}");
    expect(observation).toBe("flag at 0,3");
    expect(info).toEqual({ suffix: "    0  1  2  3\n 0  .  .  .  F \n" });
  });
});

describe("Minesweeper options", () => {
  it("default to 8 by 8 with 10 mines in 20 turns", () => {
    const env = makeEnv(minesweeper, "game:Minesweeper-custom");
    const names = ["rows", "cols", "num_mines", "max_turns"];
    expect(names.map((name) => env.getAttribute(name))).toEqual([8, 8, 10, 20]);
  });

  it("allow as many mines as fit beside the first cell and its neighbours", () => {
    const env = started({ num_mines: 16 });
    expect(outcome(env, "\\boxed{reveal 2 2}")).toEqual([1, false, false]);
  });

  it.each([
    [{ num_mines: 17 }, /num_mines must be at most 16, .*5 rows and 5 columns.*got 17/],
    [{ rows: 2, cols: 2, num_mines: 1 }, /num_mines must be at most 0/],
    [{ num_mines: -1 }, /"num_mines".*from 0 on.*got -1/],
    [{ rows: 0 }, /"rows".*from 1 to 100.*got 0/],
    [{ cols: 101 }, /"cols".*from 1 to 100.*got 101/],
    [{ max_turns: 0 }, /"max_turns".*positive integer.*got 0/],
    [{ mines: 5 }, /Did you mean|no option "mines"/],
  ])("refuse %j", (options, message) => {
    expect(() => make(options)).toThrow(message);
  });
});
