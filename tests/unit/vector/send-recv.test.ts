import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { ResetResult } from "../../../src/core/env.ts";
import type { VectorResetResult, VectorStepResult } from "../../../src/vector/vector-env.ts";
import { VectorEnv } from "../../../src/vector/vector-env.ts";
import type { VectorRecvResult } from "../../../src/vector/send-recv-result.ts";
import { dice } from "../../fixtures/envs.ts";

const vector = (count: number, options = {}): VectorEnv => {
  const vec = new VectorEnv(
    Array.from({ length: count }, (_, i) => dice(i)),
    options,
  );
  vec.reset(7);
  return vec;
};

const now = (result: VectorRecvResult | Promise<VectorRecvResult>): VectorRecvResult => {
  if (result instanceof Promise) throw new Error("it waits");
  return result;
};

describe("send and recv", () => {
  it("give what step gives, with the members' positions", () => {
    const sent = vector(3);
    const stepped = vector(3);
    sent.send(["roll", "roll"], [2, 0]);
    const { indices, ...rest } = now(sent.recv());
    expect([...indices]).toEqual([2, 0]);
    expect(rest).toEqual(stepped.step(["roll", "roll"], [2, 0]));
  });

  it("give members in order of completion, and wait for as many as wanted", async () => {
    const vec = vector(3);
    vec.send(["slow", "roll", "slow"]);
    expect([...now(vec.recv()).indices]).toEqual([1]);
    expect(vec.inFlight).toEqual([0, 2]);
    expect([...(await vec.recv({ min: 2 })).indices]).toEqual([0, 2]);
    expect(vec.inFlight).toEqual([]);
  });

  it("come early when nothing else is in flight", async () => {
    const vec = vector(2);
    vec.send(["slow"], [1]);
    expect([...(await vec.recv({ min: 2 })).indices]).toEqual([1]);
  });

  it("leave what is beyond max for the next recv", () => {
    const vec = vector(3);
    vec.send(["roll", "roll", "roll"]);
    expect([...now(vec.recv({ max: 2 })).indices]).toEqual([0, 1]);
    expect([...now(vec.recv()).indices]).toEqual([2]);
  });

  it("give nothing once the time is over", async () => {
    const vec = vector(1);
    const nothing = await vec.recv({ maxWaitSeconds: 0.01 });
    expect(nothing).toMatchObject({ observations: [], infos: [] });
    expect(nothing.rewards).toHaveLength(0);
    vec.send(["slow"]);
    expect(now(vec.recv({ maxWaitSeconds: 0 })).indices).toHaveLength(0);
    expect([...(await vec.recv()).indices]).toEqual([0]);
  });

  it("wait for what is sent later when there is an end to the wait", async () => {
    const vec = vector(1);
    const waiting = vec.recv({ maxWaitSeconds: 60 });
    vec.send(["roll"]);
    expect([...(await waiting).indices]).toEqual([0]);
  });

  it("refuse to wait for nothing", () => {
    expect(() => vector(1).recv()).toThrow(/would wait for ever: nothing is in flight/);
  });

  it("name the members in flight that something is wanted of, and start nothing", () => {
    const vec = vector(3);
    vec.send(["slow", "roll"], [0, 2]);
    const refused = { code: "GEM_IN_FLIGHT", details: { members: [0, 2] } };
    expect(() => vec.send(["a", "a", "a"])).toThrow(expect.objectContaining(refused));
    expect(() => vec.sendReset()).toThrow(expect.objectContaining(refused));
    expect(() => vec.step(["a"], [1])).toThrow(expect.objectContaining(refused));
    expect(() => vec.reset()).toThrow(/recv\(\) first; close\(\) discards them/);
    expect(() => vec.setEnv(2, dice(9))).toThrow(
      expect.objectContaining({ details: { members: [2] } }),
    );
    expect(vec.envs[1]?.getAttribute("turn_count")).toBe(0);
  });

  it("check everything before a member begins", () => {
    const vec = vector(2);
    expect(() => vec.send(["roll"])).toThrow(/send\(\) needs one action for each of 2/);
    expect(() => vec.send(["roll", 3 as never])).toThrow(
      expect.objectContaining({ code: "GEM_INVALID_ACTION" }),
    );
    expect(() => vec.send(["a", "a"], [1, 1])).toThrow(/twice/);
    expect(() => vec.sendReset([1], [1, 2])).toThrow(
      expect.objectContaining({ code: "GEM_INVALID_SEED" }),
    );
    expect(vec.inFlight).toEqual([]);
  });

  it("raise a member's fault once, and keep what the others did", () => {
    const vec = vector(3);
    vec.send(["roll", "boom", "roll"]);
    expect(() => vec.recv({ min: 3 })).toThrow(
      expect.objectContaining({
        code: "GEM_ENV_FAULT",
        details: { faulty: [1], index: 1, id: "test:Dice-v0" },
      }),
    );
    expect([...now(vec.recv({ min: 2 })).indices]).toEqual([0, 2]);
    expect(vec.inFlight).toEqual([]);
  });

  it("begin episodes from seeds", () => {
    const vec = vector(3);
    vec.sendReset([2, 0], [7, null]);
    const result = now(vec.recv({ min: 2 }));
    expect([...result.indices]).toEqual([2, 0]);
    expect(result.observations[0]).toBe((dice().reset(7) as ResetResult)[0]);
    expect([...result.rewards, ...result.terminated, ...result.truncated]).toEqual([
      0, 0, 0, 0, 0, 0,
    ]);
  });

  it("start the next episode as step does, in both autoreset modes", () => {
    for (const autoreset of ["SameStep", "NextStep"] as const) {
      const sent = vector(1, { autoreset });
      const stepped = vector(1, { autoreset });
      for (let i = 0; i < 8; i++) {
        sent.send(["roll"]);
        const { indices, ...rest } = now(sent.recv());
        expect([...indices]).toEqual([0]);
        expect(rest).toEqual(stepped.step(["roll"]));
      }
    }
  });

  it("end a wait by its signal, without losing a result", async () => {
    const vec = vector(1);
    const stop = new AbortController();
    const waiting = vec.recv({ maxWaitSeconds: 60, signal: stop.signal });
    stop.abort(new Error("enough"));
    await expect(waiting).rejects.toThrow("enough");
    vec.send(["roll"]);
    expect([...now(vec.recv()).indices]).toEqual([0]);
  });

  it("are discarded by close, which waits for what is on its way", async () => {
    const vec = vector(2);
    vec.send(["slow", "roll"]);
    await vec.close();
    expect(vec.inFlight).toEqual([]);
    expect(() => vec.step(["a", "a"])).toThrow(expect.objectContaining({ code: "GEM_CLOSED" }));
  });

  it("give every member the trajectory that step gives, however they are interleaved", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(fc.nat(3), fc.constantFrom("roll", "slow"), fc.nat(2)), {
          maxLength: 40,
        }),
        async (plan) => {
          const vec = vector(4);
          const seen: unknown[][] = [[], [], [], []];
          const sent: string[][] = [[], [], [], []];
          const take = async (min: number): Promise<void> => {
            const result = await vec.recv({ min });
            result.indices.forEach((index, i) =>
              seen[index]?.push([result.observations[i], result.rewards[i], result.terminated[i]]),
            );
          };
          for (const [index, action, min] of plan) {
            while (vec.inFlight.includes(index)) await take(1);
            vec.send([action], [index]);
            sent[index]?.push(action);
            if (min > 0) await take(min);
          }
          while (vec.inFlight.length > 0) await take(1);
          const alone = vector(4);
          for (const [index, actions] of sent.entries()) {
            const wanted: unknown[] = [];
            for (const action of actions) {
              const step = await alone.step([action], [index]);
              wanted.push([step.observations[0], step.rewards[0], step.terminated[0]]);
            }
            expect(seen[index]).toEqual(wanted);
          }
        },
      ),
      { numRuns: 60 },
    );
  });
});

describe("a vector", () => {
  it("steps as before once everything is received", () => {
    const vec = vector(2);
    vec.send(["roll", "roll"]);
    now(vec.recv({ min: 2 }));
    expect((vec.step(["roll", "roll"]) as VectorStepResult).rewards).toEqual(Float64Array.of(2, 2));
    expect((vec.reset(1) as VectorResetResult)[0]).toHaveLength(2);
  });
});
