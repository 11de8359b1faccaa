import { beforeEach, describe, expect, it } from "vitest";
import { ClientRef } from "../../../src/protocol/values.ts";
import { counters } from "./counters.ts";
import { TestServer, settle, type WireClient } from "./wire-client.ts";

let server: TestServer;
let client: WireClient;

beforeEach(async () => {
  server = new TestServer();
  client = await server.connect();
});

describe("an environment that is an object of the client", () => {
  it("is reset and stepped through needs", async () => {
    client.answerer = counters();
    const handle = await client.makeObject(5);
    expect(await client.call("reset", handle, 0, 2n ** 70n, { idx: 1 })).toEqual(["5 starts", {}]);
    expect(client.ofKind(2).at(-1)).toEqual([
      2,
      client.n,
      1,
      [[5, "reset", [2n ** 70n], { idx: 1 }]],
    ]);
    expect(await client.call("step", handle, 0, "go")).toEqual([
      "5 did go",
      1,
      false,
      false,
      { count: 1 },
    ]);
  });

  it("gives a reward that stays a float, and passes observations of any kind through", async () => {
    client.answerer = () => [new ClientRef(77), 1, true, false, {}];
    const handle = await client.makeObject(5);
    expect(await client.call("step", handle, 0, "x")).toEqual([
      new ClientRef(77),
      1,
      true,
      false,
      {},
    ]);
    expect(client.frames.at(-1)?.toString("hex")).toContain("cb3ff0000000000000");
  });

  it.each([
    ["reset", "text"],
    ["reset", ["obs", 1]],
    ["reset", ["obs", {}, 1]],
    ["step", ["obs", 1, true, false]],
    ["step", ["obs", "1", true, false, {}]],
    ["step", ["obs", 1, 1, false, {}]],
    ["step", ["obs", 1, true, false, null]],
    ["step", ["obs", true, true, false, {}]],
  ])("whose %s returns %j is at fault, by name", async (method, value) => {
    client.answerer = () => value;
    const handle = await client.makeObject(5);
    const params = method === "reset" ? [null, {}] : ["x"];
    await expect(client.call(method, handle, 0, ...params)).rejects.toMatchObject({
      code: "GEM_OBJECT_FAULT",
      message: expect.stringContaining(`${method}() of my:Env5 must return`) as string,
    });
  });

  it("that raises ends the call with the client's own exception", async () => {
    client.answerer = () => {
      throw new Error("no such move");
    };
    const handle = await client.makeObject(5);
    await expect(client.call("step", handle, 0, "x")).rejects.toMatchObject({
      code: "GEM_OBJECT_FAULT",
      message: "step() of my:Env5 raised ValueError: no such move",
      details: { type: "ValueError", ref: 99, method: "step" },
    });
  });

  it("answers for its attributes, methods, state and end", async () => {
    const asked: unknown[] = [];
    client.answerer = ([, ...item]) => {
      asked.push(item);
      return item[0] === "get_state" ? new ClientRef(8) : 42;
    };
    const handle = await client.makeObject(5, [["concat", {}]]);
    expect(await client.call("get", handle, 0, "score")).toBe(42);
    await client.call("set", handle, 0, "score", 7);
    expect(await client.call("call", handle, 0, "peek", [1])).toBe(42);
    const state = await client.call("get_state", handle, 0);
    await client.call("set_state", handle, 0, state);
    await client.call("close", [handle]);
    await client.call("close", [handle]);
    expect(asked).toEqual([
      ["getattr", ["score"], {}],
      ["setattr", ["score", 7], {}],
      ["call", ["peek", [1]], {}],
      ["get_state", [], {}],
      ["set_state", [new ClientRef(8)], {}],
      ["close", [], {}],
    ]);
    await expect(client.call("step", handle, 0, "x")).rejects.toMatchObject({ code: "GEM_CLOSED" });
  });

  it("is forked by asking it for another object", async () => {
    const asked: unknown[] = [];
    client.answerer = ([ref, method, args, kwargs]) => {
      asked.push([ref, method, args, kwargs]);
      return method === "spawn" ? new ClientRef(6) : { position: 3 };
    };
    const handle = await client.makeObject(5, [["concat", {}]]);
    const [, fork] = (await client.call("spawn", handle, 0, true, { level: 2 })) as [
      unknown,
      number,
    ];
    expect(asked).toEqual([
      [5, "spawn", [], { level: 2 }],
      [5, "get_state", [], {}],
      [6, "set_state", [{ position: 3 }], {}],
    ]);
    await client.call("close", [fork]);
    expect(asked.at(-1)).toEqual([6, "close", [], {}]);
  });

  it("is let go of without a word when its handle is released", async () => {
    const handle = await client.makeObject(5);
    await client.call("release", [handle]);
    await settle();
    expect(client.ofKind(2)).toEqual([]);
    expect(server.log).toEqual([]);
  });
});
