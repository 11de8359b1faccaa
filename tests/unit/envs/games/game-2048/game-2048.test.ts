import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Env, EnvSnapshot } from "../../../../../src/core/env.ts";
import { game2048 } from "../../../../../src/envs/games/game-2048/game-2048.ts";
import { makeEnv, nextOutput, observe, outcome, sample, step, type Choices } from "../../play.ts";
import { anyReply } from "../../replies.ts";

const EASY = "game:Game2048-v0-easy";
const UP = "\\boxed{up}";
const LEFT = "\\boxed{left}";
const FORMAT_ERROR = [-0.1, true, false];

function make(options: Choices["options"] = {}, choices: Choices = {}): Env {
  return makeEnv(game2048, EASY, { options, ...choices });
}

/** An environment after `reset(42)`, on a board of one's own where one is given. */
function started(board?: number[][], options: Choices["options"] = {}): Env {
  const env = make({ board_size: board?.length ?? 4, ...options });
  env.reset(42);
  if (board !== undefined) env.setAttribute("board", board);
  return env;
}

describe("Game2048 reset", () => {
  const board = [
    [0, 0, 0, 2],
    [0, 2, 0, 0],
    [0, 0, 0, 0],
    [0, 0, 0, 0],
  ];

  it.each([
    ["game:Game2048-v0-easy", 64, 50],
    ["game:Game2048-v0-hard", 512, 50],
    ["game:Game2048-v0-extreme-hard", 2048, 100],
  ])("of %s with seed 42 has the recorded board", async (id, target, turns) => {
    const env = makeEnv(game2048, id);
    env.reset(42);
    expect(env.getAttribute("board")).toEqual(board);
    expect(env.getAttribute("target_tile")).toBe(target);
    expect(env.getAttribute("max_turns")).toBe(turns);
    expect(await nextOutput(env)).toBe(3_163_119_785);
  });

  it.each([
    [{ target_tile: null }],
    [{ max_turns: null }],
    [{ target_tile: null, max_turns: null }],
  ])("draws target and turns with %j", async (options) => {
    const env = make(options);
    env.reset(42);
    expect(env.getAttribute("target_tile")).toBe(64);
    expect(env.getAttribute("max_turns")).toBe(50);
    expect(env.getAttribute("max_tile_achieved")).toBe(2);
    expect(await nextOutput(env)).toBe(3_163_119_785);
  });

  it("tells target, turns, and an answer that the game takes", () => {
    const [rules, info] = make().reset(42) as [string, Record<string, unknown>];
    expect(rules).toMatch(/tile of 64 within 50 turns/);
    expect(rules).toMatch(/\\boxed\{(up|down|left|right)\}\.$/);
    expect(Object.keys(info)).toEqual(["suffix"]);
    expect(info["suffix"]).toContain("\n   .    .    .    2\n   .    2    .    .\n");
  });
});

