import { beforeEach, describe, expect, it } from "vitest";
import { Tuple } from "../../../src/protocol/values.ts";
import { TestServer, type WireClient } from "./wire-client.ts";

const DICE = "test:Dice-v0";
const GUESS = "game:GuessTheNumber-v0-easy";

let client: WireClient;

beforeEach(async () => {
  client = await new TestServer().connect();
});

describe("list", () => {
  it("gives every id with its class and options", async () => {
    const entries = (await client.call("list")) as [string, string, object][];
    expect(entries).toContainEqual([DICE, "DiceEnv", { limit: 3 }]);
    expect(entries.find(([id]) => id === GUESS)?.[1]).toBe("GuessTheNumberEnv");
  });
});

describe("make", () => {
  it("describes environments of one kind once", async () => {
    const specs = [
      [DICE, { seed: 1 }],
      [GUESS, {}],
      [DICE, { seed: 2 }],
    ];
    const [descriptors, made] = (await client.call("make", specs, [["concat", {}]])) as [
      [string, [string, string[], string[]][]][],
      [number, number][],
    ];
    expect(descriptors.map(([id]) => id)).toEqual([DICE, GUESS]);
    expect(descriptors[0]?.[1].map(([className]) => className)).toEqual([
      "ObservationWrapper",
      "DiceEnv",
    ]);
    expect(descriptors[0]?.[1][1]).toEqual(["DiceEnv", ["rolls", "turn_count", "limit"], []]);
    expect(made.map(([, index]) => index)).toEqual([0, 1, 0]);
    expect(new Set(made.map(([handle]) => handle)).size).toBe(3);
  });

  it("makes a class with its own defaults", async () => {
    const [descriptors] = (await client.call(
      "make",
      [[{ class: "GuessTheNumberEnv" }, {}]],
      [],
    )) as [[string][]];
    expect(descriptors[0]?.[0]).toBe("GuessTheNumberEnv");
  });

  it("starts equal seeds alike, also beyond 64 bits", async () => {
    const seed = 2n ** 100n + 1n;
    const first = await client.make(DICE, { seed });
    const second = await client.make(DICE, { seed });
    expect(await client.call("reset", first, 0, null, {})).toEqual(
      await client.call("reset", second, 0, null, {}),
    );
  });

  it("makes none when one fails, and says which", async () => {
    const handle = await client.make(DICE);
    await expect(
      client.call(
        "make",
        [
          [DICE, {}],
          ["game:Nope", {}],
        ],
        [],
      ),
    ).rejects.toMatchObject({
      code: "GEM_UNKNOWN_ENV",
      details: { index: 1 },
    });
    expect(await client.make(DICE)).toBe(handle + 1);
  });

  it.each([
    ["an unknown wrapper", [[DICE, {}]], [["concatt", {}]], "GEM_UNKNOWN_WRAPPER"],
    ["an unknown class", [[{ class: "GuessEnv" }, {}]], [], "GEM_UNKNOWN_ENV"],
    ["an unknown option", [[GUESS, { max_turn: 3 }]], [], "GEM_UNKNOWN_OPTION"],
    ["a negative seed", [[DICE, { seed: -1 }]], [], "GEM_INVALID_SEED"],
    ["options of an object", [[{ object: 1, id: "x" }, { seed: 1 }]], [], "GEM_UNKNOWN_OPTION"],
    ["a spec without options", [[DICE]], [], "GEM_INVALID_ARGUMENT"],
    ["an id that is a number", [[7, {}]], [], "GEM_INVALID_ARGUMENT"],
  ])("refuses %s", async (_, specs, wrappers, code) => {
    await expect(client.call("make", specs, wrappers)).rejects.toMatchObject({ code });
  });
});

