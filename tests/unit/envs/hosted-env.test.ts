import { afterEach, describe, expect, it } from "vitest";
import { HostedEnv, type HostedEnvInit } from "../../../src/envs/hosted-env.ts";
import type { HostPool, PoolOptions } from "../../../src/hosts/host-pool.ts";
import { VectorEnv } from "../../../src/vector/vector-env.ts";
import { testPool } from "../../fixtures/hosts.ts";

const pools: HostPool[] = [];

function open(options: PoolOptions = {}): HostPool {
  const pool = testPool({ size: 1, ...options });
  pools.push(pool);
  return pool;
}

function walk(pool: HostPool, init: Partial<HostedEnvInit> = {}): HostedEnv {
  return new HostedEnv({ id: "walk:1", pool: () => pool, envId: "walk", seed: 7n, ...init });
}

/** The observations of an episode from its reset on. */
async function episode(env: HostedEnv, seed: number | null, steps = 5): Promise<unknown[]> {
  const seen: unknown[] = [(await env.reset(seed))[0]];
  for (let i = 0; i < steps; i++) seen.push((await env.step(`a${i}`))[0]);
  return seen;
}

afterEach(async () => {
  await Promise.all(pools.splice(0).map((pool) => pool.close()));
});

describe("HostedEnv", () => {
  it("starts nothing before its first reset", async () => {
    const pool = open();
    const env = walk(pool);
    await expect(env.step("x")).rejects.toMatchObject({ code: "GEM_RESET_NEEDED" });
    await env.close();
    expect(pool.stats().processes).toBe(0);
  });

  it("goes through the same episode for the same seed, whatever runs beside it and came before", async () => {
    const pool = open();
    const alone = await episode(walk(pool), 3);
    const [a, b, c] = [walk(pool), walk(pool, { seed: 8n }), walk(pool, { seed: 9n })];
    await episode(b, 99, 2);
    const beside = await Promise.all([episode(a, 4), episode(b, 3), episode(c, 3)]);
    expect(beside[1]).toEqual(alone);
    expect(beside[2]).toEqual(alone);
    expect(beside[0]).not.toEqual(alone);
  });

  it("starts from the seed it was made with, and goes on from there", async () => {
    const pool = open();
    const env = walk(pool, { seed: 3n });
    const first = await episode(env, null);
    const second = await episode(env, null);
    const other = walk(pool, { seed: 1000n });
    expect(await episode(other, 3)).toEqual(first);
    expect(await episode(other, null)).toEqual(second);
    expect(second).not.toEqual(first);
  });

  it("keeps floats apart from integers in an info", async () => {
    const [, info] = await walk(open()).reset(5);
    expect(info).toMatchObject({ seed: 5, level: { value: 1 } });
  });

  it("is copied in the middle of an episode by playing it again", async () => {
    const pool = open();
    const env = walk(pool);
    await episode(env, 3, 4);
    const copy = walk(pool, { seed: 7n });
    await copy.setState(structuredClone(await env.getState()));
    await env.sampleRandomAction().then(() => copy.sampleRandomAction());
    for (const action of ["x", "y", "z"]) {
      expect(await copy.step(action)).toEqual(await env.step(action));
    }
    expect((await copy.reset())[0]).toBe((await env.reset())[0]);
  });

  it("is copied by its object's own state, random streams included, where it has one", async () => {
    const pool = open();
    const env = walk(pool, { options: { can_save: true } });
    await episode(env, 3, 4);
    const state = await env.getState();
    expect(state).toHaveProperty("object");
    const copy = walk(pool, { options: { can_save: true } });
    await copy.setState(state);
    for (const action of ["x", "y"])
      expect(await copy.step(action)).toEqual(await env.step(action));
    await pool.run("leave", [1]).catch(() => undefined);
    expect(await copy.step("z")).toEqual(await env.step("z"));
  });

  it("copies an environment that has no episode yet", async () => {
    const pool = open();
    const env = walk(pool, { seed: 21n });
    const copy = walk(pool);
    await copy.setState(await env.getState());
    expect(copy.phase).toBe("new");
    expect((await copy.reset())[0]).toBe((await walk(pool).reset(21))[0]);
  });

  it("refuses what is no state and stays as it was", async () => {
    const env = walk(open());
    await env.reset(3);
    for (const state of [
      {},
      { started: true, seeds: {} },
      { started: true, seeds: { start: "1" } },
    ])
      await expect(env.setState(state)).rejects.toMatchObject({ code: "GEM_INVALID_STATE" });
    expect((await env.step("x"))[0]).toContain("after x");
  });

  it("goes on as if nothing had happened when its process is killed in the middle of a vector step", async () => {
    const pool = open();
    const undisturbed = open();
    const results = await Promise.all(
      [pool, undisturbed].map(async (each) => {
        const envs = Array.from({ length: 64 }, () => walk(each));
        const vec = new VectorEnv(envs);
        await vec.reset(100);
        await vec.step(envs.map(() => "first"));
        const step = vec.step(envs.map((_, i) => `second ${i}`));
        if (each === pool) for (const pid of pool.pids()) process.kill(pid, "SIGKILL");
        return [(await step).observations, (await vec.step(envs.map(() => "third"))).observations];
      }),
    );
    expect(results[0]).toEqual(results[1]);
    expect(pool.stats()).toMatchObject({ restarts: 1, objects: 64 });
    expect(undisturbed.stats().restarts).toBe(0);
  });

  it("is a fault when it went another way, and starts anew at the next reset", async () => {
    const pool = open();
    const fair = walk(pool);
    const unfair = walk(pool, { id: "walk:unfair", options: { fair: false } });
    await Promise.all([fair.reset(1), unfair.reset(1)]);
    await Promise.all([fair.step("a"), unfair.step("a")]);
    for (const pid of pool.pids()) process.kill(pid, "SIGKILL");
    const [good, bad] = await Promise.allSettled([fair.step("b"), unfair.step("b")]);
    expect(good.status).toBe("fulfilled");
    expect(bad).toMatchObject({ status: "rejected", reason: { code: "GEM_ENV_FAULT" } });
    await expect(unfair.step("c")).rejects.toThrow(/walk:unfair has no episode any more; reset/);
    await expect(unfair.getState()).rejects.toMatchObject({ code: "GEM_ENV_FAULT" });
    await unfair.reset(2);
    expect((await unfair.step("d"))[1]).toBe(0.5);
  });

  it.each([
    ["hang", "GEM_DEADLINE", /step\(\) of walk:bad was given up: it ran longer than 1000 ms/],
    ["leave", "GEM_ENV_FAULT", /step\(\) of walk:bad lost its process: .* exit code 3/],
    ["crash", "GEM_ENV_FAULT", /step\(\) of walk:bad lost its process: .* SIGSEGV/],
    ["raise", "GEM_OBJECT_FAULT", /step\(\) of walk:bad raised ValueError: no such move/],
    ["quit", "GEM_OBJECT_FAULT", /step\(\) of walk:bad raised SystemExit: 7/],
    ["tuple", "GEM_OBJECT_FAULT", /step\(\) of walk:bad must return \(observation, reward/],
    ["reward", "GEM_OBJECT_FAULT", /it returned 5 values: \["text","high"/],
    ["none", "GEM_OBJECT_FAULT", /it returned null/],
    ["object", "GEM_OBJECT_FAULT", /walk:bad raised ForeignValueError: builtins.object/],
  ])("that does %s is the only one that fails", async (action, code, message) => {
    const pool = open({ deadlineMs: action === "hang" ? 1000 : 60_000, rescueMs: 50 });
    const envs = ["walk:bad", "walk:b", "walk:c"].map((id) => walk(pool, { id }));
    const calm = open();
    const expected = await episode(walk(calm), 3, 4);
    await Promise.all(envs.map((env) => env.reset(3)));
    await Promise.all(envs.map((env) => env.step("a0")));
    const outcomes = await Promise.allSettled(
      envs.map((env, i) => env.step(i === 0 ? action : "a1")),
    );
    expect(outcomes[0]).toMatchObject({
      reason: { code, message: expect.stringMatching(message) as string },
    });
    for (const env of envs.slice(1)) {
      const rest = [(await env.step("a2"))[0], (await env.step("a3"))[0]];
      expect(rest).toEqual(expected.slice(3));
    }
    await envs[0]?.reset(3);
    expect((await envs[0]?.step("a0"))?.[0]).toBe(expected[1]);
  });

  it("reads, sets and calls what its object has, and plays that again too", async () => {
    const pool = open();
    const env = walk(pool);
    await env.reset(3);
    await env.setAttribute("position", 5);
    expect(await env.callMethod("twice", [4])).toBe(9);
    await pool.run("leave", [1]).catch(() => undefined);
    expect(await env.getAttribute("position")).toBe(9);
    await expect(env.getAttribute("_secret")).rejects.toThrow(/private/);
  });

  it("reaches only what is declared, where something is", async () => {
    const env = walk(open(), { attributes: ["position"], methods: [] });
    await env.reset(3);
    expect(await env.getAttribute("position")).toBeTypeOf("number");
    expect(() => env.getAttribute("steps")).toThrow(
      /no attribute "steps".*attributes are: position/,
    );
    expect(() => env.callMethod("twice", [1])).toThrow(/no method "twice"/);
  });

  it("passes None on to objects to which that means to go on, and plays all of it again", async () => {
    const pool = open();
    const env = walk(pool, { unseeded: "none" });
    const calm = walk(open(), { unseeded: "none" });
    expect(await episode(env, null)).toEqual(await episode(calm, null));
    expect((await env.reset())[1]).toMatchObject({ seed: null });
    await calm.reset();
    await pool.run("leave", [1]).catch(() => undefined);
    expect(await env.step("x")).toEqual(await calm.step("x"));
  });

  it("leaves a process that is to be replaced at its next reset", async () => {
    const pool = open({ maxCalls: 4 });
    const env = walk(pool);
    const first = await episode(env, 3);
    const [pid] = pool.pids();
    expect(await episode(env, 3)).toEqual(first);
    expect(pool.pids()).not.toContain(pid);
    expect(pool.stats()).toMatchObject({ objects: 1, restarts: 0 });
  });

  it("answers calls that are made at once in their order, also when its process is killed", async () => {
    const pool = open();
    const [env, calm] = [walk(pool), walk(open())];
    const actions = ["a", "b", "c", "d"];
    const play = (which: HostedEnv): Promise<unknown[]> =>
      Promise.all([which.reset(3), ...actions.map((action) => which.step(action))]);
    await env.reset(3);
    await calm.reset(3);
    const disturbed = play(env);
    for (const pid of pool.pids()) process.kill(pid, "SIGKILL");
    expect(await disturbed).toEqual(await play(calm));
  });

  it("cannot be copied or played again when too much has happened since its last seed", async () => {
    const pool = open();
    const env = walk(pool);
    await env.reset(3);
    for (let i = 0; i < 5; i++) await env.step("x".repeat(1_000_000));
    await expect(env.getState()).rejects.toMatchObject({ code: "GEM_UNSUPPORTED" });
    await pool.run("leave", [1]).catch(() => undefined);
    await expect(env.step("x")).rejects.toThrow(/too much has happened since its last seed/);
    await env.reset(3);
    expect(await env.getState()).toHaveProperty("log");
  });

  it("cannot be closed twice, nor used after", async () => {
    const pool = open();
    const env = walk(pool);
    await env.reset(1);
    await env.close();
    await env.close();
    await expect(env.step("x")).rejects.toMatchObject({ code: "GEM_CLOSED" });
    expect(pool.stats().objects).toBe(0);
  });
});
