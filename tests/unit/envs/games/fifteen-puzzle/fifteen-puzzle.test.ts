import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Env, EnvSnapshot } from "../../../../../src/core/env.ts";
import { slicedHost } from "../../../../../src/core/host.ts";
import { fifteenPuzzle } from "../../../../../src/envs/games/fifteen-puzzle/fifteen-puzzle.ts";
import { Tuple } from "../../../../../src/protocol/values.ts";
import { makeEnv, nextOutput, observe, outcome, sample, step, type Choices } from "../../play.ts";
import { anyReply } from "../../replies.ts";

const EASY = "game:FifteenPuzzle-v0-easy";
const HARD = "game:FifteenPuzzle-v0-hard";
const RANDOM = "game:FifteenPuzzle-v0-random";
const UP = "\\boxed{up}";
const DOWN = "\\boxed{down}";
const LEFT = "\\boxed{left}";
const RIGHT = "\\boxed{right}";
const GO_ON = [0, false, false];
const FORMAT_ERROR = [-0.1, true, false];

function make(options: Choices["options"] = {}, choices: Choices = {}): Env {
  return makeEnv(fifteenPuzzle, EASY, { options, ...choices });
}

/** An environment after `reset(42)`, on a board of one's own where one is given. */
function started(board?: (number | null)[][], options: Choices["options"] = {}): Env {
  const env = make({ num_rows: board?.length ?? 2, ...options });
  env.reset(42);
  if (board !== undefined) env.setAttribute("board", board);
  return env;
}

/** One move from the goal. */
const NEARLY = [
  [1, 2],
  [null, 3],
];

describe("FifteenPuzzle reset", () => {
  it.each([
    [
      EASY,
      [
        [3, 1],
        [2, null],
      ],
      10,
      1_639_042_338,
    ],
    [
      HARD,
      [
        [11, 8, null, 4],
        [9, 6, 5, 12],
        [1, 15, 10, 3],
        [14, 13, 2, 7],
      ],
      50,
      1_554_762_903,
    ],
  ])("of %s with seed 42 has the recorded board", async (id, board, turns, next) => {
    const env = makeEnv(fifteenPuzzle, id);
    env.reset(42);
    expect(env.getAttribute("board")).toEqual(board);
    expect(env.getAttribute("max_turns")).toBe(turns);
    expect(await nextOutput(env)).toBe(next);
  });

  it("has two boards on 2x2, four moves from the goal", () => {
    const env = make();
    const boards = new Map<string, number>();
    for (let seed = 0; seed < 50; seed++) {
      env.reset(seed);
      const board = JSON.stringify(env.getAttribute("board"));
      boards.set(board, (boards.get(board) ?? 0) + 1);
    }
    expect([...boards.keys()].sort()).toEqual(["[[2,3],[1,null]]", "[[3,1],[2,null]]"]);
    env.setAttribute("board", [
      [3, 1],
      [2, null],
    ]);
    expect([RIGHT, DOWN, LEFT].map((move) => outcome(env, move))).toEqual([GO_ON, GO_ON, GO_ON]);
    expect(outcome(env, UP)).toEqual([1, true, false]);
  });

  it("draws a move also where only one is possible", async () => {
    const [one, three] = [make({ mc_rand_moves: 1 }), make({ mc_rand_moves: 3 })];
    one.reset(7);
    three.reset(7);
    expect(await nextOutput(one)).not.toBe(await nextOutput(three));
  });

  it.each([[{ num_rows: null }], [{ max_turns: null }]])("draws both with %j", (options) => {
    const env = make({ num_rows: 7, max_turns: 7, ...options });
    const sizes = new Set<string>();
    for (let seed = 0; seed < 20; seed++) {
      env.reset(seed);
      const rows = Number(env.getAttribute("num_rows"));
      expect(env.getAttribute("board")).toHaveLength(rows);
      expect(env.getAttribute("greatest_num")).toBe(rows * rows - 1);
      sizes.add([rows, env.getAttribute("max_turns")].join());
    }
    expect([...sizes].sort()).toEqual(["2,10", "3,20", "4,50"]);
  });

  it("of the random variant works, and draws anew each time", () => {
    const env = makeEnv(fifteenPuzzle, RANDOM);
    const rows = new Set(
      Array.from({ length: 20 }, () => (env.reset(), env.getAttribute("num_rows"))),
    );
    expect(rows).toEqual(new Set([2, 3, 4]));
  });

  it("by pure_random deals boards that can be solved, solved ones too", () => {
    const env = make({ init_algo: "pure_random" });
    const boards = new Set<string>();
    for (let seed = 0; seed < 200; seed++) {
      env.reset(seed);
      boards.add(JSON.stringify(env.getAttribute("board")));
    }
    expect(boards.size).toBe(12);
    expect(boards).toContain("[[1,2],[3,null]]");
  });

  it("keeps the old board until the new one is made", async () => {
    const env = make({ mc_rand_moves: 3001 }, { host: slicedHost(0) });
    const before = env.getAttribute("board");
    const later = env.reset(1);
    expect(later).toBeInstanceOf(Promise);
    expect(env.getAttribute("board")).toEqual(before);
    await later;
    expect(env.getAttribute("board")).not.toEqual(before);
  });

  it("tells size, turns, and an answer that the game takes", () => {
    const [rules, info] = make({ num_rows: 4 }).reset(42) as [string, Record<string, unknown>];
    expect(rules).toMatch(/4x4 board within 10 turns: bring the tiles 1 to 15 in order/);
    expect(rules).toMatch(/\\boxed\{up\}\.$/);
    expect(Object.keys(info)).toEqual(["suffix"]);
    expect(info["suffix"]).toContain("\n11  8 __  4\n 9  6  5 12\n 1 15 10  3\n14 13  2  7\n");
  });
});

