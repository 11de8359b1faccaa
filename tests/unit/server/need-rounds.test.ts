import { beforeEach, describe, expect, it } from "vitest";
import { encode } from "../../../src/protocol/codec.ts";
import { ClientRef } from "../../../src/protocol/values.ts";
import { counters } from "./counters.ts";
import { TestServer, settle, type NeedItem, type WireClient } from "./wire-client.ts";

let server: TestServer;
let client: WireClient;

beforeEach(async () => {
  server = new TestServer();
  client = await server.connect();
});

async function vectorOf(refs: readonly number[], asyncMode: boolean): Promise<number> {
  const handles: number[] = [];
  for (const ref of refs) handles.push(await client.makeObject(ref));
  return (await client.call("vector", handles, asyncMode, "SameStep")) as number;
}

describe("needs", () => {
  it("of an asynchronous vector travel together, round by round", async () => {
    client.answerer = counters();
    const vector = await vectorOf([1, 2, 3], true);
    client.received.length = 0;
    await client.call("vector_reset", vector, [4, 5, 6], {});
    expect(client.ofKind(2)).toEqual([
      [
        2,
        client.n,
        1,
        [
          [1, "reset", [4], {}],
          [2, "reset", [5], {}],
          [3, "reset", [6], {}],
        ],
      ],
    ]);
    await client.call("vector_step", vector, ["a", "b", "c"], null);
    client.received.length = 0;
    const [observations] = (await client.call("vector_step", vector, ["a", "b", "c"], null)) as [
      string[],
    ];
    expect(observations).toEqual(["1 starts", "2 starts", "3 starts"]);
    expect(
      client
        .ofKind(2)
        .map(([, , round, items]) => [round, (items as NeedItem[]).map(([, name]) => name)]),
    ).toEqual([
      [1, ["step", "step", "step"]],
      [2, ["reset", "reset", "reset"]],
    ]);
  });

  it("of a vector whose environments need different things still travel together", async () => {
    client.answerer = ([ref, ...item]) => (ref === 9 ? "templated" : counters()([ref, ...item]));
    const chat = await client.makeObject(1, [["concat_chat", { tokenizer: new ClientRef(9) }]]);
    const plain = await client.makeObject(2);
    const own = await client.make("test:Dice-v0");
    const vector = await client.call("vector", [chat, plain, own], true, "SameStep");
    client.received.length = 0;
    await client.call("vector_reset", vector, [1, 2, 3], {});
    expect(
      client.ofKind(2).map(([, , , items]) => (items as NeedItem[]).map(([ref]) => ref)),
    ).toEqual([[1, 2], [9]]);
  });

  it("of a synchronous vector come one after the other", async () => {
    client.answerer = counters();
    const vector = await vectorOf([1, 2], false);
    client.received.length = 0;
    await client.call("vector_reset", vector, null, {});
    expect(
      client.ofKind(2).map(([, , round, items]) => [round, (items as NeedItem[]).length]),
    ).toEqual([
      [1, 1],
      [2, 1],
    ]);
  });

  it("are sent again when the call is repeated, and an answer counts once", async () => {
    client.answerer = counters();
    const handle = await client.makeObject(5);
    await client.call("reset", handle, 0, null, {});
    client.answerer = null;
    const reply = client.call("step", handle, 0, "x");
    await settle();
    client.reconnect();
    client.send([0, client.session, client.n, "step", [handle, 0, "x"]]);
    expect(client.ofKind(2).at(-1)).toEqual(client.ofKind(2).at(-2));
    const answer = encode([
      1,
      client.session,
      client.n,
      1,
      [[true, ["moved", 0, false, false, {}]]],
    ]);
    client.sendFrame(answer);
    await expect(reply).resolves.toMatchObject({ 0: "moved" });
    client.received.length = 0;
    client.sendFrame(answer);
    expect(client.received).toMatchObject([[0, client.n, { 0: "moved" }]]);
  });

  it("that follow a repeated answer are sent again", async () => {
    const vector = await vectorOf([1, 2], false);
    void client.call("vector_reset", vector, null, {});
    await settle();
    client.answer(client.n, 1, [[true, ["one", {}]]]);
    await settle();
    client.received.length = 0;
    client.answer(client.n, 1, [[true, ["one", {}]]]);
    expect(client.received).toEqual([[2, client.n, 2, [[2, "reset", [null], {}]]]]);
  });

  it.each([
    [
      "with too many outcomes",
      [
        [true, 1],
        [true, 2],
      ],
    ],
    ["that cannot be read", [[null, 1]]],
  ])("answered %s end the call", async (_, outcomes) => {
    const handle = await client.makeObject(5);
    const reply = client.call("reset", handle, 0, null, {});
    await settle();
    client.answer(client.n, 1, outcomes);
    await expect(reply).rejects.toMatchObject({ code: "GEM_BAD_FRAME" });
  });

  it("of a call that the client gave up fail, and the next call is served", async () => {
    const handle = await client.makeObject(5);
    void client.call("reset", handle, 0, null, {});
    await settle();
    client.answerer = counters();
    await expect(client.call("reset", handle, 0, null, {})).resolves.toEqual(["5 starts", {}]);
    client.answer(client.n - 1, 1, [[true, ["late", {}]]]);
    expect(client.ofKind(1)).toEqual([]);
  });

  it("of a session that said bye fail, and others reach the environment", async () => {
    const sibling = await server.connect(client.id);
    const handle = await client.makeObject(5);
    void client.call("reset", handle, 0, null, {});
    await settle();
    sibling.answerer = counters();
    const waiting = sibling.call("reset", handle, 0, null, {});
    void client.call("bye");
    await expect(waiting).resolves.toEqual(["5 starts", {}]);
  });

  it("that cannot be sent end the call", async () => {
    const handle = await client.makeObject(5);
    client.answerer = () => null;
    const deep = Array.from({ length: 61 }).reduce<unknown>((inner) => [inner], 1);
    await expect(client.call("set", handle, 0, "x", deep)).rejects.toMatchObject({
      code: "GEM_LIMIT",
    });
  });
});
