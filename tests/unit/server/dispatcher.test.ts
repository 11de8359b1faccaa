import { randomBytes } from "node:crypto";
import { describe, expect, it } from "vitest";
import { encode } from "../../../src/protocol/codec.ts";
import { TestServer, WireClient, settle } from "./wire-client.ts";

describe("hello", () => {
  it("says who the server is", async () => {
    const { transport } = new TestServer();
    const client = new WireClient(transport);
    expect(await client.call("hello", 1, client.id, { pid: 1 })).toEqual({
      version: 1,
      pid: process.pid,
      worker: 0,
      endpoints: ["inline:"],
      born: expect.any(Uint8Array) as unknown,
    });
  });

  it("refuses another version before it reads the rest", async () => {
    const { transport } = new TestServer();
    const client = new WireClient(transport);
    await expect(client.call("hello", 2)).rejects.toMatchObject({ code: "GEM_PROTOCOL_VERSION" });
    client.n = 0;
    await expect(client.call("hello", 1, client.id, {})).resolves.toMatchObject({ version: 1 });
  });

  it("refuses a client id of another length", async () => {
    const { transport } = new TestServer();
    const client = new WireClient(transport);
    await expect(client.call("hello", 1, randomBytes(15), {})).rejects.toMatchObject({
      code: "GEM_INVALID_ARGUMENT",
      message: "hello: params.1: must be 16 bytes.",
    });
  });

  it("must come first: other calls say that the server was restarted", async () => {
    const { transport } = new TestServer();
    const client = new WireClient(transport);
    await expect(client.call("list")).rejects.toMatchObject({ code: "GEM_SERVER_LOST" });
    client.answer(1, 1, []);
    expect(client.received.at(-1)?.slice(0, 3)).toEqual([1, 1, "GEM_SERVER_LOST"]);
  });
});

describe("bye", () => {
  it("ends the session and leaves the client's environments to its other sessions", async () => {
    const server = new TestServer();
    const first = await server.connect();
    const second = await server.connect(first.id);
    const handle = await first.make("test:Dice-v0");
    expect(await first.call("bye")).toBeNull();
    await expect(first.call("list")).rejects.toMatchObject({ code: "GEM_SERVER_LOST" });
    await expect(second.call("reset", handle, 0, 1, {})).resolves.toHaveLength(2);
  });
});

describe("a repeated call", () => {
  it("gets the same reply again and does not step twice", async () => {
    const client = await new TestServer().connect();
    const handle = await client.make("test:Dice-v0");
    await client.call("reset", handle, 0, 5, {});
    const step = encode([0, client.session, client.n + 1, "step", [handle, 0, "roll"]]);
    client.n += 1;
    for (let i = 0; i < 3; i++) client.sendFrame(step);
    const replies = client.received.slice(-3);
    expect(replies[1]).toEqual(replies[0]);
    expect(replies[2]).toEqual(replies[0]);
    expect(await client.call("get", handle, 0, "turn_count")).toBe(1);
  });

  it("gets the reply over the connection on which it was repeated", async () => {
    const client = await new TestServer().connect();
    client.reconnect();
    client.send([0, client.session, client.n, "hello", [1, client.id, {}]]);
    expect(client.received.at(-1)?.slice(0, 2)).toEqual([0, 1]);
  });

  it("that failed gets its error again", async () => {
    const client = await new TestServer().connect();
    await expect(client.call("step", 7, 0, "x")).rejects.toMatchObject({
      code: "GEM_UNKNOWN_HANDLE",
    });
    client.send([0, client.session, client.n, "step", [7, 0, "x"]]);
    expect(client.received.at(-1)).toEqual(client.received.at(-2));
  });
});

describe("a call out of order", () => {
  it.each([
    ["older than the last", -1],
    ["beyond the next", 2],
  ])("%s is refused and changes nothing", async (_, offset) => {
    const client = await new TestServer().connect();
    await client.call("list");
    client.send([0, client.session, client.n + offset, "list", []]);
    expect(client.received.at(-1)?.slice(0, 3)).toEqual([1, client.n + offset, "GEM_BAD_FRAME"]);
    await expect(client.call("list")).resolves.toBeInstanceOf(Array);
  });
});

