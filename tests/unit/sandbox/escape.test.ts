import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Sandbox } from "../../../src/sandbox/sandbox.ts";
import { Host } from "./escapes/host.ts";
import { ESCAPES } from "./escapes/index.ts";
import { WITH_BWRAP } from "./level.ts";

const host = new Host();
// One at a time, so that a run finds the worker that the one before it had.
const sandbox = new Sandbox({ level: "bwrap", parallel: 1 });
const bare = new Sandbox({ level: "none", parallel: 1 });
const all = Object.values(ESCAPES).flat();

beforeAll(() => host.open());

afterAll(async () => {
  await Promise.all([sandbox.close(), bare.close()]);
  host.close();
});

describe.runIf(WITH_BWRAP)("from the sandbox, no program reaches", () => {
  describe.each(Object.entries(ESCAPES))("%s:", (_, escapes) => {
    it.each(escapes)("$name", async (escape) => {
      expect(await host.attempt(sandbox, escape)).not.toContain("ESCAPED");
      expect(host.isUnharmed()).toBe(true);
    });
  });

  it("the worker, which still runs and was never started again", async () => {
    const { stdout } = await sandbox.run({ code: "print(1)", timeoutMs: 10_000 });
    expect(stdout).toBe("1\n");
    expect(sandbox.stats().restarts).toBe(0);
  });
});

describe("without a sandbox, a program can", () => {
  it.each(all.filter(({ control }) => control === true))("$name", async (escape) => {
    expect(await host.attempt(bare, escape)).toContain("ESCAPED");
  });
});

describe("the attempts", () => {
  it("are at least 150, each with a name of its own", () => {
    expect(all.length).toBeGreaterThanOrEqual(150);
    expect(new Set(all.map(({ name }) => name)).size).toBe(all.length);
  });
});
