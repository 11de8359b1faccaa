import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Env, EnvSnapshot } from "../../../../../src/core/env.ts";
import { slicedHost } from "../../../../../src/core/host.ts";
import { sudoku } from "../../../../../src/envs/games/sudoku/sudoku.ts";
import { makeEnv, nextOutput, observe, outcome, sample, step, type Choices } from "../../play.ts";
import { anyReply } from "../../replies.ts";
import { textOf } from "./grids.ts";

const EASY = "game:Sudoku-v0-easy";
const HARD = "game:Sudoku-v0-hard";
const RANDOM = "game:Sudoku-v0-random";
const NOTHING = [0, false, false];
const FORMAT_ERROR = [-0.1, true, false];

/**
 * With seed 42 the easy game is
 *
 *     3 . | . .      solution  3 4 | 2 1
 *     . 1 | . 4                2 1 | 3 4
 *     1 3 | . 2                1 3 | 4 2
 *     . . | . .                4 2 | 1 3
 */
const RIGHT = [
  "1 2 4",
  "1 3 2",
  "1 4 1",
  "2 1 2",
  "2 3 3",
  "3 3 4",
  "4 1 4",
  "4 2 2",
  "4 3 1",
  "4 4 3",
];

function make(options: Choices["options"] = {}, choices: Choices = {}): Env {
  return makeEnv(sudoku, EASY, { options, ...choices });
}

function started(options: Choices["options"] = {}): Env {
  const env = make(options);
  env.reset(42);
  return env;
}

function box(content: string): string {
  return `\\boxed{${content}}`;
}

function board(env: Env): string {
  return textOf(env.getAttribute("board") as number[][]);
}

describe("Sudoku reset", () => {
  it.each([
    [EASY, "3....1.413.2....", [4, 10, 15, 10], 899_825_838],
    [
      HARD,
      "4..95.2.1...36.....6...495..98..5..2....931.43..6...8..3.2..8....6.1...5...53841.",
      [9, 50, 50, 48],
      2_686_110_098,
    ],
    [RANDOM, "4.2.....1.4.3..2", [4, 10, 15, 10], 3_014_295_294],
  ])("of %s with seed 42 has the recorded puzzle", async (id, puzzle, numbers, next) => {
    const env = makeEnv(sudoku, id);
    env.reset(42);
    expect(board(env)).toBe(puzzle);
    const names = ["scale", "clues", "max_turns", "init_num_empty"];
    expect(names.map((name) => env.getAttribute(name))).toEqual(numbers);
    expect(await nextOutput(env)).toBe(next);
  });

  it("has the recorded solution", () => {
    const solution = started().getAttribute("full_grid") as number[][];
    expect(textOf(solution)).toBe("3421213413424213");
  });

  it.each(["scale", "clues", "max_turns"])("draws all three when %s is null", (name) => {
    const env = started({ scale: 16, clues: 200, max_turns: 7, [name]: null });
    const values = ["scale", "clues", "max_turns"].map((each) => env.getAttribute(each));
    expect(values).toEqual([4, 10, 15]);
  });

  it("takes clues as attempts to empty a cell", () => {
    expect(started({ clues: 1 }).getAttribute("init_num_empty")).toBe(1);
    const empty = Number(started({ clues: 16 }).getAttribute("init_num_empty"));
    expect(empty).toBeLessThanOrEqual(12);
  });

  it("keeps the old puzzle until the new one is made", async () => {
    const env = make({}, { host: slicedHost(0) });
    await env.reset(42);
    step(env, box("1 2 4"));
    const before = board(env);
    const later = env.reset(7);
    expect(later).toBeInstanceOf(Promise);
    expect([board(env), env.getAttribute("turn_count")]).toEqual([before, 1]);
    await later;
    expect(env.getAttribute("turn_count")).toBe(0);
    const alone = make();
    alone.reset(7);
    expect(board(env)).toBe(board(alone));
  });

  it("makes 16x16 puzzles in slices", async () => {
    const env = make({ scale: 16, clues: 120, max_turns: 200 }, { host: slicedHost(1) });
    await env.reset(0);
    expect((env.getAttribute("board") as number[][]).flat()).toHaveLength(256);
    expect(env.getAttribute("init_num_empty")).toBeGreaterThan(100);
  });

  it("tells size, blocks, turns and an answer that the game takes", () => {
    const [rules, info] = make().reset(42) as [string, Record<string, unknown>];
    expect(rules).toMatch(/4x4 Sudoku within 15 turns.* each 2x2 block holds the numbers 1 to 4/);
    expect(rules).toContain("\\boxed{2 1 4}");
    expect(Object.keys(info)).toEqual(["suffix"]);
    expect(info["suffix"]).toContain("\nR1  3  . |  .  .\nR2  .  1 |  .  4\n");
  });
});