describe("Game2048 step", () => {
  it("pays a new largest tile by its share of the doublings to the target", () => {
    const env = started();
    expect(outcome(env, LEFT)).toEqual([0, false, false]);
    env.setAttribute("board", [
      [2, 2, 0, 0],
      [0, 0, 0, 0],
      [0, 0, 0, 0],
      [0, 0, 0, 0],
    ]);
    expect(outcome(env, LEFT)).toEqual([1 / 5, false, false]);
    expect(env.getAttribute("max_tile_achieved")).toBe(4);
    env.setAttribute("board", [
      [8, 8, 0, 0],
      [0, 0, 0, 0],
      [0, 0, 0, 0],
      [0, 0, 0, 0],
    ]);
    expect(outcome(env, LEFT)).toEqual([2 / 5, false, false]);
  });

  it("pays and spawns nothing when the board stays as it is", async () => {
    const board = [
      [2, 4, 0, 0],
      [0, 0, 0, 0],
      [0, 0, 0, 0],
      [0, 0, 0, 0],
    ];
    const env = started(board);
    const next = await nextOutput(env);
    expect(outcome(env, UP)).toEqual([0, false, false]);
    expect(env.getAttribute("board")).toEqual(board);
    expect(env.getAttribute("turn_count")).toBe(1);
    expect(await nextOutput(env)).toBe(next);
  });

  it("spawns one tile after a move", () => {
    const env = started([
      [0, 0, 0, 8],
      [0, 0, 0, 0],
      [0, 0, 0, 0],
      [0, 0, 0, 0],
    ]);
    step(env, LEFT);
    const tiles = (env.getAttribute("board") as number[][]).flat().filter((tile) => tile > 0);
    expect(tiles).toHaveLength(2);
    expect([2, 4]).toContain(tiles.find((tile) => tile !== 8));
  });

  it("is won at the target, also in the last turn", () => {
    const env = started(
      [
        [32, 32, 0, 0],
        [0, 0, 0, 0],
        [0, 0, 0, 0],
        [0, 0, 0, 0],
      ],
      { max_turns: 1 },
    );
    expect(outcome(env, LEFT)).toEqual([1, true, false]);
  });

  it("pays no more than the target for a larger tile", () => {
    const env = started([
      [64, 64, 0, 0],
      [0, 0, 0, 0],
      [0, 0, 0, 0],
      [0, 0, 0, 0],
    ]);
    expect(outcome(env, LEFT)).toEqual([1, true, false]);
    expect(env.getAttribute("max_tile_achieved")).toBe(64);
  });

  it("is lost when no move is left, with the move's reward, also in the last turn", () => {
    const env = started(
      [
        [2, 2],
        [16, 32],
      ],
      { max_turns: 1 },
    );
    env.setAttribute("target_tile", 1024);
    env.setAttribute("max_tile_achieved", 16);
    expect(outcome(env, LEFT)).toEqual([1 / 9, true, false]);
  });

  it("credits a spawned 4 with the next effective move", () => {
    const env = started();
    env.setAttribute("board", [
      [4, 0, 0, 0],
      [0, 0, 0, 0],
      [0, 0, 0, 0],
      [0, 0, 0, 0],
    ]);
    expect(outcome(env, LEFT)).toEqual([0, false, false]);
    expect(outcome(env, "\\boxed{right}")).toEqual([1 / 5, false, false]);
  });

  it("keeps the step's reward when no turn is left", () => {
    const env = started(
      [
        [2, 2, 0, 0],
        [0, 0, 0, 0],
        [0, 0, 0, 0],
        [0, 0, 0, 0],
      ],
      { max_turns: 1 },
    );
    expect(outcome(env, LEFT)).toEqual([1 / 5, true, true]);
    expect(outcome(env, LEFT)[2]).toBe(true);
  });

  it("pays 0 where start and target were made equal", () => {
    const env = started([
      [8, 8, 0, 0],
      [0, 0, 0, 0],
      [0, 0, 0, 0],
      [0, 0, 0, 0],
    ]);
    env.setAttribute("init_max_tile_achieved", 64);
    expect(outcome(env, LEFT)[0]).toBe(0);
  });

  it.each(["", "up", "\\boxed{}", "\\boxed{ up}", "\\boxed{north}", "\\boxed{r\u0131ght}", null])(
    "ends with -0.1 on %j",
    (reply) => {
      expect(outcome(started(), reply)).toEqual(FORMAT_ERROR);
    },
  );

  it("takes capitals, and the last well-formed box", () => {
    const env = started([
      [2, 2, 0, 0],
      [0, 0, 0, 0],
      [0, 0, 0, 0],
      [0, 0, 0, 0],
    ]);
    expect(outcome(env, "\\boxed{right} \\BOXED{UP} \\boxed{?}")).toEqual([0, false, false]);
    expect(observe(env, "\\Boxed{RIGHT}")).toMatch(/you moved right/);
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

describe("Game2048 random actions", () => {
  it("always parse", () => {
    const env = started();
    for (let i = 0; i < 100; i++) {
      expect(outcome(env, sample(env))[0]).toBeGreaterThanOrEqual(0);
    }
  });
});

describe("Game2048 state", () => {
  it("continues identically from a snapshot", () => {
    const env = started();
    step(env, LEFT);
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
    const board = env.getAttribute("board") as number[][];
    board[0]?.fill(2048);
    expect(env.getAttribute("board")).not.toEqual(board);
    env.setAttribute("board", board);
    board[0]?.fill(0);
    expect((env.getAttribute("board") as number[][])[0]).toEqual([2048, 2048, 2048, 2048]);
  });

  it.each([
    [
      "board",
      [
        [2, 4],
        [8, 16],
      ],
    ],
    ["board", "2048"],
    ["target_tile", 100],
    ["max_tile_achieved", 0],
    ["board_size", 5],
    ["max_turns", 0],
  ])("refuses to set %s to %j", (name, value) => {
    expect(() => started().setAttribute(name, value)).toThrow(/cannot be set/);
  });
});

describe("Game2048 texts", () => {
  it("can be replaced", () => {
    const env = make(
      { board_size: 2 },
      { prompts: { suffix: "{board}", unchanged: "no {direction}" } },
    );
    env.reset(1);
    env.setAttribute("board", [
      [2, 0],
      [0, 0],
    ]);
    const [observation, , , , info] = step(env, LEFT);
    expect(observation).toBe("no left");
    expect(info).toEqual({ suffix: "   2    .\n   .    ." });
    expect(env.callMethod("get_task_suffix", [])).toBe(info["suffix"]);
  });
});

describe("Game2048 options", () => {
  it("default to 2048 in 1000 turns on 4x4", () => {
    const env = makeEnv(game2048, "game:Game2048-custom");
    const values = ["target_tile", "max_turns", "board_size"].map((name) => env.getAttribute(name));
    expect(values).toEqual([2048, 1000, 4]);
  });

  it.each([
    [{ target_tile: 100 }, /"target_tile".*power of two.*got 100/],
    [{ target_tile: 2 }, /"target_tile".*from 4 on.*got 2/],
    [{ max_turns: -1 }, /"max_turns".*positive integer/],
    [{ board_size: 1 }, /"board_size".*from 2 to 16/],
    [{ board_size: null }, /"board_size"/],
    [{ boardsize: 4 }, /Did you mean "board_size"/],
  ])("refuse %j", (options, message) => {
    expect(() => make(options)).toThrow(message);
  });
});
