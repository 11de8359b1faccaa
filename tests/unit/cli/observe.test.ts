import { readFileSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { make } from "../../../src/make.ts";
import { StatsClient } from "../../../src/cli/top/stats-client.ts";
import { GemProcess } from "./gem-process.ts";
import { Serving } from "./serving.ts";

/** As long as a test may take. */
const FOREVER = 600_000;

const serving = new Serving();

const serve = serving.serve.bind(serving);

function gem(args: readonly string[], env: Record<string, string> = {}): GemProcess {
  return new GemProcess(serving.main, args, { TMPDIR: serving.folder, GEM_SERVER: "", ...env });
}

describe("gem serve --metrics", () => {
  it("has the figures of all workers, at the address that it announces", async () => {
    const server = serve(["--metrics", "127.0.0.1:0"]);
    const { metrics, endpoints } = (await server.announcement()) as unknown as {
      readonly metrics: string;
      readonly endpoints: readonly string[];
    };
    const client = await StatsClient.connect(endpoints[0] ?? "", FOREVER);
    let text = "";
    while (!text.includes('gem_worker_up{worker="1"} 1'))
      text = await (await fetch(metrics)).text();
    expect(text).toContain('gem_worker_up{worker="0"} 1');
    expect(text).toContain('gem_sessions{worker="0"} 1');
    expect(text).toContain('gem_sessions{worker="1"} 0');
    client.close();
  });

  it("takes the address from GEM_METRICS, and says what is wrong with it", async () => {
    const { code, stderr } = await serve([], { GEM_METRICS: "nowhere:x" }).outcome();
    expect(code).toBe(2);
    expect(stderr).toBe(
      'gem: GEM_METRICS must be host:port, for example 127.0.0.1:9464, or a port of this machine, got "nowhere:x".\n',
    );
  });

  it("writes whole log lines of the levels that GEM_LOG_LEVEL asks for", async () => {
    const server = serve(["--metrics", "0"], { GEM_LOG_LEVEL: "debug" });
    const { endpoints } = await server.announcement();
    const client = await StatsClient.connect(endpoints[0] ?? "", FOREVER);
    await client.stats();
    client.close();
    server.child.kill("SIGTERM");
    const { stderr } = await server.outcome();
    const lines = stderr
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line) as Record<string, unknown>);
    for (const line of lines) {
      const text: unknown = expect.any(String);
      expect(line).toMatchObject({ time: text, level: text, message: text });
      expect(["main", 0, 1]).toContain(line["worker"]);
    }
    expect(lines).toContainEqual(
      expect.objectContaining({ level: "info", message: "Metrics are served.", worker: "main" }),
    );
    expect(lines).toContainEqual(
      expect.objectContaining({ level: "debug", method: "stats", worker: 0, failed: false }),
    );
    const refused = await serve([], { GEM_LOG_LEVEL: "loud" }).outcome();
    expect(refused.stderr).toBe(
      'gem: GEM_LOG_LEVEL must be one of error, warn, info, debug, got "loud".\n',
    );
  });
});

describe("gem top", () => {
  it("finds this user's servers, and shows each of their workers", async () => {
    const { pid, endpoints } = await serve([]).announcement();
    const { code, stdout } = await gem(["top", "--json"]).outcome();
    expect(code).toBe(0);
    const { workers } = JSON.parse(stdout) as {
      readonly workers: readonly { address: string; pid: number; sessions: number }[];
    };
    const ours = workers.filter((worker) => worker.pid === pid);
    expect(ours.map(({ address, sessions }) => [address, sessions])).toEqual(
      endpoints.map((address) => [address, 0]),
    );
  });

  it("shows the server at an address, or of GEM_SERVER, as a table", async () => {
    for (const transport of ["ipc", "tcp"]) {
      const { endpoints } = await serve(["--transport", transport]).announcement();
      const [first = ""] = endpoints;
      const named = await gem(["top", "--once", first]).outcome();
      const fromEnvironment = await gem(["top", "--once"], { GEM_SERVER: first }).outcome();
      for (const { stdout, stderr } of [named, fromEnvironment]) {
        expect(stderr).toBe("");
        expect(stdout).toMatch(/^0 steps\/s {3}0 environments of 0 ids {3}2 workers\n/);
        for (const address of endpoints) expect(stdout).toContain(address);
      }
    }
  });

  it("says so when nobody answers", async () => {
    const { code, stderr } = await gem([
      "top",
      "--once",
      `unix://${serving.folder}/absent`,
    ]).outcome();
    expect([code, stderr]).toEqual([
      2,
      `gem: No server answers at unix://${serving.folder}/absent.\n`,
    ]);
  });
});

describe("gem replay", () => {
  it("ends with 0 when all is the same, and with 1 when something differs", async () => {
    const path = join(serving.folder, "x.jsonl");
    const env = make("game:GuessTheNumber-v0-easy", { seed: 3 }, { record: path });
    await env.reset();
    await env.step("\\boxed{3}");
    await env.close();
    const same = await gem(["replay", path, "--id", "game:Guess*"]).outcome();
    expect(same.stderr).toBe("");
    expect([same.code, same.stdout.split("\n").at(-2)]).toEqual([0, "1 episode: all identical."]);
    const text = readFileSync(path, "utf8");
    writeFileSync(path, text.replace('"action":"\\\\boxed{3}"', '"action":"\\\\boxed{4}"'));
    const other = await gem(["replay", path, "--json"]).outcome();
    expect(other.code).toBe(1);
    expect(JSON.parse(other.stdout)).toMatchObject({
      passed: false,
      differences: [{ line: 4, episode: 1, step: 1, field: "line" }],
    });
    const absent = await gem(["replay", path, "--episode", "2"]).outcome();
    expect([absent.code, absent.stderr]).toEqual([
      2,
      "gem: There is no episode 2: the file has 1, counted from 1.\n",
    ]);
    expect(readdirSync(serving.folder)).toEqual(["x.jsonl"]);
  });
});