describe("Sudoku step", () => {
  it("pays each right number its share, and ends with the last", () => {
    const env = started();
    const results = RIGHT.map((answer) => outcome(env, box(answer)));
    expect(results.slice(0, -1)).toEqual(Array(9).fill([0.1, false, false]));
    expect(results.at(-1)).toEqual([0.1, true, false]);
    expect(board(env)).toBe("3421213413424213");
  });

  it("ends without truncation when the last number comes in the last turn", () => {
    const env = started({ max_turns: 10 });
    expect(RIGHT.map((answer) => outcome(env, box(answer))).at(-1)).toEqual([0.1, true, false]);
  });

  it("writes nothing for a wrong number, a filled cell or a place outside", () => {
    const env = started();
    const before = board(env);
    for (const answer of ["1 2 2", "1 1 3", "1 1 1", "0 1 1", "1 5 1", "1 2 5", "1 2 0"]) {
      expect(outcome(env, box(answer)), answer).toEqual(NOTHING);
    }
    expect(outcome(env, box(`1 2 ${"9".repeat(400)}`))).toEqual(NOTHING);
    expect(board(env)).toBe(before);
    expect(env.getAttribute("turn_count")).toBe(8);
  });

  it("says what happened", () => {
    const env = started();
    expect(observe(env, box("1 2 4"))).toBe("Turn 1 of 15: 4 is right in row 1, column 2.");
    expect(observe(env, box("1 3 4"))).toBe("Turn 2 of 15: 4 is wrong in row 1, column 3.");
    expect(observe(env, box("1 2 4"))).toBe("Turn 3 of 15: row 1, column 2 is filled already.");
    expect(observe(env, box("1 2 9"))).toMatch(/must be from 1 to 4\.$/);
  });

  it("keeps the step's reward when no turn is left", () => {
    const env = started({ max_turns: 1 });
    expect(outcome(env, box("1 2 4"))).toEqual([0.1, true, true]);
    expect(observe(env, box("1 3 1"))).toMatch(/No turn is left: 9 cells are still empty\.$/);
    expect(outcome(env, box("1 3 1"))).toEqual([0, true, true]);
    expect(outcome(env, "1 3 1")).toEqual(FORMAT_ERROR);
  });

  it.each(
    [
      "",
      "1 2 4",
      "\\boxed{}",
      box("1 2"),
      box("1 2 4 1"),
      box(" 1 2 4"),
      box("1  2 4"),
      box("1,2,4"),
    ]
      .concat([
        box("1 2 -4"),
        box("1 2 \u0664"),
        box("1 2\ufeff4"),
        "\\Boxed{1 2 4}",
        "\\boxed{1 2 4",
      ])
      .concat([box(`1 2 ${"0".repeat(4300)}4`), box(`${"0".repeat(4300)}1 2 4`)]),
  )("ends with -0.1 on %j", (reply) => {
    expect(outcome(started(), reply)).toEqual(FORMAT_ERROR);
  });

  it.each(["\t", "\n", "\r", "\u00a0", "\u001c", "\u0085", "\u2003", "\u3000"])(
    "takes %j between numbers",
    (space) => {
      expect(outcome(started(), box(["1", "2", "4"].join(space)))).toEqual([0.1, false, false]);
    },
  );

  it("takes leading zeros, up to 4300 digits, and the last well-formed box", () => {
    const last = `${box("1 3 1")} ${box(`01 002 ${"0".repeat(4299)}4`)} ${box("1 2")}`;
    expect(outcome(started(), last)).toEqual([0.1, false, false]);
  });

  it("answers null as a format error", () => {
    expect(outcome(started(), null)).toEqual(FORMAT_ERROR);
  });

  it("answers any reply", () => {
    const numbers = fc.array(fc.nat(5), { minLength: 2, maxLength: 4 });
    const reply = fc.oneof(
      anyReply,
      numbers.map((each) => box(each.join(" "))),
    );
    fc.assert(
      fc.property(fc.array(reply, { maxLength: 8 }), (replies) => {
        const env = started();
        for (const each of replies) expect([-0.1, 0, 0.1]).toContain(step(env, each)[1]);
      }),
    );
  });
});