describe("FifteenPuzzle step", () => {
  it("slides the tile beside the gap in the direction named", () => {
    const env = started([
      [1, 2, 3],
      [4, null, 5],
      [6, 7, 8],
    ]);
    const rows = (move: string): unknown => (step(env, move), env.getAttribute("board"));
    expect(rows(UP)).toEqual([
      [1, 2, 3],
      [4, 7, 5],
      [6, null, 8],
    ]);
    expect(rows(LEFT)).toEqual([
      [1, 2, 3],
      [4, 7, 5],
      [6, 8, null],
    ]);
    expect(rows(DOWN)).toEqual([
      [1, 2, 3],
      [4, 7, null],
      [6, 8, 5],
    ]);
    expect(rows(RIGHT)).toEqual([
      [1, 2, 3],
      [4, null, 7],
      [6, 8, 5],
    ]);
    expect(observe(env, UP)).toBe("Turn 5 of 10: you moved 8 up.");
  });

  it("changes and pays nothing when no tile can slide", () => {
    const env = started(NEARLY);
    expect(outcome(env, RIGHT)).toEqual(GO_ON);
    expect(env.getAttribute("board")).toEqual(NEARLY);
    expect(env.getAttribute("turn_count")).toBe(1);
    expect(observe(env, RIGHT)).toBe("Turn 2 of 10: there is no tile that can slide right.");
  });

  it("is won when all is in order, also in the last turn", () => {
    expect(outcome(started(NEARLY, { max_turns: 1 }), LEFT)).toEqual([1, true, false]);
  });

  it("pays the share of cells in place when no turn is left", () => {
    const env = started(
      [
        [1, 2, 3],
        [4, 5, 6],
        [null, 8, 7],
      ],
      { max_turns: 1 },
    );
    // All but 7 and the gap are in place; ninths are added one by one, so it is not 7 / 9.
    expect(outcome(env, RIGHT)).toEqual([0.7777777777777779, true, true]);
    expect(observe(env, LEFT)).toMatch(/: you moved 8 left\. No turn is left: 6 of 9 cells are/);
  });

  it("goes on after the end", () => {
    const env = started(NEARLY, { max_turns: 2 });
    step(env, LEFT);
    expect(outcome(env, UP)).toEqual([1, true, true]);
    expect(outcome(env, DOWN)).toEqual([0.5, true, true]);
    expect(outcome(env, "up")).toEqual(FORMAT_ERROR);
  });

  it("is truncated by a format error in exactly the last turn", () => {
    expect(outcome(started(NEARLY, { max_turns: 1 }), "up")).toEqual([-0.1, true, true]);
  });

  it.each([
    "",
    "up",
    "\\boxed{}",
    "\\boxed{ up}",
    "\\boxed{UP}",
    "\\BOXED{up}",
    "\\boxed{upleft}",
    null,
  ])("ends with -0.1 on %j", (reply) => {
    const env = started(NEARLY);
    expect(outcome(env, reply)).toEqual(FORMAT_ERROR);
    expect(env.getAttribute("board")).toEqual(NEARLY);
  });

  it("takes the last well-formed box", () => {
    const env = started(NEARLY);
    expect(outcome(env, "\\boxed{down} or \\boxed{left} \\boxed{Up} \\boxed{up")).toEqual([
      1,
      true,
      false,
    ]);
  });

  it("answers any reply", () => {
    fc.assert(
      fc.property(fc.array(anyReply, { maxLength: 8 }), (replies) => {
        const env = started();
        for (const reply of replies) {
          const [, reward] = step(env, reply);
          expect(reward === -0.1 || (reward >= 0 && reward <= 1)).toBe(true);
        }
      }),
    );
  });
});

