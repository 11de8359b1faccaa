import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, describe, expect, it } from "vitest";
import { HostPool, type HostCommand, type PoolOptions } from "../../../src/hosts/host-pool.ts";
import { testHost, testPool } from "../../fixtures/hosts.ts";
import { until } from "../../fixtures/until.ts";

const folder = mkdtempSync(join(tmpdir(), "gem-pool-"));
const pools: HostPool[] = [];
let pipes = 0;

function open(options: PoolOptions = {}): HostPool {
  const pool = testPool({ size: 1, ...options });
  pools.push(pool);
  return pool;
}

function openWith(command: Partial<HostCommand>, options: PoolOptions = {}): HostPool {
  const pool = new HostPool(() => ({ ...testHost(), ...command }), { size: 1, ...options });
  pools.push(pool);
  return pool;
}

/** A named pipe, whose reader waits until something is written. */
function pipe(): string {
  const path = join(folder, `pipe${pipes++}`);
  execFileSync("mkfifo", [path]);
  return path;
}

afterEach(async () => {
  await Promise.all(pools.splice(0).map((pool) => pool.close()));
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe("HostPool.run", () => {
  it("gives what the function gives, by content", async () => {
    const value = { text: "ü\n", list: [1, 1.5, null, true], big: 2n ** 70n, deep: { a: [[]] } };
    expect(await open().run("echo", [value])).toEqual(value);
  });

  it("gives each its own answer, many at once and over several processes", async () => {
    const pool = open({ size: 2 });
    const numbers = Array.from({ length: 500 }, (_, i) => i);
    expect(await Promise.all(numbers.map((i) => pool.run("echo", [i])))).toEqual(numbers);
    const large = "x".repeat(3_000_000);
    expect(await pool.run("echo", [large])).toBe(large);
  });

  it.each([
    ["fail", ["no"], "GEM_OBJECT_FAULT", "fail() of rg:x raised ValueError: no"],
    ["refuse", ["size is odd"], "GEM_INVALID_OPTION", "size is odd"],
    ["quit_politely", [], "GEM_OBJECT_FAULT", "quit_politely() of rg:x raised SystemExit: 7"],
    ["ask", [], "GEM_OBJECT_FAULT", "ask() of rg:x raised EOFError: EOF when reading a line"],
    ["nothing", [], "GEM_UNKNOWN_METHOD", /^host_library has no function 'nothing'; it has echo,/],
    ["object_itself", [], "GEM_OBJECT_FAULT", /builtins\.object has no form outside Python/],
    ["leave", [3], "GEM_ENV_FAULT", "leave() of rg:x lost its process: it ended with exit code 3."],
    ["crash", [], "GEM_ENV_FAULT", "crash() of rg:x lost its process: it was ended by SIGSEGV."],
  ])("tells what %s does to it", async (fn, args, code, message) => {
    const pool = open();
    const call = pool.run(fn, args, { owner: "rg:x" });
    await expect(call).rejects.toMatchObject({ code });
    await expect(call).rejects.toThrow(message);
    expect(await pool.run("echo", [1])).toBe(1);
  });

  it("refuses arguments that have no form on the wire, and serves the others", async () => {
    const pool = open();
    const bad = expect(pool.run("echo", [() => 1])).rejects;
    await Promise.all([
      bad.toThrow("echo() of a library cannot be asked: A function has no form on the wire."),
      expect(pool.run("echo", [2])).resolves.toBe(2),
    ]);
  });

  it("ends what runs longer than its deadline, and nothing else", async () => {
    const pool = open();
    const slow = pool.run("hang", [], { deadlineMs: 200, owner: "rg:slow" });
    const others = Array.from({ length: 20 }, (_, i) => pool.run("echo", [i]));
    await expect(slow).rejects.toMatchObject({ code: "GEM_DEADLINE" });
    await expect(slow).rejects.toThrow("hang() of rg:slow was given up: it ran longer than 200 ms");
    expect(await Promise.all(others)).toEqual(others.map((_, i) => i));
    expect(pool.stats().restarts).toBe(1);
  });

  it("counts neither the start of a process nor the time in a queue as running", async () => {
    const path = pipe();
    const pool = open({ rescueMs: 60_000 });
    const first = pool.run("wait_for", [path]);
    const second = pool.run("echo", [1], { deadlineMs: 50 });
    const opened = writeFile(path, "go");
    expect(await first).toBe("go");
    expect(await second).toBe(1);
    await opened;
    expect(pool.stats().restarts).toBe(0);
  });

  it("runs elsewhere what waits behind a call that runs long", async () => {
    const path = pipe();
    const pool = open({ rescueMs: 30 });
    const long = pool.run("wait_for", [path]);
    expect(await pool.run("echo", [1])).toBe(1);
    expect(pool.stats().processes).toBe(2);
    await writeFile(path, "done");
    expect(await long).toBe("done");
    expect(pool.stats().restarts).toBe(0);
    await until(() => pool.stats().processes === 1);
  });

  it("asks again what a killed process did not answer, but not for ever what ran each time", async () => {
    const pool = open({ rescueMs: 30 });
    await pool.run("pid", []);
    const path = pipe();
    const call = pool.run("wait_for", [path]);
    for (const pid of pool.pids()) process.kill(pid, "SIGKILL");
    await Promise.all([writeFile(path, "again"), expect(call).resolves.toBe("again")]);
    const victim = expect(pool.run("hang", [], { owner: "rg:victim" })).rejects.toThrow(
      /hang\(\) of rg:victim lost its process: .*SIGKILL/,
    );
    for (const round of [1, 2]) {
      expect(await pool.run("echo", [round])).toBe(round);
      const pids = pool.pids();
      for (const pid of pids) process.kill(pid, "SIGKILL");
      await until(() => pool.pids().every((pid) => !pids.includes(pid)));
    }
    await victim;
  });

  it("runs what is done ahead when nobody waits for anything else", async () => {
    const pool = open();
    const path = pipe();
    const order: string[] = [];
    const note = (name: string) => () => void order.push(name);
    const running = pool.run("wait_for", [path]);
    const all = [
      pool.run("echo", [0], { ahead: true }).then(note("ahead")),
      ...Array.from({ length: 5 }, () => pool.run("echo", [1]).then(note("now"))),
    ];
    await Promise.all([writeFile(path, "go"), running]);
    await Promise.all(all);
    expect(order).toEqual(["now", "now", "now", "now", "now", "ahead"]);
  });

  it("runs in the process that is named what has something there, and elsewhere when it is gone", async () => {
    const pool = open({ size: 2, rescueMs: 60_000 });
    const paths = [pipe(), pipe()];
    const both = paths.map((path) => pool.run("wait_for", [path]));
    // The first has two calls, so this one is the second's.
    await pool.run("pid", []);
    await Promise.all([...paths.map((path) => writeFile(path, "x")), ...both]);
    const places: number[] = [];
    const onPlaced = (process: number): void => void places.push(process);
    for (const near of pool.pids()) {
      const calls = Array.from({ length: 5 }, () => pool.run("pid", [], { near, onPlaced }));
      expect(await Promise.all(calls)).toEqual(Array(5).fill(near));
      expect(places.splice(0)).toEqual(Array(5).fill(near));
    }
    const [lost = 0, other = 0] = pool.pids();
    process.kill(lost, "SIGKILL");
    await until(() => !pool.pids().includes(lost));
    expect(await pool.run("pid", [], { near: lost, onPlaced })).toBe(other);
    expect(places).toEqual([other]);
  });

  it("tells again where a call runs whose process was killed", async () => {
    const pool = open();
    await pool.run("pid", []);
    const [first = 0] = pool.pids();
    const path = pipe();
    const places: number[] = [];
    const onPlaced = (process: number): void => void places.push(process);
    const call = pool.run("wait_for", [path], { near: first, onPlaced });
    process.kill(first, "SIGKILL");
    await Promise.all([writeFile(path, "again"), expect(call).resolves.toBe("again")]);
    expect(places).toEqual([first, pool.pids()[0]]);
  });

  it("starts another process where work waits", async () => {
    const pool = open({ size: 2, rescueMs: 60_000 });
    const paths = [pipe(), pipe()];
    const both = paths.map((path) => pool.run("wait_for", [path]));
    await until(() => pool.stats().processes === 2);
    await Promise.all([...paths.map((path) => writeFile(path, "x")), ...both]);
  });
});

describe("HostPool", () => {
  it("starts nothing before it is asked", () => {
    expect(open().stats()).toEqual({ processes: 0, objects: 0, queued: 0, restarts: 0 });
  });

  it("puts objects made at once into as many processes as there may be, evenly", async () => {
    const pool = open({ size: 2 });
    const objects = await Promise.all(
      Array.from({ length: 10 }, (_, i) => pool.make("walk", {}, BigInt(i), "w")),
    );
    expect(pool.stats()).toMatchObject({ processes: 2, objects: 10 });
    for (const object of objects) object.release();
    expect(pool.stats().objects).toBe(0);
  });

  it("replaces a process after so many calls, once it keeps no object any more", async () => {
    const pool = open({ maxCalls: 5 });
    const object = await pool.make("walk", {}, 1n, "w");
    const [first] = pool.pids();
    const pids = new Set<unknown>();
    for (let i = 0; i < 20; i++) pids.add(await pool.run("pid", []));
    expect(pids.size).toBeGreaterThanOrEqual(4);
    expect(object.isDue).toBe(true);
    expect(object.isGone).toBe(false);
    await object.call("reset", [1]);
    object.release();
    await until(() => !pool.pids().includes(first ?? 0));
    expect(pool.stats().restarts).toBe(0);
  });

  it("replaces a process that is too old", async () => {
    const pool = open({ maxAgeMs: 1 });
    const first = await pool.run("pid", []);
    expect(await pool.run("pid", [])).not.toBe(first);
  });

  it("replaces a process that keeps too much memory", async () => {
    const pool = open({ maxMemoryBytes: 150 * 1024 * 1024 });
    const first = await pool.run("pid", []);
    await pool.run("allocate", [160]);
    let last = first;
    while (last === first) last = await pool.run("pid", []);
    expect(pool.stats().restarts).toBe(0);
  });

  it("ends a call that takes twice the memory there is", async () => {
    const pool = open({ maxMemoryBytes: 100 * 1024 * 1024 });
    const call = pool.run("allocate_and_hang", [300], { owner: "rg:hog" });
    await expect(call).rejects.toMatchObject({ code: "GEM_ENV_FAULT" });
    await expect(call).rejects.toThrow(
      /rg:hog lost its process: it took \d+ MiB of memory\..*GEM_/,
    );
  });

  it("refuses what is asked after it was closed, and what is open then", async () => {
    const pool = open();
    await pool.run("echo", [1]);
    const object = await pool.make("walk", {}, 1n, "w");
    const pending = [pool.run("hang", []), pool.run("echo", [2]), object.call("reset", [1])];
    const outcomes = Promise.allSettled(pending);
    await pool.close();
    for (const outcome of await outcomes)
      expect(outcome).toMatchObject({ reason: { code: "GEM_CLOSED" } });
    await expect(pool.run("echo", [3])).rejects.toMatchObject({ code: "GEM_CLOSED" });
    await expect(pool.make("walk", {}, 1n, "w")).rejects.toMatchObject({ code: "GEM_CLOSED" });
    expect(pool.stats().processes).toBe(0);
  });

  it.each([
    ["there is no Python", { command: "/no/such/python" }, /could not be run \(spawn .*ENOENT\)/],
    [
      "its library is missing",
      { args: [...testHost().args.slice(0, 2), "nix"] },
      /ModuleNotFoundError/,
    ],
    ["it says nothing", { command: "sleep", args: ["1000"] }, /it did not start within 300 ms/],
    [
      "it talks nonsense",
      python("os.write(3, b'\\x02\\0\\0\\0hi'); time.sleep(1000)"),
      /cannot be read/,
    ],
    ["it sends too much", python("os.write(3, b'\\xff' * 9); time.sleep(1000)"), /it was ended/],
  ])("tells why it cannot start when %s", async (_, command, reason) => {
    const pool = openWith(command, { startMs: command.command === "sleep" ? 300 : 60_000 });
    const calls = [pool.run("echo", [1]), pool.run("echo", [2]), pool.make("walk", {}, 1n, "w")];
    for (const outcome of await Promise.allSettled(calls))
      expect(outcome).toMatchObject({
        reason: { code: "GEM_UNAVAILABLE", message: expect.stringMatching(reason) as string },
      });
  });

  it("passes on that a library is not installed", async () => {
    const pool = new HostPool(() => {
      throw new Error("no library");
    });
    await expect(pool.run("echo", [1])).rejects.toThrow("no library");
    await expect(pool.make("walk", {}, 1n, "w")).rejects.toThrow("no library");
  });

  it("gives processes none of the trainer's modules, and sets of strings one order", async () => {
    process.env["PYTHONPATH"] = folder;
    const [one, two] = [open(), open()];
    const words = Array.from({ length: 50 }, (_, i) => `word${i}`);
    const orders = await Promise.all([one, two].map((pool) => pool.run("hash_order", [words])));
    delete process.env["PYTHONPATH"];
    expect(orders[0]).toEqual(orders[1]);
    const path = await one.run("search_path", []);
    expect(path).not.toContain(folder);
    expect((path as string[]).filter((entry) => entry.endsWith("_host"))).toEqual([]);
    expect(await one.run("loaded", ["zmq"])).toBe(false);
    expect(await one.run("use_gem", [])).toBe("Env");
  });
});

function python(code: string): Partial<HostCommand> {
  return { args: ["-c", `import os, time; ${code}`] };
}
