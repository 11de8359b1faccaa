import { randomBytes } from "node:crypto";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { inlineHost } from "../../../src/core/host.ts";
import { Client } from "../../../src/server/client.ts";
import type { Entry } from "../../../src/server/entry.ts";
import { toTool } from "../../../src/tools/index.ts";
import { DiceEnv } from "../../fixtures/envs.ts";
import { FakeClock } from "./fake-clock.ts";
import { TestServer, WireClient, settle } from "./wire-client.ts";

const DICE = "test:Dice-v0";
const GRACE_MS = 60_000;
const HOUR_MS = 3_600_000;

let clock: FakeClock;
let server: TestServer;
let presence: boolean[];

beforeEach(() => {
  clock = new FakeClock();
  presence = [];
  server = new TestServer(inlineHost, {
    graceMs: GRACE_MS,
    clock,
    onPresence: (isAnybodyHere) => presence.push(isAnybodyHere),
  });
});

function known(): readonly number[] {
  const { sessions } = server.dispatcher;
  return [sessions.size, sessions.clients, sessions.leases.connections, sessions.leases.away];
}

/** A client's environment that notes its end. */
async function makeEnv(client: WireClient): Promise<number> {
  const handle = await client.make(DICE, { seed: 1 });
  await client.call("reset", handle, 0, null, {});
  return handle;
}

describe("a lease", () => {
  it("lasts as long as a connection, however long the client says nothing", async () => {
    const client = await server.connect();
    const handle = await makeEnv(client);
    clock.advance(HOUR_MS);
    await expect(client.call("step", handle, 0, "x")).resolves.toBeDefined();
    expect(clock.waiting).toBe(0);
  });

  it("survives a cut that is shorter than the grace time", async () => {
    const client = await server.connect();
    const handle = await makeEnv(client);
    client.disconnect();
    clock.advance(GRACE_MS - 1);
    client.reconnect();
    const step = client.call("step", handle, 0, "x");
    clock.advance(HOUR_MS);
    await expect(step).resolves.toBeDefined();
    expect(known()).toEqual([1, 1, 1, 0]);
  });

  it("ends after the grace time, and everything of the client with it", async () => {
    const client = await server.connect();
    await makeEnv(client);
    await client.call("make_tool", "python_code", {});
    client.disconnect();
    clock.advance(GRACE_MS);
    expect(known()).toEqual([0, 0, 0, 0]);
  });

  it("tells late calls that it has ended", async () => {
    const client = await server.connect();
    const handle = await makeEnv(client);
    client.disconnect();
    clock.advance(GRACE_MS);
    client.reconnect();
    await expect(client.call("step", handle, 0, "x")).rejects.toMatchObject({
      code: "GEM_SERVER_LOST",
      message: expect.stringContaining("lease ended") as string,
    });
  });

  it("can begin anew, and old handles stand for nothing new", async () => {
    const client = await server.connect();
    const old = await makeEnv(client);
    client.disconnect();
    clock.advance(GRACE_MS);
    const back = await server.connect(client.id);
    expect(await makeEnv(back)).toBe(old + 1);
    await expect(back.call("step", old, 0, "x")).rejects.toMatchObject({
      code: "GEM_UNKNOWN_HANDLE",
    });
  });

  it("is held by any session of the client", async () => {
    const first = await server.connect();
    const handle = await makeEnv(first);
    const second = await server.connect(first.id);
    first.disconnect();
    clock.advance(HOUR_MS);
    await expect(second.call("step", handle, 0, "x")).resolves.toBeDefined();
    second.disconnect();
    clock.advance(GRACE_MS);
    expect(known()).toEqual([0, 0, 0, 0]);
  });

  it("ends after a farewell, too, when the client leaves environments behind", async () => {
    const client = await server.connect();
    await makeEnv(client);
    await client.call("bye");
    expect(known()).toEqual([0, 1, 0, 1]);
    clock.advance(GRACE_MS);
    expect(known()).toEqual([0, 0, 0, 0]);
  });

  it("closes the client's environments", async () => {
    const close = vi.spyOn(DiceEnv.prototype, "close");
    const client = await server.connect();
    const handles = [await client.make(DICE), await client.make(DICE)];
    await client.call("vector", handles, false, "SameStep");
    client.disconnect();
    clock.advance(GRACE_MS);
    await settle();
    expect(new Set(close.mock.contexts).size).toBe(2);
    close.mockRestore();
  });

  it("takes what a call would still add", () => {
    const client = new Client("x".repeat(16));
    const late: Entry[] = [];
    expect(client.end((entry) => late.push(entry))).toEqual([]);
    const tool = toTool({ tool: "python_code", options: {} });
    client.add({ kind: "tool", tool });
    expect([late.length, client.isEmpty]).toEqual([1, true]);
  });

  it("waits for the call that runs before it closes its environment", async () => {
    const client = await server.connect();
    const handle = await makeEnv(client);
    void client.call("step", handle, 0, "slow").catch(() => undefined);
    client.disconnect();
    clock.advance(GRACE_MS);
    await settle();
    expect(server.log).toEqual([]);
  });

  it("is for ever where there is no grace time", async () => {
    const lasting = new TestServer(inlineHost, { clock });
    const client = await lasting.connect();
    const handle = await makeEnv(client);
    client.disconnect();
    clock.advance(1000 * HOUR_MS);
    client.reconnect();
    await expect(client.call("step", handle, 0, "x")).resolves.toBeDefined();
  });

  it("leaves nothing behind of 10,000 short-lived clients", async () => {
    for (let i = 0; i < 10_000; i++) {
      const client = new WireClient(server.transport, randomBytes(16));
      await client.call("hello", 1, client.id, { pid: i });
      const handle = await client.make(DICE, { seed: i });
      if (i % 3 === 0) await client.call("release", [handle]);
      if (i % 2 === 0) await client.call("bye");
      client.disconnect();
    }
    clock.advance(GRACE_MS);
    expect(known()).toEqual([0, 0, 0, 0]);
    expect(clock.waiting).toBe(0);
  });
});

describe("presence", () => {
  it("is told when the first client comes and the last one goes", async () => {
    const first = await server.connect();
    const second = await server.connect();
    first.disconnect();
    expect(presence).toEqual([true]);
    second.disconnect();
    expect(presence).toEqual([true, false]);
    second.reconnect();
    await second.call("list");
    expect(presence).toEqual([true, false, true]);
  });
});