describe("reset and step", () => {
  it("play an episode", async () => {
    const handle = await client.make(DICE, { limit: 2 });
    expect(await client.call("reset", handle, 0, 3, {})).toEqual(["start 2", { suffix: "roll!" }]);
    expect(await client.call("step", handle, 0, "roll")).toEqual([
      "rolls 2 5",
      1,
      false,
      false,
      { suffix: "roll!" },
    ]);
    expect(await client.call("step", handle, 0, null)).toEqual([
      "rolls 2 5 5",
      2,
      true,
      false,
      { suffix: "roll!" },
    ]);
  });

  it("wait for an environment that answers later", async () => {
    const handle = await client.make(DICE);
    await client.call("reset", handle, 0, 3, {});
    await expect(client.call("step", handle, 0, "slow")).resolves.toHaveLength(5);
  });

  it("reach the layer at the given depth", async () => {
    const handle = await client.make(DICE, {}, [["concat", {}]]);
    await client.call("reset", handle, 0, 3, {});
    expect(await client.call("step", handle, 0, "roll")).toMatchObject({
      0: "start 2\nrolls 2 5\nroll!",
    });
    expect(await client.call("step", handle, 1, "roll")).toMatchObject({ 0: "rolls 2 5 5" });
    await expect(client.call("step", handle, 2, "roll")).rejects.toMatchObject({
      code: "GEM_INVALID_ARGUMENT",
      message: "depth must be an integer from 0 to 1, the number of wrappers, got 2.",
    });
  });

  it.each([
    ["an action that is a number", "step", [0, 7], "GEM_INVALID_ACTION"],
    ["a missing action", "step", [0], "GEM_INVALID_ARGUMENT"],
    ["a seed that is text", "reset", [0, "7", {}], "GEM_INVALID_ARGUMENT"],
    ["an unknown reset option", "reset", [0, null, { idx: 1 }], "GEM_UNKNOWN_OPTION"],
    ["a depth that is text", "step", ["0", "x"], "GEM_INVALID_ARGUMENT"],
  ])("refuse %s", async (_, method, params, code) => {
    const handle = await client.make(DICE);
    await client.call("reset", handle, 0, 1, {});
    await expect(client.call(method, handle, ...params)).rejects.toMatchObject({ code });
  });

  it("refuse a step before the first reset", async () => {
    const handle = await client.make(DICE);
    await expect(client.call("step", handle, 0, "roll")).rejects.toMatchObject({
      code: "GEM_RESET_NEEDED",
    });
  });
});

describe("get, set and call", () => {
  it("read and write declared attributes", async () => {
    const handle = await client.make(GUESS, { seed: 1 });
    await client.call("reset", handle, 0, 1, {});
    await client.call("set", handle, 0, "game_number", 7);
    expect(await client.call("get", handle, 0, "game_number")).toBe(7);
    expect(await client.call("get", handle, 0, "previous_guesses")).toEqual(new Set());
    await expect(client.call("get", handle, 0, "constructor")).rejects.toMatchObject({
      code: "GEM_UNKNOWN_ATTRIBUTE",
    });
  });

  it("give cumulative rewards as a float", async () => {
    const handle = await client.make(DICE, {}, [["episode_tracking", {}]]);
    await client.call("reset", handle, 0, 1, {});
    await client.call("step", handle, 0, "roll");
    await client.call("get", handle, 0, "cumulative_rewards");
    expect(client.frames.at(-1)?.toString("hex")).toMatch(/cb3ff0000000000000$/);
  });

  it("call sample_random_action, and nothing that is not declared", async () => {
    const handle = await client.make(DICE);
    await client.call("reset", handle, 0, 1, {});
    expect(await client.call("call", handle, 0, "sample_random_action", [])).toMatch(
      /^roll [1-6]$/,
    );
    for (const name of ["close", "onReset", "constructor", "sampleRandomAction"]) {
      await expect(client.call("call", handle, 0, name, [])).rejects.toMatchObject({
        code: "GEM_UNKNOWN_METHOD",
      });
    }
  });
});

