import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { Sandbox } from "../../../src/sandbox/sandbox.ts";

const TIMEOUT_MS = 20_000;
/** Ends the process that programs are forked from, which is the program's parent. */
const KILL_PARENT =
  "import os, signal, time\nos.kill(os.getppid(), signal.SIGKILL)\ntime.sleep(60)";

const folder = mkdtempSync(join(tmpdir(), "gem-faults-"));
// Without isolation a program can do this to its sandbox.
const sandbox = new Sandbox({ level: "none", parallel: 1 });

afterAll(async () => {
  await sandbox.close();
  rmSync(folder, { recursive: true });
});

describe("a sandbox whose zygote dies during a run", () => {
  it("runs the program again, in another worker", async () => {
    const marker = JSON.stringify(join(folder, "first"));
    const code = `import os\nif os.path.exists(${marker}):\n  print("again")\nelse:\n  open(${marker}, "w").close()\n  exec(${JSON.stringify(KILL_PARENT)})`;
    const { restarts } = sandbox.stats();
    expect(await sandbox.run({ code, timeoutMs: TIMEOUT_MS })).toMatchObject({
      stdout: "again\n",
      exitCode: 0,
      timedOut: false,
    });
    expect(sandbox.stats().restarts).toBe(restarts + 1);
  });

  it("says so when that happens a second time", async () => {
    const failed = sandbox.run({ code: KILL_PARENT, timeoutMs: TIMEOUT_MS, owner: "game" });
    await expect(failed).rejects.toMatchObject({
      code: "GEM_ENV_FAULT",
      details: { owner: "game" },
    });
    await expect(failed).rejects.toThrow(/failed twice/);
  });

  it("runs the next program as if nothing had happened", async () => {
    const { stdout } = await sandbox.run({ code: "print(1)", timeoutMs: TIMEOUT_MS });
    expect(stdout).toBe("1\n");
  });
});

describe("a sandbox whose zygote dies between runs", () => {
  it("starts another worker", async () => {
    const code = "import os; print(os.getppid())";
    const { stdout } = await sandbox.run({ code, timeoutMs: TIMEOUT_MS });
    process.kill(Number(stdout), "SIGKILL");
    const next = await sandbox.run({ code: "print(2)", timeoutMs: TIMEOUT_MS });
    expect(next.stdout).toBe("2\n");
  });
});
