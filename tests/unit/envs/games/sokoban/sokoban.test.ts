import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Env, EnvSnapshot } from "../../../../../src/core/env.ts";
import { slicedHost } from "../../../../../src/core/host.ts";
import { all } from "../../../../../src/core/maybe-promise.ts";
import { sokoban } from "../../../../../src/envs/games/sokoban/sokoban.ts";
import { NdArray, Tuple } from "../../../../../src/protocol/values.ts";
import { makeEnv, nextOutput, observe, outcome, sample, step, type Choices } from "../../play.ts";
import { anyReply } from "../../replies.ts";
import { cells, drawing } from "./rooms.ts";

const EASY = "game:Sokoban-v0-easy";
const UP = "\\boxed{up}";
const DOWN = "\\boxed{down}";
const LEFT = "\\boxed{left}";
const RIGHT = "\\boxed{right}";
const GO_ON = [0, false, false];

function make(options: Choices["options"] = {}, choices: Choices = {}): Env {
  return makeEnv(sokoban, EASY, { options, ...choices });
}

/** A 6x6 room of one's own with two targets; `underPlayer` is what the player stands on. */
function inRoom(lines: readonly string[], options: Choices["options"] = {}, underPlayer = 1): Env {
  const env = make(options);
  env.reset(42);
  const state = cells(lines);
  const fixed = state.map((row) =>
    row.map((cell) => (cell === 3 ? 2 : cell === 4 ? 1 : cell === 5 ? underPlayer : cell)),
  );
  env.setAttribute("room_fixed", fixed);
  env.setAttribute("room_state", state);
  const row = state.findIndex((line) => line.includes(5));
  env.setAttribute("player_position", [row, state[row]?.indexOf(5)]);
  return env;
}

function room(env: Env): string[] {
  return drawing((env.getAttribute("room_state") as NdArray).toRows() ?? []);
}

const ROOM = ["######", "#____#", "#_PXO#", "#_X__#", "#O___#", "######"];

describe("Sokoban reset", () => {
  it.each([
    [EASY, "000000/011110/014220/010410/011510/000000", [6, 6], 107_420_369],
    [
      "game:Sokoban-v0-hard",
      "00000000/00121100/00141110/00111210/00111110/00144210/00125410/00000000",
      [8, 8],
      107_420_369,
    ],
    ["game:Sokoban-v0-random", "000000/011110/014220/010410/011510/000000", [6, 6], 3_184_935_163],
  ])("of %s with seed 42 has the recorded room", async (id, state, size, next) => {
    const env = makeEnv(sokoban, id);
    env.reset(42);
    const rows = (env.getAttribute("room_state") as NdArray).toRows() ?? [];
    expect(rows.map((row) => row.join("")).join("/")).toBe(state);
    expect(env.getAttribute("dim_room")).toEqual(new Tuple(size));
    expect(await nextOutput(env)).toBe(next);
  });

  it("draws room size, boxes and turns when one of them is null", () => {
    for (const name of ["dim_room", "num_boxes", "max_turns"]) {
      const env = make({ num_boxes: 1, max_turns: 7, [name]: null });
      env.reset(42);
      const drawn = ["dim_room", "num_boxes", "max_turns"].map((each) => env.getAttribute(each));
      expect(drawn).toEqual([new Tuple([6, 6]), 2, 20]);
    }
  });

  it("tells boxes, turns, glyphs and an answer that the game takes", () => {
    const [rules, info] = make().reset(42) as [string, Record<string, unknown>];
    expect(rules).toMatch(/all 2 boxes onto targets within 20 turns/);
    expect(rules).toMatch(/\\boxed\{(up|down|left|right)\}\.$/);
    expect(Object.keys(info)).toEqual(["suffix"]);
    expect(info["suffix"]).toContain(
      "\n# # # # # #\n# _ _ _ _ #\n# _ X O O #\n# _ # X _ #\n# _ _ P _ #\n# # # # # #\n",
    );
  });

  it("leaves the game as it was when no room is found", async () => {
    const env = make({ dim_room: [4, 4], num_boxes: 3 });
    const before = await env.getState();
    expect(() => env.reset()).toThrow(/No Sokoban room of 4x4/);
    expect((await env.getState())["state"]).toEqual(before["state"]);
    expect(env.phase).toBe("new");
  });

  it("answers later, with the same room, on a host that works in slices", async () => {
    const hard = "game:Sokoban-v0-hard";
    const now = makeEnv(sokoban, hard);
    const envs = [1, 2].map(() => makeEnv(sokoban, hard, { host: slicedHost(0) }));
    const results = envs.map((env, i) => env.reset(i));
    expect(results.every((result) => result instanceof Promise)).toBe(true);
    expect(await all(results)).toEqual([await now.reset(0), await now.reset(1)]);
  });
});

