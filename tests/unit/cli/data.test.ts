import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { HubServer } from "../../fixtures/hub-server.ts";
import { buildSources } from "./build-sources.ts";
import { GemProcess, type Outcome } from "./gem-process.ts";

let build: string;
let folder: string;
let hub: HubServer;

beforeAll(() => {
  build = buildSources();
});

afterAll(() => {
  rmSync(build, { recursive: true, force: true });
});

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "gem-cli-data-"));
  hub = await HubServer.start();
});

afterEach(async () => {
  await hub.close();
  rmSync(folder, { recursive: true, force: true });
});

function gem(...args: string[]): Promise<Outcome> {
  const environment = {
    HF_ENDPOINT: hub.url,
    HF_HOME: folder,
    XDG_CACHE_HOME: folder,
    GEM_DATA_CACHE: "",
  };
  return new GemProcess(join(build, "cli", "main.js"), ["data", ...args], environment).outcome();
}

describe("gem data", () => {
  it("writes the first rows as JSON lines, and their number to standard error", async () => {
    const name = join(folder, "a.csv");
    writeFileSync(name, "q,a\nx,1\ny,2\nz,3\n");
    const { code, stdout, stderr } = await gem(name, "--head", "2", "--columns", "a");
    expect([code, stdout, stderr]).toEqual([0, '{"a":1}\n{"a":2}\n', "3 rows: a\n"]);
  });

  it("says what is wrong", async () => {
    hub.push("owner/two", { "train.csv": "a\n1\n", "test.csv": "a\n1\n" });
    const { code, stdout, stderr } = await gem("owner/two");
    expect([code, stdout]).toEqual([2, ""]);
    expect(stderr).toBe(
      'gem: Dataset "owner/two" has several splits, and one must be named: train, test.\n',
    );
  });
});

describe("gem data packed", () => {
  it("shows what was packed, and removes it", async () => {
    const name = join(folder, "a.jsonl");
    writeFileSync(name, `${JSON.stringify({ q: "x".repeat(100) })}\n`.repeat(10_000));
    const cache = join(folder, "gem", "data");
    const first = await gem("packed");
    expect([first.code, first.stdout]).toEqual([0, `       0.0 MB  in ${cache}\n`]);
    expect((await gem(name, "--head", "0")).stderr).toBe("10000 rows: q\n");
    expect((await gem("packed")).stdout).toBe(
      `       1.0 MB  10000 rows of ${name}\n       1.0 MB  in ${cache}\n`,
    );
    expect((await gem("packed", "--remove")).stdout).toBe(`1.0 MB were removed from ${cache}.\n`);
    expect(readdirSync(cache)).toEqual([]);
  });
});

describe("gem data prefetch", () => {
  it("brings datasets into the cache, and says so on standard error alone", async () => {
    const sha = hub.push("owner/one", { "train.csv": "a\n1\n", "test.csv": "a\n1\n" });
    const { code, stdout, stderr } = await gem("prefetch", "owner/one", "--split", "test");
    expect([code, stdout]).toEqual([0, ""]);
    expect(stderr).toBe("Fetching owner/one (test) ...\nowner/one (test): 1 file is here.\n");
    const snapshot = join(folder, "hub", "datasets--owner--one", "snapshots", sha);
    expect(existsSync(join(snapshot, "test.csv"))).toBe(true);
    expect(existsSync(join(snapshot, "train.csv"))).toBe(false);
  });

  it("knows what environments read", async () => {
    hub.push("axon-rl/GSM-8k", { "train.jsonl": '{"problem":"1+1","answer":"2"}\n' });
    const { code, stderr } = await gem("prefetch", "math:GSM*");
    expect([code, stderr]).toEqual([
      0,
      "Fetching axon-rl/GSM-8k ...\naxon-rl/GSM-8k: 1 file is here.\n",
    ]);
    expect((await gem("prefetch", "game:Guess*")).stderr).toMatch(/reads no dataset/);
  });
});
