import { beforeEach, describe, expect, it } from "vitest";
import { counters } from "./counters.ts";
import { TestServer, settle, type WireClient } from "./wire-client.ts";

let server: TestServer;
let client: WireClient;

beforeEach(async () => {
  server = new TestServer();
  client = await server.connect();
});

describe("groups", () => {
  it("serve calls on one environment one after the other, in order of arrival", async () => {
    const sibling = await server.connect(client.id);
    const third = await server.connect(client.id);
    const handle = await client.makeObject(5);
    const done: string[] = [];
    void client.call("reset", handle, 0, null, {}).then(() => done.push("first"));
    void sibling.call("reset", handle, 0, null, {}).then(() => done.push("second"));
    void third.call("reset", handle, 0, null, {}).then(() => done.push("third"));
    await settle();
    expect([sibling.ofKind(2), third.ofKind(2)]).toEqual([[], []]);
    for (const session of [client, sibling, third]) {
      session.answer(session.n, 1, [[true, ["obs", {}]]]);
      await settle();
    }
    expect(done).toEqual(["first", "second", "third"]);
  });

  it("let calls on other environments pass while one waits for the client", async () => {
    const sibling = await server.connect(client.id);
    const waiting = await client.makeObject(5);
    const free = await client.make("test:Dice-v0");
    void client.call("reset", waiting, 0, null, {});
    await settle();
    await expect(sibling.call("reset", free, 0, 3, {})).resolves.toEqual([
      "start 2",
      { suffix: "roll!" },
    ]);
    await expect(sibling.call("list")).resolves.toBeInstanceOf(Array);
  });

  it("hold a wrapper and what it wraps, and a vector and its environments, together", async () => {
    client.answerer = counters();
    const sibling = await server.connect(client.id);
    const member = await client.makeObject(5);
    const other = await client.make("test:Dice-v0");
    const [, wrapped] = (await client.call("wrap", other, 0, "concat", {})) as [unknown, number];
    const vector = await client.call("vector", [member, other], true, "SameStep");
    client.answerer = null;
    const reply = client.call("vector_reset", vector, [1, 3], {});
    await settle();
    const blocked = sibling.call("reset", wrapped, 0, 3, {});
    await settle();
    expect(sibling.received).toHaveLength(1);
    client.answer(client.n, 1, [[true, ["obs", {}]]]);
    await expect(reply).resolves.toMatchObject({ 0: ["obs", "start 2"] });
    await expect(blocked).resolves.toMatchObject({ 0: "start 2\nroll!" });
  });

  it("that calls wait in are merged in order of arrival", async () => {
    const sessions = [
      client,
      await server.connect(client.id),
      await server.connect(client.id),
      await server.connect(client.id),
    ];
    const [one, two, three, four] = sessions as [WireClient, WireClient, WireClient, WireClient];
    const a = await one.makeObject(1);
    const b = await one.makeObject(2);
    const done: string[] = [];
    void one.call("reset", a, 0, null, {}).then(() => done.push("reset a"));
    const vector = two.call("vector", [a, b], false, "SameStep").then(() => done.push("vector"));
    void three.call("step", b, 0, "x").then(() => done.push("step b"));
    void four.call("step", a, 0, "x").then(() => done.push("step a"));
    await settle();
    expect(done).toEqual([]);
    one.answer(one.n, 1, [[true, ["obs", {}]]]);
    await vector;
    await settle();
    three.answer(three.n, 1, [[true, ["obs", 0, false, false, {}]]]);
    await settle();
    expect(done).toEqual(["reset a", "vector", "step b"]);
    four.answer(four.n, 1, [[true, ["obs", 0, false, false, {}]]]);
    await settle();
    expect(done).toEqual(["reset a", "vector", "step b", "step a"]);
  });

  it("serve a thousand queued calls without running out of stack", async () => {
    const handle = await client.makeObject(5);
    const others = await Promise.all(Array.from({ length: 1000 }, () => server.connect(client.id)));
    void client.call("reset", handle, 0, null, {});
    const replies = others.map((session) =>
      session.call("call", handle, 0, "sample_random_action", []),
    );
    for (const session of others) session.answerer = () => "act";
    await settle();
    client.answer(client.n, 1, [[true, ["obs", {}]]]);
    expect(new Set(await Promise.all(replies))).toEqual(new Set(["act"]));
  });

  it("close an environment only when no call uses it any more", async () => {
    const sibling = await server.connect(client.id);
    const handle = await client.makeObject(5);
    const reply = client.call("reset", handle, 0, null, {});
    await settle();
    await sibling.call("release", [handle]);
    client.answer(client.n, 1, [[true, ["obs", {}]]]);
    await expect(reply).resolves.toEqual(["obs", {}]);
  });
});