describe("Sokoban reset without a seed", () => {
  it("begins as a reset with the seed that the environment was made with", () => {
    expect(make({}, { seed: 7n }).reset()).toEqual(make().reset(7));
  });

  it("goes on to other rooms, the same ones after the same seed", () => {
    const [a, b] = [make(), make({}, { seed: 99n })];
    const ofA = [a.reset(5), a.reset(), a.reset(), a.reset()];
    expect([b.reset(5), b.reset(), b.reset(), b.reset()]).toEqual(ofA);
    expect(new Set(ofA.map((result) => JSON.stringify(result))).size).toBe(4);
  });

  it("goes on to other rooms after another seed, also one that differs in its upper bits", () => {
    const second = [5n, 6n, 5n + 2n ** 32n, 5n + 2n ** 100n].map((seed) => {
      const env = make();
      env.reset(seed);
      env.reset();
      return room(env).join();
    });
    expect(new Set(second).size).toBe(4);
  });

  it("takes nothing for the room from the stream of the game", async () => {
    const env = make();
    env.reset(5);
    const next = sample(env);
    env.reset(5);
    const [rules] = env.reset() as [string, unknown];
    expect(rules).toContain(next);
  });

  it("continues identically from a snapshot", () => {
    const env = make();
    env.reset(5);
    env.reset();
    const copy = make();
    copy.setState(env.getState() as EnvSnapshot);
    expect(copy.reset()).toEqual(env.reset());
    expect(room(copy)).toEqual(room(env));
  });
});

describe("Sokoban step", () => {
  it("walks, and the cell left shows what it was", () => {
    const env = inRoom(ROOM, {}, 2);
    expect(outcome(env, UP)).toEqual(GO_ON);
    expect(room(env)).toEqual(["######", "#_P__#", "#_OXO#", "#_X__#", "#O___#", "######"]);
    expect(env.getAttribute("player_position")).toEqual(
      new NdArray("int64", [2], new Uint8Array(new BigInt64Array([1n, 2n]).buffer)),
    );
  });

  it("pushes a box onto a target, off it again, and walks onto a target", () => {
    const env = inRoom(["######", "#____#", "#PXO_#", "#_X__#", "#O___#", "######"]);
    expect(observe(env, RIGHT)).toMatch(/pushed a box/);
    expect(room(env)[2]).toBe("#_P√_#");
    expect(outcome(env, RIGHT)).toEqual(GO_ON);
    expect(room(env)[2]).toBe("#__PX#");
    expect(outcome(env, LEFT)).toEqual(GO_ON);
    expect(room(env)[2]).toBe("#_POX#");
  });

  it.each([
    ["a wall", ["######", "#P___#", "#_XX_#", "#OO__#", "#____#", "######"], UP],
    ["a box at a wall", ["######", "#X___#", "#P_X_#", "#OO__#", "#____#", "######"], UP],
    ["a box at a box", ["######", "#____#", "#PXX_#", "#OO__#", "#____#", "######"], RIGHT],
    ["a box at a placed box", ["######", "#____#", "#PX√_#", "#O___#", "#____#", "######"], RIGHT],
  ])("is blocked by %s", (_, lines, action) => {
    const env = inRoom(lines);
    expect(outcome(env, action)).toEqual(GO_ON);
    expect(room(env)).toEqual(lines);
    expect(env.getAttribute("turn_count")).toBe(1);
  });

  it("pays 1 when the last box is placed, also in the last turn", () => {
    const lines = ["######", "#____#", "#_PXO#", "#____#", "#√___#", "######"];
    const env = inRoom(lines, { max_turns: 1 });
    expect(outcome(env, RIGHT)).toEqual([1, true, false]);
  });

  it("pays 1 again for walking about in a solved room", () => {
    const env = inRoom(["######", "#____#", "#_P_√#", "#____#", "#√___#", "######"]);
    expect(outcome(env, UP)).toEqual([1, true, false]);
  });

  it.each([
    ["a move", DOWN, 0],
    ["a push", RIGHT, 0.5],
  ])("pays the share of placed boxes after %s in the last turn", (_, action, reward) => {
    expect(outcome(inRoom(ROOM, { max_turns: 1 }), action)).toEqual([reward, true, true]);
  });

  it("pays the share of placed boxes after a blocked move in the last turn", () => {
    const env = inRoom(["######", "#P___#", "#_X_√#", "#____#", "#O___#", "######"], {
      max_turns: 1,
    });
    expect(outcome(env, UP)).toEqual([0.5, true, true]);
  });

  it.each(["", "up", "\\boxed{}", "\\boxed{up }", "\\boxed{north}", "\\boxed{r\u0131ght}", null])(
    "ends with -0.1 on %j",
    (reply) => {
      const env = inRoom(ROOM, { max_turns: 2 });
      expect(outcome(env, reply)).toEqual([-0.1, true, false]);
      expect(outcome(env, reply)).toEqual([-0.1, true, true]);
      expect(room(env)).toEqual(ROOM);
    },
  );

  it("answers any reply", () => {
    const env = make();
    fc.assert(
      fc.property(fc.array(anyReply, { maxLength: 8 }), (replies) => {
        env.reset(42);
        for (const reply of replies) {
          const [, reward] = step(env, reply);
          expect(reward === -0.1 || (reward >= 0 && reward <= 1)).toBe(true);
        }
      }),
    );
  });

  it("answers in a room without walls, whose edge nobody leaves", () => {
    const env = inRoom(["P_____", "______", "__XX__", "____OO", "______", "______"]);
    expect([UP, LEFT, DOWN, LEFT].map((action) => outcome(env, action)[0])).toEqual([0, 0, 0, 0]);
    expect(room(env)[1]).toBe("P_____");
  });
});

