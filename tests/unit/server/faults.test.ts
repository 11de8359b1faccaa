import { beforeEach, describe, expect, it } from "vitest";
import { inlineHost } from "../../../src/core/host.ts";
import { createRegistry } from "../../../src/make.ts";
import { ClientRef } from "../../../src/protocol/values.ts";
import { TROUBLE, TroubleEnv, calm, plan } from "../../fixtures/trouble-env.ts";
import { TestServer, type WireClient } from "./wire-client.ts";

const DEADLINE = 0.05;

let server: TestServer;
let client: WireClient;

beforeEach(async () => {
  calm();
  const registry = createRegistry();
  registry.register(TROUBLE, TroubleEnv);
  server = new TestServer(inlineHost, { registry });
  client = await server.connect();
});

async function make(policy: unknown, wrappers: unknown[] = [], count = 1): Promise<number[]> {
  const specs = Array.from({ length: count }, (_, i) => [TROUBLE, { seed: i }]);
  const [, made] = (await client.call("make", specs, wrappers, policy)) as [unknown, [number][]];
  return made.map(([handle]) => handle);
}

describe("make and vector", () => {
  it.each([
    [{ on_fault: "skip" }, "on_fault"],
    [{ deadline: 0 }, "deadline"],
    [{ deadline: "soon" }, "deadline"],
    [{ policy: "mask" }, "params.2"],
  ])("refuse the policy %o before anything is made", async (policy, word) => {
    await expect(make(policy)).rejects.toMatchObject({
      code: "GEM_INVALID_ARGUMENT",
      message: expect.stringContaining(word) as string,
    });
    expect(plan.made).toBe(0);
    const [handle] = await make(null);
    await expect(client.call("vector", [handle], false, "SameStep", policy)).rejects.toMatchObject({
      code: "GEM_INVALID_ARGUMENT",
    });
  });
});

describe("step and reset", () => {
  it("go on with another environment under the same handle, wrappers included", async () => {
    const [handle] = await make({ on_fault: "retry", deadline: DEADLINE }, [["concat", {}]]);
    await client.call("reset", handle, 0, 3, {});
    const [before] = (await client.call("step", handle, 0, "roll")) as [string];
    plan.steps = ["hang"];
    const [after, , , , info] = (await client.call("step", handle, 0, "risk")) as [
      string,
      number,
      boolean,
      boolean,
      Record<string, unknown>,
    ];
    expect(after.startsWith(before)).toBe(true);
    expect(info["gem"]).toMatchObject({ outcome: "retried", cause: "GEM_DEADLINE" });
    const rolls = (await client.call("get", handle, 1, "rolls")) as number[];
    expect(rolls).toHaveLength(3);
  });

  it("reach the other environment through every handle of it", async () => {
    const [inner] = await make({ on_fault: "mask" });
    const [, outer] = (await client.call("wrap", inner, 0, "concat", {})) as [unknown, number];
    await client.call("reset", outer, 0, 3, {});
    plan.steps = ["throw"];
    const masked = (await client.call("step", outer, 0, "risk")) as unknown[];
    expect(masked.slice(0, 4)).toEqual(["", 0, false, true]);
    await client.call("reset", outer, 0, 4, {});
    await client.call("step", outer, 0, "roll");
    expect(await client.call("get", inner, 0, "rolls")).toHaveLength(2);
  });

  it("give no state of a lost episode, and take one in a fresh environment", async () => {
    const [handle] = await make({ on_fault: "mask" });
    await client.call("reset", handle, 0, 3, {});
    const state = await client.call("get_state", handle, 0);
    plan.steps = ["throw"];
    await client.call("step", handle, 0, "risk");
    await expect(client.call("get_state", handle, 0)).rejects.toMatchObject({
      code: "GEM_RESET_NEEDED",
    });
    await client.call("set_state", handle, 0, state);
    const step = (await client.call("step", handle, 0, "roll")) as unknown[];
    expect(step[3]).toBe(false);
  });

  it("leave a note in the log of what no error tells, with its stack", async () => {
    const [handle] = await make({ on_fault: "mask" });
    await client.call("reset", handle, 0, 3, {});
    plan.steps = ["throw"];
    await client.call("step", handle, 0, "risk");
    expect(server.log).toContainEqual({
      message: "A fault",
      fields: expect.objectContaining({
        id: TROUBLE,
        outcome: "masked",
        error: expect.stringContaining("the die is broken\n") as string,
      }) as object,
    });
  });
});

describe("vector_step and vector_reset", () => {
  async function vector(policy: unknown): Promise<number> {
    const handles = await make(null, [], 2);
    const vec = (await client.call("vector", handles, false, "SameStep", policy)) as number;
    await client.call("vector_reset", vec, [1, 2], {});
    return vec;
  }

  it("have a sixth element only where something is marked", async () => {
    const vec = await vector({ on_fault: "mask" });
    expect(await client.call("vector_step", vec, ["roll", "roll"], null)).toHaveLength(5);
    plan.steps = ["throw"];
    const reply = (await client.call("vector_step", vec, ["roll", "risk"], null)) as unknown[];
    expect([...((reply[5] as unknown[])[0] as Uint8Array)]).toEqual([0, 1]);
    expect((reply[5] as unknown[])[1]).toEqual([]);
    plan.resets = ["fine", "throw", "throw"];
    const reset = (await client.call("vector_reset", vec, [1, 2], {})) as unknown[];
    expect([...((reset[2] as unknown[])[0] as Uint8Array)]).toEqual([0, 1]);
  });

  it("send what the others did with the error", async () => {
    const vec = await vector(null);
    plan.steps = ["throw"];
    const error: unknown = await client
      .call("vector_step", vec, ["roll", "risk"], null)
      .catch((thrown: unknown) => thrown);
    const { details } = error as { details: Record<string, unknown> };
    expect(details).toMatchObject({ index: 1, faulty: [1] });
    const [observations, , , truncated, infos, faults] = details["partial"] as [
      string[],
      unknown,
      unknown,
      Uint8Array,
      Record<string, unknown>[],
      [Uint8Array],
    ];
    expect(observations[0]).toMatch(/^rolls /);
    expect([observations[1], ...truncated]).toEqual(["", 0, 1]);
    expect(infos[1]?.["gem"]).toMatchObject({ outcome: "fault" });
    expect([...faults[0]]).toEqual([0, 1]);
  });
});

describe("an object of the client", () => {
  it("is replaced by what its spawn gives, and the client is told which", async () => {
    client.answerer = ([ref, method, args]) => {
      if (method === "spawn") return new ClientRef(ref + 1);
      if (method === "reset") return ["start", {}];
      if (method === "step" && ref === 7 && args[0] === "fail") throw new Error("broken");
      return [`${String(ref)} did ${String(args[0])}`, 1, false, false, {}];
    };
    const handle = await client.makeObject(7);
    const policy = { on_fault: "retry" };
    const vec = (await client.call("vector", [handle], false, "SameStep", policy)) as number;
    await client.call("vector_reset", vec, [1], {});
    const reply = (await client.call("vector_step", vec, ["fail"], null)) as unknown[];
    expect(reply[0]).toEqual(["8 did fail"]);
    expect((reply[5] as unknown[])[1]).toEqual([[0, new ClientRef(8)]]);
    expect(await client.call("vector_step", vec, ["go"], null)).toHaveLength(5);
  });
});
