import { describe, expect, it } from "vitest";
import { inlineHost } from "../../../src/core/host.ts";
import { encode } from "../../../src/protocol/codec.ts";
import { DEFAULT_QUOTAS, type Quotas } from "../../../src/server/quotas.ts";
import { FakeClock } from "./fake-clock.ts";
import { TestServer } from "./wire-client.ts";

const DICE = "test:Dice-v0";

function serverWith(quotas: Partial<Quotas>, clock = new FakeClock()): TestServer {
  return new TestServer(inlineHost, { quotas: { ...DEFAULT_QUOTAS, ...quotas }, clock });
}

function limited(...words: string[]): object {
  const message = new RegExp(words.join(".*"));
  return { code: "GEM_LIMIT", message: expect.stringMatching(message) as string };
}

describe("environments", () => {
  it("are made up to the limit, all or none", async () => {
    const client = await serverWith({ environments: 3 }).connect();
    await client.make(DICE);
    const three = Array.from({ length: 3 }, () => [DICE, {}]);
    await expect(client.call("make", three, [])).rejects.toMatchObject(
      limited("3 environments", "has 1; 3 more", "--max-environments"),
    );
    await client.call("make", three.slice(1), []);
    await expect(client.make(DICE)).rejects.toMatchObject(limited("has 3; 1 more"));
  });

  it("count until nothing holds them", async () => {
    const client = await serverWith({ environments: 1 }).connect();
    const handle = await client.make(DICE);
    const vector = await client.call("vector", [handle], false, "SameStep");
    await client.call("release", [handle]);
    await expect(client.make(DICE)).rejects.toMatchObject(limited("--max-environments"));
    await client.call("release", [vector]);
    await expect(client.make(DICE)).resolves.toBeGreaterThan(0);
  });

  it("count when they are spawned, and not when they are wrapped", async () => {
    const client = await serverWith({ environments: 2 }).connect();
    const handle = await client.make(DICE);
    await client.call("wrap", handle, 0, "concat", {});
    await client.call("spawn", handle, 0, false, {});
    await expect(client.call("spawn", handle, 0, false, {})).rejects.toMatchObject(
      limited("--max-environments"),
    );
  });

  it("are each client's own", async () => {
    const server = serverWith({ environments: 1 });
    await (await server.connect()).make(DICE);
    await expect((await server.connect()).make(DICE)).resolves.toBeGreaterThan(0);
  });
});

describe("sessions", () => {
  it("are opened up to the limit", async () => {
    const server = serverWith({ sessions: 2 });
    const first = await server.connect();
    const second = await server.connect(first.id);
    await expect(server.connect(first.id)).rejects.toMatchObject(
      limited("2 sessions", "--max-sessions"),
    );
    await second.call("bye");
    await expect(server.connect(first.id)).resolves.toBeDefined();
    await expect(server.connect()).resolves.toBeDefined();
  });
});

describe("calls a second", () => {
  it("are refused beyond the limit, until time has passed", async () => {
    const clock = new FakeClock();
    const client = await serverWith({ callsPerSecond: 2 }, clock).connect();
    const handle = await client.make(DICE);
    await client.call("reset", handle, 0, 1, {});
    await expect(client.call("step", handle, 0, "x")).rejects.toMatchObject(
      limited("2 calls a second", "--max-calls-per-second"),
    );
    clock.advance(500);
    await client.call("step", handle, 0, "x");
    // The refused step was none.
    clock.advance(500);
    expect(await client.call("get", handle, 0, "turn_count")).toBe(1);
  });

  it("never keep a client from giving back what it has", async () => {
    const client = await serverWith({ callsPerSecond: 1 }).connect();
    const handle = await client.make(DICE);
    await client.call("close", [handle]);
    await client.call("release", [handle]);
    await client.call("bye");
  });
});

describe("a frame", () => {
  it("above the limit is refused with its call's number", async () => {
    const client = await serverWith({ frameBytes: 1000 }).connect();
    const handle = await client.make(DICE);
    await client.call("reset", handle, 0, 1, {});
    await expect(client.call("step", handle, 0, "x".repeat(1000))).rejects.toMatchObject(
      limited("1000 bytes", "--max-frame-mb"),
    );
    expect(await client.call("get", handle, 0, "turn_count")).toBe(0);
  });

  it("may have just as many bytes as the limit says", async () => {
    const client = await serverWith({ frameBytes: 1000 }).connect();
    const handle = await client.make(DICE);
    await client.call("reset", handle, 0, 1, {});
    const empty = encode([0, client.session, client.n + 1, "step", [handle, 0, "x".repeat(300)]]);
    await client.call("step", handle, 0, "x".repeat(300 + 1000 - empty.length));
  });
});