describe("Sudoku random actions", () => {
  it("name an empty cell and a number that fits", () => {
    const env = started();
    const actions = new Set(Array.from({ length: 300 }, () => sample(env)));
    expect([...actions].every((action) => /^\\boxed\{[1-4] [1-4] [1-4]\}$/.test(action))).toBe(
      true,
    );
    // In row 1, column 2 no unit holds 2 or 4; in row 3, column 3 only 4 is left.
    const at = (place: string): string[] =>
      [...actions].filter((action) => action.startsWith(`\\boxed{${place}`)).sort();
    expect(at("1 2")).toEqual([box("1 2 2"), box("1 2 4")]);
    expect(at("3 3")).toEqual([box("3 3 4")]);
    expect(at("1 1")).toEqual([]);
  });

  it("win in the end", () => {
    const env = started({ max_turns: 1000 });
    let ended = false;
    for (let turn = 0; turn < 500 && !ended; turn++) ended = outcome(env, sample(env))[1];
    expect(board(env)).not.toContain(".");
  });

  it("parse after the end", () => {
    const env = make();
    env.reset(42);
    for (const answer of RIGHT) step(env, box(answer));
    expect(outcome(env, sample(env))).toEqual(NOTHING);
  });
});

describe("Sudoku state", () => {
  it("continues identically from a snapshot", () => {
    const env = started();
    step(env, box("1 2 4"));
    const copy = make();
    copy.setState(env.getState() as EnvSnapshot);
    for (let i = 0; i < 12; i++) {
      const action = sample(env);
      expect(copy.sampleRandomAction()).toBe(action);
      expect(step(copy, action)).toEqual(step(env, action));
    }
    expect(copy.reset()).toEqual(env.reset());
  });

  it("does not change through what was read or written", () => {
    const env = started();
    const rows = env.getAttribute("board") as number[][];
    rows[0]?.fill(1);
    expect(board(env)).toBe("3....1.413.2....");
    env.setAttribute("board", rows);
    rows[0]?.fill(0);
    expect(board(env)).toBe("1111.1.413.2....");
    expect(sample(env)).toMatch(/^\\boxed\{[1-4] [1-4] [1-4]\}$/);
  });

  it.each([
    ["board", [[1, 2, 3, 4]]],
    ["board", Array(4).fill([5, 0, 0, 0])],
    ["full_grid", Array(4).fill([0, 1, 2, 3])],
    ["scale", 9],
    ["init_num_empty", 0],
    ["max_turns", 0],
  ])("refuses to set %s to %j", (name, value) => {
    expect(() => started().setAttribute(name, value)).toThrow(/cannot be set/);
  });
});

describe("Sudoku texts", () => {
  it("can be replaced", () => {
    const env = make({}, { prompts: { suffix: "{board}", right: "{row}/{column}={number}" } });
    env.reset(42);
    const [observation, , , , info] = step(env, box("1 2 4"));
    expect(observation).toBe("1/2=4");
    expect(info["suffix"]).toMatch(/^ {3}C1 C2 {3}C3 C4 {2}\nR1 {2}3 {2}4 \| {2}\. {2}\.\n/);
    expect(env.callMethod("get_task_suffix", [])).toBe(info["suffix"]);
  });

  it("come with a picture", () => {
    expect(started().callMethod("render", ["svg"])).toMatch(/^<svg/);
  });
});

describe("Sudoku options", () => {
  it("default to 30 attempts and 100 turns on 9x9", () => {
    const env = makeEnv(sudoku, "game:Sudoku-custom");
    const values = ["scale", "clues", "max_turns"].map((name) => env.getAttribute(name));
    expect(values).toEqual([9, 30, 100]);
  });

  it.each([
    [{ scale: 8 }, /"scale".*4, 9 or 16, or null.*got 8/],
    [{ scale: 25 }, /"scale".*4, 9 or 16/],
    [{ scale: 1 }, /"scale"/],
    [{ clues: 0 }, /"clues".*from 1/],
    [{ clues: 17 }, /clues must be at most 16, the number of cells for scale 4, got 17/],
    [{ max_turns: 0 }, /"max_turns".*positive integer/],
    [{ size: 4, skale: 4 }, /Did you mean "scale"/],
  ])("refuse %j", (options, message) => {
    expect(() => make(options)).toThrow(message);
  });
});
