/**
 * Loading 57,000 rows of parquet for 1 and for 64 environments, beside `datasets.load_dataset` from its warm cache: seconds of the
 * load, of the whole process, and peak memory.
 *
 * `npm run bench -- data [rows] [rounds]`
 */
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { availableParallelism, loadavg, tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const ROOT = fileURLToPath(new URL("..", import.meta.url));
const CONTESTANTS = join(ROOT, "benchmarks", "contestants");
const PYTHON = process.env["GEM_ORACLE_PYTHON"] ?? join(ROOT, ".venv-oracle", "bin", "python");
const MODULE = process.env["GEM_LOAD_DATASET_JS"] ?? join(ROOT, "dist", "data", "load-dataset.js");

interface Measured {
  readonly load: number;
  readonly total: number;
  readonly peak_mb: number;
  readonly longest_ms?: number;
  readonly first: string;
}

const [rows = 57_000, rounds = 5] = process.argv.slice(2).map(Number);
const folder = mkdtempSync(join(tmpdir(), "gem-bench-data-"));
try {
  main();
} finally {
  rmSync(folder, { recursive: true, force: true });
}

function main(): void {
  for (const needed of [PYTHON, MODULE]) {
    if (!existsSync(needed)) throw new Error(`There is no "${needed}"; run \`npm run setup\`.`);
  }
  const data = join(folder, "data");
  mkdirSync(data);
  run(PYTHON, ["load_dataset.py", "make", join(data, "train.parquet"), String(rows)]);
  say(`${availableParallelism()} cores, load ${loadavg()[0]?.toFixed(1) ?? "?"}, ${rows} rows`);
  for (const environments of [1, 64]) {
    const theirs: Measured[] = [];
    const ours: Measured[] = [];
    const python = ["load_dataset.py", "load", data, String(environments)];
    // Fills the cache.
    run(PYTHON, python);
    for (let round = 0; round < rounds; round++) {
      theirs.push(measure(PYTHON, python));
      ours.push(
        measure(process.execPath, ["load-dataset.mjs", MODULE, data, String(environments)]),
      );
    }
    if (theirs[0]?.first !== ours[0]?.first) throw new Error("The first question differs.");
    say(`${environments} environments, medians of ${rounds}:`);
    say(`  datasets  ${line(theirs)}`);
    say(`  gem       ${line(ours)}   longest pause of the loop ${median(ours, "longest_ms")} ms`);
  }
}

function run(program: string, [script = "", ...args]: readonly string[]): string {
  const { status, stdout, stderr } = spawnSync(program, [join(CONTESTANTS, script), ...args], {
    encoding: "utf8",
    env: { ...process.env, HF_HOME: join(folder, "home"), HF_HUB_OFFLINE: "1" },
  });
  if (status !== 0) throw new Error(stderr);
  return stdout;
}

function measure(program: string, args: readonly string[]): Measured {
  return JSON.parse(run(program, args)) as Measured;
}

function line(all: readonly Measured[]): string {
  const [load, total, peak] = (["load", "total", "peak_mb"] as const).map((key) =>
    median(all, key),
  );
  return `load ${load ?? ""} s   whole process ${total ?? ""} s   peak ${peak ?? ""} MB`;
}

function median(
  all: readonly Measured[],
  key: "load" | "total" | "peak_mb" | "longest_ms",
): string {
  const sorted = all.map((one) => one[key] ?? 0).sort((a, b) => a - b);
  return (sorted[Math.floor(sorted.length / 2)] ?? 0).toFixed(key.endsWith("b") ? 0 : 2);
}

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}