describe("Sokoban random actions", () => {
  it("always parse", () => {
    const env = inRoom(ROOM);
    for (let i = 0; i < 50; i++) expect(outcome(env, sample(env))[0]).toBeGreaterThanOrEqual(0);
  });
});

describe("Sokoban state", () => {
  it("has upstream's names and Python types", () => {
    const env = make();
    env.reset(42);
    expect(env.attributeNames().toSorted()).toEqual([
      "box_mapping",
      "dim_room",
      "max_turns",
      "num_boxes",
      "num_gen_steps",
      "player_position",
      "room_fixed",
      "room_state",
      "turn_count",
    ]);
    expect(env.getAttribute("num_gen_steps")).toBe(20);
    expect(env.getAttribute("room_fixed")).toBeInstanceOf(NdArray);
    expect([...(env.getAttribute("box_mapping") as Map<Tuple, Tuple>)]).toEqual([
      [new Tuple([2, 3]), new Tuple([3, 3])],
      [new Tuple([2, 4]), new Tuple([2, 2])],
    ]);
  });

  it("continues identically from a snapshot in the middle of a game", () => {
    const env = make({ max_turns: 100 });
    env.reset(42);
    for (let i = 0; i < 10; i++) step(env, sample(env));
    const copy = make({ max_turns: 100 });
    copy.setState(env.getState() as EnvSnapshot);
    for (let i = 0; i < 30; i++) {
      const action = sample(env);
      expect(sample(copy)).toBe(action);
      expect(step(copy, action)).toEqual(step(env, action));
    }
  });

  it("takes a matrix for the room", () => {
    const env = make();
    env.reset(42);
    const matrix = NdArray.int64Matrix(cells(ROOM));
    env.setAttribute("room_state", matrix);
    expect(env.getAttribute("room_state")).toEqual(matrix);
  });

  it.each([
    ["dim_room", new Tuple([8, 8])],
    ["box_mapping", new Map()],
    ["room_state", [[0]]],
    ["room_fixed", cells(ROOM)],
    ["player_position", [1]],
    ["num_boxes", 0],
  ])("refuses to set %s to %j", (name, value) => {
    const env = make();
    env.reset(42);
    expect(() => env.setAttribute(name, value)).toThrow(/cannot be set/);
  });
});

describe("Sokoban texts", () => {
  it("can be replaced", () => {
    const env = make({}, { prompts: { suffix: "{board}", blocked: "{direction}?" } });
    env.reset(42);
    step(env, DOWN);
    const [observation, , , , info] = step(env, DOWN);
    expect(observation).toBe("down?");
    expect(info["suffix"]).toBe(env.callMethod("get_task_suffix", []));
    expect(info["suffix"]).toMatch(/^# # # # # #\n/);
  });
});

describe("Sokoban options", () => {
  it("default to a 6x6 room with 3 boxes and 100 turns", () => {
    const env = makeEnv(sokoban, "game:Sokoban-custom");
    const values = ["dim_room", "num_boxes", "max_turns"].map((name) => env.getAttribute(name));
    expect(values).toEqual([new Tuple([6, 6]), 3, 100]);
  });

  it("take a tuple for the room's size, and ignore room_size", () => {
    const env = make({ dim_room: new Tuple([5, 7]), num_boxes: 1, room_size: null });
    env.reset(1);
    expect((env.getAttribute("room_state") as NdArray).shape).toEqual([5, 7]);
  });

  it.each([
    [{ dim_room: [6] }, /"dim_room".*\[rows, columns\]/],
    [{ dim_room: [3, 6] }, /"dim_room".*from 4 to 32/],
    [{ dim_room: 6 }, /"dim_room"/],
    [{ num_boxes: 0 }, /"num_boxes".*from 1 to 20.*got 0/],
    [{ max_turns: 2.5 }, /"max_turns".*positive integer.*got 2.5/],
    [{ dimroom: [6, 6] }, /Did you mean "dim_room"/],
  ])("refuse %j", (options, message) => {
    expect(() => make(options)).toThrow(message);
  });
});