describe("FifteenPuzzle random actions", () => {
  it("always parse", () => {
    const env = started();
    const moves = new Set<string>();
    for (let i = 0; i < 100; i++) {
      const action = sample(env);
      moves.add(action);
      expect(outcome(env, action)[0]).toBeGreaterThanOrEqual(0);
    }
    expect(moves).toEqual(new Set([UP, DOWN, LEFT, RIGHT]));
  });
});

describe("FifteenPuzzle state", () => {
  it("continues identically from a snapshot", () => {
    const env = started();
    step(env, DOWN);
    const copy = make();
    copy.setState(env.getState() as EnvSnapshot);
    for (let i = 0; i < 20; i++) {
      const action = sample(env);
      expect(copy.sampleRandomAction()).toBe(action);
      expect(step(copy, action)).toEqual(step(env, action));
    }
    expect(copy.reset()).toEqual(env.reset());
  });

  it("does not change through what was read or written", () => {
    const env = started();
    const board = structuredClone(NEARLY);
    env.setAttribute("board", board);
    board[0]?.fill(9);
    (env.getAttribute("board") as number[][])[0]?.fill(9);
    expect(env.getAttribute("board")).toEqual(NEARLY);
  });

  it("tells the goal and the options", () => {
    const env = started();
    const names = ["goal_board", "goal_parity", "init_algo", "mc_rand_moves"];
    expect(names.map((name) => env.getAttribute(name))).toEqual([
      [
        [1, 2],
        [3, null],
      ],
      0,
      "monte_carlo",
      100,
    ]);
  });

  it.each([
    ["board", [[1, 2, 3, null]]],
    [
      "board",
      [
        [1, 2],
        [2, null],
      ],
    ],
    ["goal_board", NEARLY],
    ["greatest_num", 8],
    ["num_rows", 3],
    ["max_turns", 0],
  ])("refuses to set %s to %j", (name, value) => {
    expect(() => started().setAttribute(name, value)).toThrow(/cannot be set/);
  });
});

describe("FifteenPuzzle texts", () => {
  it("can be replaced", () => {
    const env = make({}, { prompts: { suffix: "{board}", moved: "{tile} {direction}" } });
    env.reset(42);
    const [observation, , , , info] = step(env, DOWN);
    expect(observation).toBe("1 down");
    expect(info).toEqual({ suffix: " 3 __\n 2  1\n" });
    expect(env.callMethod("get_task_suffix", [])).toBe(info["suffix"]);
  });

  it("come with a picture", () => {
    expect(started().callMethod("render", ["svg"])).toMatch(/^<svg[\s\S]*>3</);
  });
});

describe("FifteenPuzzle options", () => {
  it("default to 20 turns on 2x2", () => {
    const env = makeEnv(fifteenPuzzle, "game:FifteenPuzzle-custom");
    expect(["num_rows", "max_turns"].map((name) => env.getAttribute(name))).toEqual([2, 20]);
  });

  it.each([
    [{ num_rows: 1 }, /"num_rows".*from 2 to 16/],
    [{ num_rows: 17 }, /"num_rows".*from 2 to 16/],
    [{ max_turns: 0 }, /"max_turns".*positive integer/],
    [{ init_algo: "shuffle" }, /"init_algo".*"monte_carlo".*"pure_random"/],
    [{ mc_rand_moves: 0 }, /"mc_rand_moves".*from 1/],
    [{ mc_rand_moves: null }, /"mc_rand_moves"/],
    [{ numrows: 2 }, /Did you mean "num_rows"/],
  ])("refuse %j", (options, message) => {
    expect(() => make(options)).toThrow(message);
  });
});

describe("FifteenPuzzle's methods for upstream's tests", () => {
  const call = (env: Env, name: string, ...args: unknown[]): unknown => env.callMethod(name, args);

  it("slide a tile without taking a turn, and say whether one could", () => {
    const env = started(NEARLY);
    expect(call(env, "_get_empty_position")).toEqual(new Tuple([1, 0]));
    expect(call(env, "_move", "right")).toBe(false);
    expect(call(env, "_move", "elsewhere")).toBe(false);
    expect(call(env, "_is_solved")).toBe(false);
    expect(call(env, "_move", "left")).toBe(true);
    expect(call(env, "_is_solved")).toBe(true);
    expect(env.getAttribute("board")).toEqual(call(env, "_generate_goal_board"));
    expect(env.getAttribute("turn_count")).toBe(0);
  });

  it("tell a board that can be solved from one that cannot", () => {
    const env = started(NEARLY);
    expect(call(env, "_is_solvable", NEARLY)).toBe(true);
    const swapped = [
      [2, 1],
      [3, null],
    ];
    expect(call(env, "_is_solvable", swapped)).toBe(false);
    expect(() => call(env, "_is_solvable", [[1, 1]])).toThrow("takes 2 rows with each tile once");
  });
});
