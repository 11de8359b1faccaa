// Runs of `print(1)` in the sandbox beside upstream's Python tool and a bare fork, and what the escape suite comes to.
//
//     npm run bench -- sandbox [rounds]
import type { ChildProcess } from "node:child_process";
import { spawn } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { availableParallelism, cpus, loadavg } from "node:os";
import { dirname, join, resolve } from "node:path";
import { createInterface } from "node:readline";
import { Sandbox } from "../src/sandbox/sandbox.ts";
import { Host } from "../tests/unit/sandbox/escapes/host.ts";
import { ESCAPES } from "../tests/unit/sandbox/escapes/index.ts";

const ROOT = resolve(import.meta.dirname, "..");
const ORACLE = process.env["GEM_ORACLE_PYTHON"] ?? join(ROOT, ".venv-oracle", "bin", "python");
const ROUNDS = Number(process.argv[2] ?? 5);
const CALLS = { ours: 500, upstream: 50 };
const AT_ONCE = [1, 16];
/** Processes that measure themselves. */
const counted = new Set<number>();

/** Calls made in one go: what they took together and each, and the processors' time for all of them, in seconds. */
interface Round {
  readonly total: number;
  readonly each: readonly number[];
  readonly cpu: number;
}

type Contestant = (calls: number, atOnce: number) => Promise<Round>;

function write(line = ""): void {
  process.stdout.write(`${line}\n`);
}

function ours(sandbox: Sandbox): Contestant {
  return async (calls, atOnce) => {
    const each: number[] = [];
    let left = calls;
    const caller = async (): Promise<void> => {
      while (left-- > 0) {
        const start = performance.now();
        const { stdout } = await sandbox.run({ code: "print(1)", timeoutMs: 5000 });
        if (stdout !== "1\n") throw new Error(`The sandbox answered ${stdout}`);
        each.push((performance.now() - start) / 1000);
      }
    };
    const before = cpuOfChildren(process.pid);
    const own = process.cpuUsage();
    const start = performance.now();
    await Promise.all(Array.from({ length: atOnce }, caller));
    const total = (performance.now() - start) / 1000;
    const { user, system } = process.cpuUsage(own);
    const cpu = (user + system) / 1e6 + cpuOfChildren(process.pid) - before;
    return { total, each, cpu };
  };
}

function inPython(child: ChildProcess): Contestant {
  if (child.stdin === null || child.stdout === null) throw new Error("it has no pipes");
  const { stdin, stdout } = child;
  const lines = createInterface(stdout)[Symbol.asyncIterator]();
  return async (calls, atOnce) => {
    stdin.write(`${String(calls)} ${String(atOnce)}\n`);
    const line = await lines.next();
    if (line.done === true) throw new Error("it ended");
    const [total, each, cpu] = JSON.parse(line.value) as [number, number[], number];
    return { total, each, cpu };
  };
}

/** The seconds that the processes below one have computed, and those that these have waited for. */
function cpuOfChildren(pid: number): number {
  let seconds = 0;
  for (const child of childrenOf(pid)) {
    const text = readFileSync(`/proc/${String(child)}/stat`, "utf8");
    const fields = text.slice(text.lastIndexOf(")") + 2).split(" ");
    // From proc(5): user and system time, its own and that of children waited for, in hundredths of a second.
    const ticks = fields.slice(11, 15).reduce((sum, field) => sum + Number(field), 0);
    // Upstream's, and what a bare fork costs, are counted by themselves.
    if (!counted.has(child)) seconds += ticks / 100 + cpuOfChildren(child);
  }
  return seconds;
}

function childrenOf(pid: number): number[] {
  const folder = `/proc/${String(pid)}/task`;
  return readdirSync(folder).flatMap((task) =>
    readFileSync(join(folder, task, "children"), "utf8")
      .split(" ")
      .filter(Boolean)
      .map(Number),
  );
}

