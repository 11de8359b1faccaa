import { rmSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { CheckReport } from "../../../src/check/report.ts";
import { buildSources } from "./build-sources.ts";
import { GemProcess, type Outcome } from "./gem-process.ts";

let build: string;

beforeAll(() => {
  build = buildSources();
}, 60_000);

afterAll(() => {
  rmSync(build, { recursive: true, force: true });
});

function check(...args: string[]): Promise<Outcome> {
  return new GemProcess(join(build, "cli", "main.js"), ["check", ...args]).outcome();
}

describe("gem check", () => {
  it("prints a table, and ends with 0 when every check passed", async () => {
    const { code, stdout, stderr } = await check("game:GuessTheNumber-v0-easy", "--seeds", "2");
    expect([code, stderr]).toEqual([0, ""]);
    expect(stdout).toContain("game:GuessTheNumber-v0-easy\n  ✓ start          made and reset\n");
    expect(stdout).toContain("  ✓ determinism    2 seeds, 2 ways, 25 steps each");
    expect(stdout).toMatch(/ {2}✓ memory {9}\d+ bytes each, 500 measured\n/);
    expect(stdout).toMatch(/\n14 passed, 0 failed, 0 skipped\n$/);
  });

  it("takes several ids and stars, and options for all of them", async () => {
    const ids = ["game:Wordle-v0-*", "game:GuessTheNumber-v0"];
    const { code, stdout } = await check(...ids, "--steps", "3", "--options", '{"max_turns":2}');
    expect(code).toBe(0);
    expect(stdout).toMatch(/^game:Wordle-v0-random( +✓){14}$/m);
    expect(stdout).toMatch(/\n4 environments: 56 passed, 0 failed, 0 skipped\n$/);
  });

  it("ends with 1 when a check failed, and says what", async () => {
    const id = "game:WikiGame-v0";
    const options = '{"backend":"folder","trawler_kwargs":{"path":"/nowhere"}}';
    const { code, stdout } = await check(id, "--options", options);
    expect(code).toBe(1);
    expect(stdout).toContain("  ✗ start          see below\n  – types          It does not start.");
    expect(stdout).toMatch(/\n {2}✗ start: GEM_[A-Z_]+: .*\/nowhere/);
  });

  it("prints reports as JSON", async () => {
    const { stdout } = await check("game:GuessTheNumber-v0-easy", "--json", "--steps", "3");
    const [report] = JSON.parse(stdout) as CheckReport[];
    expect(report).toMatchObject({ id: "game:GuessTheNumber-v0-easy", passed: true });
    expect(report?.checks[0]).toEqual({
      name: "start",
      outcome: "passed",
      detail: "made and reset",
    });
  });

  it.each([
    [["game:Wordl-v0-easy"], 'Did you mean "game:Wordle-v0-easy"?'],
    [["game:Wordle-v0-easy", "--options", "[1]"], "--options must be a JSON object"],
    [["game:Wordle-v0-easy", "--seeds", "many"], "--seeds must be an integer from 1"],
  ])("ends with 2 on wrong arguments: %j", async (args, message) => {
    const { code, stdout, stderr } = await check(...args);
    expect([code, stdout]).toEqual([2, ""]);
    expect(stderr).toContain(message);
  });
});
