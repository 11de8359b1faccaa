import { spawn } from "node:child_process";
import { once } from "node:events";
import { resolve } from "node:path";
import { createInterface } from "node:readline";
import { describe, expect, it } from "vitest";
import { testPool } from "../../fixtures/hosts.ts";
import { groupMembers } from "../../fixtures/processes.ts";
import { until } from "../../fixtures/until.ts";

const PARENT = resolve(import.meta.dirname, "../../fixtures/host-parent.ts");

/** A program with a host: the program, and the group of the host and what it has started. */
async function startParent(what: string): Promise<[ReturnType<typeof spawn>, number]> {
  const args = ["--import", "tsx", PARENT, what];
  const program = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "inherit"] });
  const [line] = (await once(createInterface(program.stdout), "line")) as [string];
  const [group = 0] = JSON.parse(line) as number[];
  return [program, group];
}

describe("a host", () => {
  it("and all it has started are gone when its pool is closed, whatever it does", async () => {
    for (const busy of [false, true]) {
      const pool = testPool({ size: 1 });
      await pool.run("start_child", []);
      const [group = 0] = pool.pids();
      expect(groupMembers(group).length).toBeGreaterThanOrEqual(2);
      const call = busy ? pool.run("hang", []).catch(() => undefined) : undefined;
      await pool.close();
      await call;
      await until(() => groupMembers(group).length === 0);
    }
  });

  it("takes what it has started with it when it crashes", async () => {
    const pool = testPool({ size: 1 });
    await pool.run("start_child", []);
    const [group = 0] = pool.pids();
    await expect(pool.run("crash", [])).rejects.toThrow("SIGSEGV");
    await until(() => groupMembers(group).length === 0);
    await pool.close();
  });

  it.each(["idle", "busy"])(
    "that is %s ends with a killed program, and so does what it started",
    async (what) => {
      const [program, group] = await startParent(what);
      if (what === "busy") {
        // The host, its keeper, and the process that it has started.
        expect(groupMembers(group)).toHaveLength(3);
        program.kill("SIGKILL");
      }
      // An idle one keeps no program alive.
      await once(program, "exit");
      await until(() => groupMembers(group).length === 0);
    },
  );
});