function startPython(name: string): ChildProcess {
  // Upstream's tool runs `python` of PATH: the same interpreter as ours, without a version manager's detour.
  const PATH = `${dirname(ORACLE)}:${process.env["PATH"] ?? ""}`;
  const child = spawn(ORACLE, [join(ROOT, "benchmarks", "contestants", name)], {
    env: { ...process.env, PATH },
    stdio: ["pipe", "pipe", "inherit"],
    cwd: "/tmp",
  });
  if (child.pid !== undefined) counted.add(child.pid);
  return child;
}

function quantile(values: readonly number[], q: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(q * sorted.length))] ?? Number.NaN;
}

async function measureSpeed(contestants: Record<string, Contestant>): Promise<void> {
  write("| at once | contestant | runs/s | p50 ms | p99 ms | CPU ms per run |");
  write("|--:|---|--:|--:|--:|--:|");
  for (const atOnce of AT_ONCE) {
    const rounds: Record<string, Round[]> = {};
    for (let round = -1; round < ROUNDS; round++) {
      for (const [name, contestant] of Object.entries(contestants)) {
        const calls = name === "upstream" ? CALLS.upstream : CALLS.ours;
        const result = await contestant(calls, atOnce);
        // The first round only warms up.
        if (round >= 0) (rounds[name] ??= []).push(result);
      }
    }
    const medians: Record<string, { rate: number; cpu: number }> = {};
    for (const [name, list] of Object.entries(rounds)) {
      const rate = median(list.map(({ total, each }) => each.length / total));
      const cpu = median(list.map((round) => round.cpu / round.each.length));
      medians[name] = { rate, cpu };
      const times = list.flatMap(({ each }) => each);
      const [p50, p99] = [0.5, 0.99].map((q) => (quantile(times, q) * 1000).toFixed(1));
      const numbers = [rate.toFixed(0), p50, p99, (cpu * 1000).toFixed(2)];
      write(`| ${[String(atOnce), name, ...numbers].join(" | ")} |`);
    }
    const { sandbox, upstream } = medians;
    if (sandbox === undefined || upstream === undefined) continue;
    const [rate, cpu] = [sandbox.rate / upstream.rate, upstream.cpu / sandbox.cpu];
    write(`| ${String(atOnce)} | ratio | ${rate.toFixed(1)} | | | ${cpu.toFixed(1)} |`);
  }
}

function median(values: readonly number[]): number {
  return quantile(values, 0.5);
}

async function tryEscapes(): Promise<void> {
  const host = new Host();
  await host.open();
  const sandbox = new Sandbox({ level: "bwrap", parallel: 1 });
  write("| after | attempts | succeeded |");
  write("|---|--:|--:|");
  for (const [group, escapes] of Object.entries(ESCAPES)) {
    let succeeded = 0;
    for (const escape of escapes) {
      const text = await host.attempt(sandbox, escape);
      if (text.includes("ESCAPED") || !host.isUnharmed()) succeeded++;
    }
    write(`| ${group} | ${String(escapes.length)} | ${String(succeeded)} |`);
  }
  await sandbox.close();
  host.close();
}

const python = existsSync(ORACLE) ? { python: ORACLE } : {};
const sandbox = new Sandbox(python);
const { level } = await sandbox.selfTest();
const load = loadavg().map((value) => value.toFixed(1));
write(
  `Machine: ${cpus()[0]?.model ?? "?"}, ${String(availableParallelism())} cores, load ${load.join(" ")}; level ${level}`,
);
const others = existsSync(ORACLE)
  ? { upstream: startPython("python_tool.py"), "bare fork": startPython("bare_fork.py") }
  : {};
await measureSpeed({
  sandbox: ours(sandbox),
  ...Object.fromEntries(Object.entries(others).map(([name, child]) => [name, inPython(child)])),
});
for (const child of Object.values(others)) child.stdin?.end();
await sandbox.close();
write();
if (level === "bwrap") await tryEscapes();