describe("get_state, set_state and spawn", () => {
  it("go back to where the state was taken", async () => {
    const handle = await client.make(DICE, { limit: 50 }, [["concat", {}]]);
    await client.call("reset", handle, 0, 1, {});
    const state = await client.call("get_state", handle, 0);
    const first = await client.call("step", handle, 0, "roll");
    await client.call("set_state", handle, 0, state);
    expect(await client.call("step", handle, 0, "roll")).toEqual(first);
  });

  it("fork an environment, wrappers included", async () => {
    const handle = await client.make(DICE, { limit: 50 }, [["concat", {}]]);
    await client.call("reset", handle, 0, 1, {});
    await client.call("step", handle, 0, "roll");
    const [descriptor, fork] = (await client.call("spawn", handle, 0, true, {})) as [
      unknown,
      number,
    ];
    expect(classNames(descriptor)).toEqual(["ObservationWrapper", "DiceEnv"]);
    const original = await client.call("step", handle, 0, "roll");
    expect(await client.call("step", fork, 0, "roll")).toEqual(original);
  });

  it("make another from the same recipe, with other options", async () => {
    const handle = await client.make(DICE, { limit: 50, seed: 1 }, [["concat", {}]]);
    const [descriptor, other] = (await client.call("spawn", handle, 1, false, { limit: 1 })) as [
      unknown,
      number,
    ];
    expect(classNames(descriptor)).toEqual(["DiceEnv"]);
    await client.call("reset", other, 0, null, {});
    expect(await client.call("step", other, 0, "roll")).toMatchObject({ 2: true });
    await expect(client.call("step", handle, 0, "roll")).rejects.toMatchObject({
      code: "GEM_RESET_NEEDED",
    });
  });

  it("refuse a state of something else", async () => {
    const handle = await client.make(DICE);
    await expect(client.call("set_state", handle, 0, { a: 1 })).rejects.toMatchObject({
      code: "GEM_INVALID_STATE",
    });
    await expect(client.call("set_state", handle, 0, new Tuple([]))).rejects.toMatchObject({
      code: "GEM_INVALID_ARGUMENT",
    });
  });
});

describe("wrap", () => {
  it("gives a further handle around the same environment", async () => {
    const inner = await client.make(DICE);
    const [descriptor, outer] = (await client.call("wrap", inner, 0, "concat", {})) as [
      unknown,
      number,
    ];
    expect(classNames(descriptor)).toEqual(["ObservationWrapper", "DiceEnv"]);
    await client.call("reset", outer, 0, 1, {});
    await client.call("step", inner, 0, "roll");
    expect(await client.call("get", outer, 0, "turn_count")).toBe(1);
  });

  it("wraps an inner layer", async () => {
    const inner = await client.make(DICE, {}, [["concat", {}]]);
    const [descriptor] = (await client.call("wrap", inner, 1, "episode_tracking", {})) as [unknown];
    expect(classNames(descriptor)).toEqual(["EpisodeTrackingWrapper", "DiceEnv"]);
  });
});

describe("close and release", () => {
  it("close an environment for good, twice is fine", async () => {
    const handle = await client.make(DICE);
    expect(await client.call("close", [handle])).toBeNull();
    expect(await client.call("close", [handle, 999])).toBeNull();
    await expect(client.call("reset", handle, 0, 1, {})).rejects.toMatchObject({
      code: "GEM_CLOSED",
    });
  });

  it("close all environments of a vector", async () => {
    const handle = await client.make(DICE);
    const vector = await client.call("vector", [handle], false, "SameStep");
    await client.call("close", [vector]);
    await expect(client.call("reset", handle, 0, 1, {})).rejects.toMatchObject({
      code: "GEM_CLOSED",
    });
  });

  it("forget a handle, and ignore one that is not known", async () => {
    const handle = await client.make(DICE);
    await client.call("release", [handle, handle, 999]);
    await expect(client.call("reset", handle, 0, 1, {})).rejects.toMatchObject({
      code: "GEM_UNKNOWN_HANDLE",
    });
  });

  it("keep an environment open that another handle or a vector shares", async () => {
    const inner = await client.make(DICE);
    const [, outer] = (await client.call("wrap", inner, 0, "concat", {})) as [unknown, number];
    const vector = await client.call("vector", [outer], false, "SameStep");
    await client.call("release", [inner, outer]);
    await expect(client.call("vector_reset", vector, [1], {})).resolves.toHaveLength(2);
  });
});

