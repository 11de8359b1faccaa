import { describe, expect, it } from "vitest";
import { Histogram } from "../../../../src/server/metrics/histogram.ts";
import type { WorkerStats } from "../../../../src/server/metrics/stats.ts";
import { countFault } from "../../../../src/core/fault-counts.ts";
import { TestServer, settle, type WireClient } from "../wire-client.ts";

const DICE = "test:Dice-v0";

async function statsOf(client: WireClient): Promise<WorkerStats> {
  return (await client.call("stats")) as WorkerStats;
}

function callsOf({ calls }: WorkerStats): unknown {
  return calls
    .filter(({ id }) => id === DICE)
    .map(({ method, count, environments, errors }) => [method, count, environments, errors]);
}

describe("stats", () => {
  it("counts calls and environments by id and method", async () => {
    const client = await new TestServer().connect();
    const handles = [await client.make(DICE), await client.make(DICE), await client.make(DICE)];
    await client.call("reset", handles[0], 0, 1, {});
    await client.call("step", handles[0], 0, "roll");
    const vector = await client.call("vector", handles, false, "SameStep");
    await client.call("vector_reset", vector, null, {});
    await client.call("vector_step", vector, ["a", "b", "c"], null);
    await client.call("vector_step", vector, ["a", "b"], [2, 0]);
    await expect(client.call("step", handles[0], 0, 5)).rejects.toThrow();
    const stats = await statsOf(client);
    expect(callsOf(stats)).toEqual([
      ["reset", 1, 1, 0],
      ["step", 2, 1, 1],
      ["vector_reset", 1, 3, 0],
      ["vector_step", 2, 5, 0],
    ]);
    const step = stats.calls.find(({ id, method }) => id === DICE && method === "step");
    expect(step && Histogram.fromWire(step).quantile(1)).toBe(step?.max_ms);
  });

  it("tells the ids of a mixed vector apart, also after one was exchanged", async () => {
    const client = await new TestServer().connect();
    const other = "game:GuessTheNumber-v0-easy";
    const handles = [await client.make(DICE), await client.make(other)];
    const vector = await client.call("vector", handles, false, "SameStep");
    await client.call("vector_reset", vector, null, {});
    await client.call("vector_step", vector, ["a", "b"], null);
    await client.call("vector_step", vector, ["b"], [1]);
    await client.call("vector_set", vector, 0, await client.make(other));
    await client.call("vector_reset", vector, null, {});
    await client.call("vector_step", vector, ["a", "b"], null);
    const { calls } = await statsOf(client);
    const stepped = calls
      .filter(({ method }) => method === "vector_step")
      .map(({ id, environments }) => [id, environments]);
    expect(stepped).toEqual([
      [DICE, 1],
      [other, 4],
    ]);
  });

  it("knows which environments exist", async () => {
    const client = await new TestServer().connect();
    const before = (await statsOf(client)).environments[DICE] ?? 0;
    const handles = [await client.make(DICE), await client.make(DICE)];
    const vector = await client.call("vector", handles, false, "SameStep");
    expect((await statsOf(client)).environments[DICE]).toBe(before + 2);
    await client.call("release", handles);
    expect((await statsOf(client)).environments[DICE]).toBe(before + 2);
    await client.call("release", [vector]);
    expect((await statsOf(client)).environments[DICE] ?? 0).toBe(before);
  });

  it("counts sessions, clients, and the calls that run and wait", async () => {
    const server = new TestServer();
    const client = await server.connect();
    const second = await server.connect(client.id);
    const third = await server.connect(client.id);
    const handle = await client.makeObject(1);
    // The client's object is asked and does not answer: this call runs, and the next waits for it.
    const running = second.call("reset", handle, 0, null, {});
    const waiting = third.call("step", handle, 0, "x");
    running.catch(() => undefined);
    waiting.catch(() => undefined);
    expect(await statsOf(client)).toMatchObject({
      sessions: 3,
      clients: 1,
      calls_in_flight: 2,
      calls_waiting: 1,
    });
    // A call that is given up before its turn leaves no trace.
    await third.call("list");
    await second.call("list");
    await settle();
    expect(await statsOf(client)).toMatchObject({ calls_in_flight: 1, calls_waiting: 0 });
  });

  it("has the faults of this thread's environments", async () => {
    const client = await new TestServer().connect();
    countFault("test:Faulty-v0", "GEM_DEADLINE", "masked");
    countFault("test:Faulty-v0", "GEM_DEADLINE", "masked");
    expect((await statsOf(client)).faults).toContainEqual({
      id: "test:Faulty-v0",
      cause: "GEM_DEADLINE",
      outcome: "masked",
      count: 2,
    });
  });
});

describe("load", () => {
  it("says how much a worker has to do", async () => {
    const client = await new TestServer().connect();
    const before = (await client.call("load")) as { readonly environments: number };
    await client.make(DICE);
    expect(await client.call("load")).toEqual({
      environments: before.environments + 1,
      sessions: 1,
      calls_in_flight: 1,
      draining: false,
    });
  });
});
