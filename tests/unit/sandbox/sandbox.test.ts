import { execFileSync } from "node:child_process";
import { afterAll, describe, expect, it } from "vitest";
import { GemError } from "../../../src/errors.ts";
import type { SandboxLevel, SandboxRun } from "../../../src/sandbox/sandbox.ts";
import { Sandbox } from "../../../src/sandbox/sandbox.ts";
import { WITH_BWRAP } from "./level.ts";

const LEVELS: SandboxLevel[] = WITH_BWRAP ? ["bwrap", "rlimit", "none"] : ["rlimit", "none"];
const BEST = LEVELS[0] ?? "rlimit";
const TIMEOUT_MS = 10_000;
const KEPT = 64 * 1024;

const sandboxes = new Map(LEVELS.map((level) => [level, new Sandbox({ level, parallel: 2 })]));

afterAll(async () => {
  await Promise.all([...sandboxes.values()].map((sandbox) => sandbox.close()));
});

function sandboxOf(level: SandboxLevel): Sandbox {
  const sandbox = sandboxes.get(level);
  if (sandbox === undefined) throw new Error(level);
  return sandbox;
}

async function run(level: SandboxLevel, code: string, rest: Partial<SandboxRun> = {}) {
  return sandboxOf(level).run({ code, timeoutMs: TIMEOUT_MS, ...rest });
}

/** What the interpreter itself makes of a program. */
function plain(code: string): { exitCode: number; stdout: string; stderr: string } {
  const script = `import json, subprocess, sys
done = subprocess.run([sys.executable, "-c", sys.stdin.read()], stdin=subprocess.DEVNULL, capture_output=True, text=True)
print(json.dumps([done.returncode, done.stdout, done.stderr]))`;
  const text = execFileSync("python3", ["-c", script], { input: code, encoding: "utf8" });
  const [exitCode, stdout, stderr] = JSON.parse(text) as [number, string, string];
  return { exitCode, stdout, stderr };
}

const PROGRAMS = {
  "prints a line": "print(1)",
  "prints without a line's end": "print('a', end='')",
  "prints other letters": "print('é', '日本', '😀')",
  "raises an error": "def f():\n  return 1 / 0\nprint('before')\nf()",
  "raises an error while it handles one":
    "try:\n  {}['a']\nexcept KeyError as e:\n  raise ValueError('b') from e",
  "has a syntax error": "print(",
  "has an indentation error": "if 1:\nprint(1)",
  "ends with a number": "import sys; sys.exit(3)",
  "ends with a text": "import sys; sys.exit('bye')",
  "ends with nothing": "raise SystemExit",
  "ends with a large number": "raise SystemExit(300)",
  "ends at once": "import os; print('lost'); os._exit(4)",
  "asks for input that is not there": "input('name? ')",
  "recurs without end": "def f(): f()\nf()",
  "shows the limit of recursion": "import sys; print(sys.getrecursionlimit())",
  "shows its names": "print(sorted(globals()), __name__)",
  "shows its arguments": "import sys; print(sys.argv, sys.path[0] == '')",
  warns: "import warnings; warnings.warn('careful')",
  "has exit handlers, threads and destructors": `import atexit, threading, time
class A:
  def __del__(self): print("del")
a = A()
atexit.register(print, "atexit")
threading.Thread(target=lambda: (time.sleep(0.05), print("thread"))).start()
print("end")`,
  "fails in a thread":
    "import threading\nt = threading.Thread(target=lambda: 1 / 0, name='t')\nt.start(); t.join()",
  "replaces the hook of exceptions":
    "import sys\nsys.excepthook = lambda *a: print('hook', a[0].__name__)\n1 / 0",
  "closes its output": "import sys; sys.stdout.close()",
  "writes bytes": "import sys; sys.stdout.buffer.write(b'\\x00\\x1b[31m\\n')",
  "runs a program":
    "import subprocess; print(subprocess.run(['echo', 'hi'], capture_output=True, text=True).stdout)",
  "raises a group of errors": "raise BaseExceptionGroup('many', [ValueError(1), KeyError(2)])",
  "is nothing": "",
  asserts: "assert 1 == 2, 'no'",
  "uses a name that is not there": "np.zeros(3)",
  "imports a module that is not there": "import no_such_module_at_all",
  "uses processes":
    "import multiprocessing as m\nif __name__ == '__main__':\n  with m.get_context('fork').Pool(2) as p: print(p.map(abs, [-1, -2]))",
  "uses asyncio":
    "import asyncio\nasync def f():\n  await asyncio.sleep(0.01)\n  return 5\nprint(asyncio.run(f()))",
};