describe("vector", () => {
  async function makeVector(autoreset = "SameStep", count = 2): Promise<number> {
    const specs = Array.from({ length: count }, (_, seed) => [DICE, { seed, limit: 2 }]);
    const [, made] = (await client.call("make", specs, [])) as [unknown, [number][]];
    const handles = made.map(([handle]) => handle);
    return (await client.call("vector", handles, false, autoreset)) as number;
  }

  it("steps all environments at once", async () => {
    const vector = await makeVector();
    const [observations, infos] = (await client.call("vector_reset", vector, [3, null], {})) as [
      string[],
      object[],
    ];
    expect(observations[0]).toBe("start 2");
    expect(infos).toHaveLength(2);
    const [next, rewards, terminated, truncated] = (await client.call(
      "vector_step",
      vector,
      ["a", null],
      null,
    )) as [string[], Uint8Array, Uint8Array, Uint8Array];
    expect(next[0]).toBe("rolls 2 5");
    expect(doubles(rewards)).toEqual([1, 1]);
    expect([...terminated, ...truncated]).toEqual([0, 0, 0, 0]);
  });

  it("steps some, in the order asked for", async () => {
    const vector = await makeVector("NextStep", 3);
    await client.call("vector_reset", vector, [1, 2, 3], {});
    const [observations, rewards] = (await client.call(
      "vector_step",
      vector,
      ["x", "y"],
      [2, 0],
    )) as [string[], Uint8Array];
    expect(observations[0]).toMatch(/^rolls 2/);
    expect(doubles(rewards)).toEqual([1, 1]);
  });

  it("resets at once what ended, and keeps its last observation", async () => {
    const vector = await makeVector();
    await client.call("vector_reset", vector, [1, 2], {});
    await client.call("vector_step", vector, ["x"], [1]);
    const [observations, , terminated, , infos] = (await client.call(
      "vector_step",
      vector,
      ["x"],
      [1],
    )) as [string[], Uint8Array, Uint8Array, Uint8Array, Record<string, unknown>[]];
    expect([...terminated]).toEqual([1]);
    expect(observations[0]).toMatch(/^start/);
    expect(infos[0]?.["final_observation"]).toMatch(/^rolls/);
  });

  it("takes another environment in a member's place", async () => {
    const vector = await makeVector();
    const other = await client.make(DICE, { limit: 2, seed: 9 });
    await client.call("vector_set", vector, 1, other);
    const [observations] = (await client.call("vector_reset", vector, [1, 3], {})) as [string[]];
    expect(observations[1]).toBe("start 2");
    expect(await client.call("get", other, 0, "turn_count")).toBe(0);
  });

  it.each([
    ["too few actions", "vector_step", [["a"], null], "GEM_ACTION_COUNT"],
    ["an action that is a number", "vector_step", [["a", 1], null], "GEM_INVALID_ACTION"],
    ["actions that are text", "vector_step", ["ab", null], "GEM_INVALID_ACTION"],
    ["an index out of range", "vector_step", [["a"], [2]], "GEM_INVALID_ARGUMENT"],
    ["indices that are text", "vector_step", [["a"], ["0"]], "GEM_INVALID_ARGUMENT"],
    ["too few seeds", "vector_reset", [[1], {}], "GEM_INVALID_SEED"],
    ["options of no environment", "vector_reset", [null, { "2": {} }], "GEM_INVALID_ARGUMENT"],
    ["options under a name", "vector_reset", [null, { first: {} }], "GEM_INVALID_ARGUMENT"],
    ["options that are no map", "vector_reset", [null, { "0": 1 }], "GEM_INVALID_ARGUMENT"],
    ["a place out of range", "vector_set", [2, 1], "GEM_INVALID_ARGUMENT"],
  ])("refuses %s", async (_, method, params, code) => {
    const vector = await makeVector();
    await client.call("vector_reset", vector, [1, 2], {});
    await expect(client.call(method, vector, ...params)).rejects.toMatchObject({ code });
  });

  it("refuses to be empty, or of what is no environment", async () => {
    await expect(client.call("vector", [], false, "SameStep")).rejects.toMatchObject({
      code: "GEM_INVALID_ARGUMENT",
    });
    const vector = await makeVector();
    await expect(client.call("vector", [vector], false, "SameStep")).rejects.toMatchObject({
      code: "GEM_UNKNOWN_HANDLE",
    });
    await expect(client.call("step", vector, 0, "x")).rejects.toMatchObject({
      code: "GEM_UNKNOWN_HANDLE",
    });
  });
});

function classNames(descriptor: unknown): string[] {
  const [, layers] = descriptor as [string, [string][]];
  return layers.map(([className]) => className);
}

function doubles(bytes: Uint8Array): number[] {
  return [...new Float64Array(bytes.slice().buffer)];
}