describe("a frame that cannot be read", () => {
  it("is answered with number 0 when it names no call", async () => {
    const client = await new TestServer().connect();
    client.sendFrame(Buffer.from("c1", "hex"));
    expect(client.received.at(-1)?.slice(0, 3)).toEqual([1, 0, "GEM_BAD_FRAME"]);
  });

  it("fails the call that it names, whose number is used up", async () => {
    const client = await new TestServer().connect();
    const frame = encode([0, client.session, ++client.n, "list", [1]]);
    client.sendFrame(frame.subarray(0, -1));
    expect(client.received.at(-1)?.slice(0, 3)).toEqual([1, client.n, "GEM_BAD_FRAME"]);
    await expect(client.call("list")).resolves.toBeInstanceOf(Array);
  });

  it("of a session that is not known is answered as well", () => {
    const client = new WireClient(new TestServer().transport);
    client.sendFrame(encode([0, client.session, 1, "hello", [1]]).subarray(0, -1));
    expect(client.received.at(-1)?.slice(0, 3)).toEqual([1, 1, "GEM_BAD_FRAME"]);
  });
});

describe("an unknown method", () => {
  it("is refused with the nearest name", async () => {
    const client = await new TestServer().connect();
    await expect(client.call("vector_stop")).rejects.toMatchObject({
      code: "GEM_UNKNOWN_METHOD",
      message: 'The protocol has no method "vector_stop". Did you mean "vector_step"?',
    });
  });

  it("may not be a part of an object", async () => {
    const client = await new TestServer().connect();
    await expect(client.call("constructor")).rejects.toMatchObject({ code: "GEM_UNKNOWN_METHOD" });
  });
});

describe("a bug", () => {
  it("reaches the client as a correlation id, and the log with its stack", async () => {
    const server = new TestServer();
    const client = await server.connect();
    const handle = await client.make("test:Dice-v0");
    await client.call("reset", handle, 0, 1, {});
    const error = (await client.call("step", handle, 0, "boom").catch((e: unknown) => e)) as {
      code: string;
      message: string;
      details: { correlation: string };
    };
    expect(error.code).toBe("GEM_INTERNAL");
    expect(error.message).not.toContain("the die is broken");
    const [entry] = server.log;
    expect(entry?.fields["correlation"]).toBe(error.details.correlation);
    expect(entry?.fields["error"]).toMatch(/the die is broken[\s\S]*envs\.ts/);
  });

  it("in one environment of a vector leaves the others alone", async () => {
    const server = new TestServer();
    const client = await server.connect();
    const handles = [await client.make("test:Dice-v0"), await client.make("test:Dice-v0")];
    const vector = await client.call("vector", handles, false, "SameStep");
    await client.call("vector_reset", vector, [1, 2], {});
    await expect(client.call("vector_step", vector, ["boom", "roll"], null)).rejects.toMatchObject({
      code: "GEM_ENV_FAULT",
      details: { index: 0, correlation: server.log[0]?.fields["correlation"] },
    });
    expect(await client.call("get", handles[1], 0, "turn_count")).toBe(1);
  });
});

describe("sessions", () => {
  it("of one client share its environments, those of another do not", async () => {
    const server = new TestServer();
    const client = await server.connect();
    const sibling = await server.connect(client.id);
    const stranger = await server.connect();
    const handle = await client.make("test:Dice-v0");
    await expect(sibling.call("reset", handle, 0, 1, {})).resolves.toHaveLength(2);
    await expect(stranger.call("reset", handle, 0, 1, {})).rejects.toMatchObject({
      code: "GEM_UNKNOWN_HANDLE",
    });
  });

  it("go on with the next call when the last one's reply was lost", async () => {
    const client = await new TestServer().connect();
    const handle = await client.make("test:Dice-v0");
    void client.call("reset", handle, 0, 1, {});
    await settle();
    await expect(client.call("step", handle, 0, "roll")).resolves.toHaveLength(5);
  });
});