describe.each(LEVELS)("at level %s, a program", (level) => {
  it.each(Object.entries(PROGRAMS))("that %s ends as it does in Python itself", async (_, code) => {
    const { exitCode, stdout, stderr } = await run(level, code);
    expect({ exitCode, stdout, stderr }).toEqual(plain(code));
  });

  it("reads its input", async () => {
    const code = "import sys\nprint(input()[::-1])\nprint(len(sys.stdin.read()))";
    const stdin = `abc\n${"x".repeat(1_000_000)}`;
    expect((await run(level, code, { stdin })).stdout).toBe("cba\n1000000\n");
  });

  it("may leave its input unread", async () => {
    const { exitCode } = await run(level, "pass", { stdin: "x".repeat(1_000_000) });
    expect(exitCode).toBe(0);
  });

  it("is a file when asked for, whose lines are shown in tracebacks", async () => {
    const { stderr, stdout } = await run(
      level,
      "import sys, os\nprint(sys.path[0] == os.path.dirname(__file__), sys.argv == [__file__])\n1 / 0",
      { asFile: true },
    );
    expect(stdout).toBe("True True\n");
    expect(stderr).toMatch(/File "\/.*\.py", line 3, in <module>\n {4}1 \/ 0\n/);
  });

  it("is ended by its deadline, and keeps what it had printed", async () => {
    const code = "print('first', flush=True)\nwhile True: pass";
    const result = await run(level, code, { timeoutMs: 300 });
    expect(result).toMatchObject({ timedOut: true, exitCode: null, signal: "SIGKILL" });
    expect(result.stdout).toBe("first\n");
  });

  it("has its first 64 KiB of output kept and all of it counted", async () => {
    const code =
      "import sys\nfor _ in range(30): sys.stdout.write('x' * 100_000)\nsys.stderr.write('e' * 70_000)";
    const result = await run(level, code);
    expect(result).toMatchObject({ exitCode: 0, stdoutBytes: 3_000_000, stderrBytes: 70_000 });
    expect([result.stdout, result.stderr]).toEqual(["x".repeat(KEPT), "e".repeat(KEPT)]);
  });

  it("that prints what is not UTF-8 is read with replacement characters", async () => {
    const { stdout } = await run(level, "import sys; sys.stdout.buffer.write(b'a\\xff\\xfeb')");
    expect(stdout).toBe("a\ufffd\ufffdb");
  });

  it("that is killed says by which signal", async () => {
    const result = await run(level, "import os, signal; os.kill(os.getpid(), signal.SIGSEGV)");
    expect(result).toMatchObject({ exitCode: null, signal: "SIGSEGV", timedOut: false });
  });

  it("with a zero byte is a program with an error", async () => {
    const result = await run(level, "print(1)\0");
    expect(result.exitCode).toBe(1);
    expect(result.stderr).toContain("null bytes");
  });

  it("starts from another random state each time", async () => {
    const code = "import random; print(random.random())";
    const [first, second] = [await run(level, code), await run(level, code)];
    expect(first.stdout).not.toBe(second.stdout);
  });

  it("ends when its caller gives up, and others go on", async () => {
    const controller = new AbortController();
    const given = run(level, "while True: pass", { signal: controller.signal });
    const other = run(level, "print(2)");
    expect((await other).stdout).toBe("2\n");
    controller.abort(new Error("enough"));
    await expect(given).rejects.toThrow("enough");
    expect((await run(level, "print(3)")).stdout).toBe("3\n");
  });
});

describe("a sandbox", () => {
  it.runIf(WITH_BWRAP)("finds by itself that its isolation holds", async () => {
    const test = await sandboxOf("bwrap").selfTest();
    expect(test.checks.filter(({ ok }) => !ok)).toEqual([]);
    expect(test).toMatchObject({ level: "bwrap", missing: [] });
    expect(test.checks).toHaveLength(8);
  });

  it("lets owners take turns", async () => {
    const sandbox = new Sandbox({ level: BEST, parallel: 1 });
    const ended: string[] = [];
    const runs = ["a", "a", "a", "a", "b"].map(async (owner) => {
      await sandbox.run({ code: "pass", timeoutMs: TIMEOUT_MS, owner });
      ended.push(owner);
    });
    expect(sandbox.stats()).toMatchObject({ running: 1, queued: 4 });
    await Promise.all(runs);
    expect(ended.indexOf("b")).toBeLessThanOrEqual(2);
    expect(sandbox.stats()).toEqual({ running: 0, queued: 0, runs: 5, restarts: 0 });
    await sandbox.close();
  });

  it("does not keep 300 MB of output", async () => {
    const code = "import os\nfor _ in range(300): os.write(1, b'x' * 1_000_000)";
    await run(BEST, "pass");
    const before = process.memoryUsage().rss;
    const { stdoutBytes } = await run(BEST, code);
    expect(stdoutBytes).toBe(300_000_000);
    expect(process.memoryUsage().rss - before).toBeLessThan(10 * 1024 * 1024);
  });

  it.runIf(WITH_BWRAP)("ends a run whose processes together take too much memory", async () => {
    const sandbox = new Sandbox({ level: "bwrap", parallel: 1, memoryBytes: 256 * 1024 * 1024 });
    const code = `import os, time
for _ in range(8):
  if os.fork() == 0:
    data = bytearray(100 << 20)
    time.sleep(60)
time.sleep(60)`;
    const result = await sandbox.run({ code, timeoutMs: 30_000 });
    expect(result).toMatchObject({ timedOut: false, signal: "SIGKILL" });
    expect(result.stderr).toContain("too much memory");
    await sandbox.close();
  });

  it("says which Python is not there, and how to get one", async () => {
    const sandbox = new Sandbox({ python: "/no/such/python" });
    const failed = sandbox.run({ code: "", timeoutMs: 1000 });
    await expect(failed).rejects.toMatchObject({ code: "GEM_UNAVAILABLE" });
    await expect(failed).rejects.toThrow(/apt-get install python3/);
  });

  it("refuses what makes no sense", async () => {
    expect(() => new Sandbox({ parallel: 0 })).toThrow(GemError);
    const invalid = sandboxOf(BEST).run({ code: "", timeoutMs: Number.NaN });
    await expect(invalid).rejects.toMatchObject({ code: "GEM_INVALID_ARGUMENT" });
  });

  it("that was closed runs nothing", async () => {
    const sandbox = new Sandbox({ level: BEST, parallel: 1 });
    const pending = sandbox.run({ code: "while True: pass", timeoutMs: TIMEOUT_MS });
    const outcome = expect(pending).rejects.toMatchObject({ code: "GEM_CLOSED" });
    await sandbox.close();
    await outcome;
    await expect(sandbox.run({ code: "", timeoutMs: 1 })).rejects.toMatchObject({
      code: "GEM_CLOSED",
    });
  });
});
