// Runs of `print(1)` in the sandbox beside upstream's Python tool, and what the escape suite comes to.
//
//     npm run bench -- sandbox [rounds]
import type { ChildProcess } from "node:child_process";
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { availableParallelism, cpus, loadavg } from "node:os";
import { dirname, join, resolve } from "node:path";
import { createInterface } from "node:readline";
import { Sandbox } from "../src/sandbox/sandbox.ts";
import { Host } from "../tests/unit/sandbox/escapes/host.ts";
import { ESCAPES } from "../tests/unit/sandbox/escapes/index.ts";

const ROOT = resolve(import.meta.dirname, "..");
const ORACLE = process.env["GEM_ORACLE_PYTHON"] ?? join(ROOT, ".venv-oracle", "bin", "python");
const ROUNDS = Number(process.argv[2] ?? 5);
const CALLS = { ours: 200, upstream: 20 };
const AT_ONCE = [1, 16];

/** Calls made in one go: what they took together and each, in seconds. */
interface Round {
  readonly total: number;
  readonly each: readonly number[];
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
    const start = performance.now();
    await Promise.all(Array.from({ length: atOnce }, caller));
    return { total: (performance.now() - start) / 1000, each };
  };
}

function upstream(child: ChildProcess): Contestant {
  if (child.stdin === null || child.stdout === null) throw new Error("upstream has no pipes");
  const { stdin, stdout } = child;
  const lines = createInterface(stdout)[Symbol.asyncIterator]();
  return async (calls, atOnce) => {
    stdin.write(`${String(calls)} ${String(atOnce)}\n`);
    const line = await lines.next();
    if (line.done === true) throw new Error("upstream's tool ended");
    const [total, each] = JSON.parse(line.value) as [number, number[]];
    return { total, each };
  };
}

function startUpstream(): ChildProcess {
  // Its tool runs `python` of PATH: the same interpreter as ours, without a version manager's detour.
  const PATH = `${dirname(ORACLE)}:${process.env["PATH"] ?? ""}`;
  return spawn(ORACLE, [join(ROOT, "benchmarks", "contestants", "python_tool.py")], {
    env: { ...process.env, PATH },
    stdio: ["pipe", "pipe", "inherit"],
    cwd: "/tmp",
  });
}

function quantile(values: readonly number[], q: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(q * sorted.length))] ?? Number.NaN;
}

async function measureSpeed(contestants: Record<string, Contestant>): Promise<void> {
  write("| at once | contestant | runs/s | p50 ms | p99 ms |");
  write("|--:|---|--:|--:|--:|");
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
    const rates: Record<string, number> = {};
    for (const [name, list] of Object.entries(rounds)) {
      const rate = quantile(
        list.map(({ total, each }) => each.length / total),
        0.5,
      );
      rates[name] = rate;
      const times = list.flatMap(({ each }) => each);
      const [p50, p99] = [0.5, 0.99].map((q) => (quantile(times, q) * 1000).toFixed(1));
      write(
        `| ${String(atOnce)} | ${name} | ${rate.toFixed(0)} | ${String(p50)} | ${String(p99)} |`,
      );
    }
    const { sandbox, upstream: theirs } = rates;
    if (sandbox !== undefined && theirs !== undefined)
      write(`| ${String(atOnce)} | ratio | ${(sandbox / theirs).toFixed(1)} | | |`);
  }
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
const child = existsSync(ORACLE) ? startUpstream() : undefined;
await measureSpeed({
  sandbox: ours(sandbox),
  ...(child === undefined ? {} : { upstream: upstream(child) }),
});
child?.stdin?.end();
await sandbox.close();
write();
if (level === "bwrap") await tryEscapes();
