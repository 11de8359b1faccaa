import { beforeEach, describe, expect, it } from "vitest";
import { counters } from "./counters.ts";
import { TestServer, settle, type WireClient } from "./wire-client.ts";

const DICE = "test:Dice-v0";

let server: TestServer;
let client: WireClient;

beforeEach(async () => {
  server = new TestServer();
  client = await server.connect();
});

/** A vector of two dice around as many objects of the client as wanted, all reset. */
async function vectorWith(objects: number, isAsync: boolean): Promise<[number, number[]]> {
  const handles = [await client.make(DICE)];
  for (let ref = 0; ref < objects; ref++) handles.push(await client.makeObject(5 + ref));
  handles.push(await client.make(DICE));
  const vector = (await client.call("vector", handles, isAsync, "SameStep")) as number;
  client.answerer = counters();
  await client.call(
    "vector_reset",
    vector,
    handles.map(() => 3),
    {},
  );
  client.answerer = null;
  return [vector, handles];
}

const indicesOf = (reply: unknown): number[] => (reply as [number[]])[0];

describe("vector_send and vector_recv", () => {
  it("give what vector_step gives, with the indices in front", async () => {
    const [vector] = await vectorWith(0, false);
    const [twin] = await vectorWith(0, false);
    expect(await client.call("vector_send", vector, ["roll", "roll"], [1, 0], false)).toBeNull();
    const [indices, ...rest] = (await client.call("vector_recv", vector, 2, null)) as unknown[];
    expect(indices).toEqual([1, 0]);
    expect(rest).toEqual(await client.call("vector_step", twin, ["roll", "roll"], [1, 0]));
  });

  it("take what is there already with the send itself, unless a member has failed or somebody waits", async () => {
    const [vector] = await vectorWith(1, true);
    const send = (actions: string[], indices: number[]): Promise<unknown> =>
      client.call("vector_send", vector, actions, indices, true);
    expect(indicesOf(await send(["roll", "b"], [2, 1]))).toEqual([2]);
    expect(await send(["boom"], [0])).toBeNull();
    await expect(client.call("vector_recv", vector, 1, null)).rejects.toThrow();
    const other = await server.connect(client.id);
    const waiting = other.call("vector_recv", vector, 1, null);
    await settle();
    expect(await send(["roll"], [2])).toBeNull();
    other.answer(other.n, 1, [[true, ["obs", 1, false, false, {}]]]);
    expect(indicesOf(await waiting).sort()).toEqual([1, 2]);
  });

  it("let a recv in one session have what another sends later", async () => {
    const [vector] = await vectorWith(0, false);
    const other = await server.connect(client.id);
    const waiting = other.call("vector_recv", vector, 1, Infinity);
    await settle();
    await client.call("vector_send_reset", vector, [1], [3], false);
    expect(await waiting).toEqual([
      [1],
      ["start 2"],
      new Uint8Array(8),
      Uint8Array.of(0),
      Uint8Array.of(0),
      [{ suffix: "roll!" }],
    ]);
  });

  it("ask the client's objects while it waits in a recv, and give the others at once", async () => {
    const [vector] = await vectorWith(2, true);
    await client.call("vector_send", vector, ["a", "b", "c", "d"], null, false);
    await settle();
    expect(client.ofKind(2)).toHaveLength(1); // That of the reset.
    expect(indicesOf(await client.call("vector_recv", vector, 1, null))).toEqual([0, 3]);
    client.answerer = counters();
    expect(indicesOf(await client.call("vector_recv", vector, 2, null))).toEqual([1, 2]);
  });

  it("ask one object at a time where the vector is not asynchronous, and no more than is waited for", async () => {
    const [vector] = await vectorWith(2, false);
    await client.call("vector_send", vector, ["b", "c"], [1, 2], false);
    const reply = client.call("vector_recv", vector, 1, null);
    await settle();
    const asked = client.ofKind(2).at(-1) as [number, number, number, unknown[]];
    expect(asked[3]).toHaveLength(1);
    client.answer(client.n, asked[2], [[true, ["obs", 1, false, false, {}]]]);
    expect(indicesOf(await reply)).toEqual([1]);
    await settle();
    expect(client.ofKind(2).at(-1)).toBe(asked);
  });

  it("hold a reply back while the client works on an answer, even when time is over", async () => {
    const [vector] = await vectorWith(1, true);
    await client.call("vector_send", vector, ["b"], [1], false);
    const reply = client.call("vector_recv", vector, 1, 0);
    await settle();
    expect(client.received.at(-1)?.[0]).toBe(2);
    client.answer(client.n, 1, [[true, ["obs", 1, false, false, {}]]]);
    expect(indicesOf(await reply)).toEqual([1]);
  });

  it("serve calls on a member after it is back, and on others at once", async () => {
    const [vector, [first = 0, , last = 0]] = await vectorWith(1, true);
    const other = await server.connect(client.id);
    const third = await server.connect(client.id);
    await client.call("vector_send", vector, ["a", "b"], [0, 1], false);
    expect(await other.call("get", first, 0, "turn_count")).toBe(1);
    expect(await third.call("step", last, 0, "roll")).toHaveLength(5);
  });

  it("ask over a call that waits for the very member when there is no recv", async () => {
    const [vector, [, object = 0]] = await vectorWith(1, true);
    await client.call("vector_send", vector, ["b"], [1], false);
    client.answerer = ([, method]) => (method === "step" ? ["obs", 1, false, false, {}] : "drawn");
    expect(await client.call("call", object, 0, "sample_random_action", [])).toBe("drawn");
    expect(indicesOf(await client.call("vector_recv", vector, 1, null))).toEqual([1]);
  });

  it("lose nothing when a recv is given up", async () => {
    const [vector] = await vectorWith(0, true);
    void client.call("vector_recv", vector, 1, Infinity);
    await settle();
    await client.call("list");
    await client.call("vector_send", vector, ["a"], [0], false);
    expect(indicesOf(await client.call("vector_recv", vector, 1, null))).toEqual([0]);
  });

  it("tell of a member's fault once, and of the others in the next recv", async () => {
    const [vector] = await vectorWith(1, true);
    await client.call("vector_send", vector, ["boom", "b", "roll"], null, false);
    client.answerer = counters();
    await expect(client.call("vector_recv", vector, 3, null)).rejects.toMatchObject({
      code: "GEM_ENV_FAULT",
      details: { faulty: [0] },
    });
    expect(indicesOf(await client.call("vector_recv", vector, 3, null)).sort()).toEqual([1, 2]);
    await expect(client.call("vector_recv", vector, 1, null)).rejects.toMatchObject({
      code: "GEM_INVALID_ARGUMENT",
    });
  });

  it("refuse a step, a reset and a second send while a member is in flight", async () => {
    const [vector] = await vectorWith(1, true);
    await client.call("vector_send", vector, ["b"], [1], false);
    const refused = { code: "GEM_IN_FLIGHT", details: { members: [1] } };
    const calls: [string, ...unknown[]][] = [
      ["vector_step", vector, ["a"], [0]],
      ["vector_reset", vector, null, {}],
      ["vector_send", vector, ["a", "b"], [0, 1], false],
      ["vector_send_reset", vector, null, null, false],
    ];
    for (const call of calls) await expect(client.call(...call)).rejects.toMatchObject(refused);
  });

  it("close at once although members ask what nobody answers", async () => {
    const [vector, handles] = await vectorWith(1, true);
    await client.call("vector_send", vector, ["b"], [1], false);
    client.answerer = () => null;
    await client.call("close", [vector]);
    await client.call("release", [vector, ...handles]);
    await settle();
    expect(server.log).toEqual([]);
  });

  it.each([
    ["vector_recv", 0, null],
    ["vector_recv", 1, -1],
    ["vector_recv", 1, "soon"],
    ["vector_send_reset", [-1], null, false],
    ["vector_send_reset", [0], [-1], false],
    ["vector_send", [3], null, false],
  ])("%s refuses %j, %j", async (method, ...params) => {
    const [vector] = await vectorWith(0, false);
    const reply = client.call(method, vector, ...params);
    const error = await reply.then(
      () => "no error",
      (thrown: unknown) => (thrown as { code: string }).code,
    );
    expect(error).toMatch(/^GEM_INVALID/);
  });
});
