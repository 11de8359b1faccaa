/**
 * Loading 57,000 rows of parquet for 1 and for 64 environments, cold and warm, beside `datasets.load_dataset`. Cold: neither has
 * read the file before. Warm: what the cold load left, `datasets`' Arrow file or our packed one, is there. Each load is a process
 * of its own; the two take turns. Importing is in no figure but the whole process.
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

/** Times in ms. */
interface Measured {
  /** The first load. */
  readonly load: number;
  /** All loads, and each environment's shuffle and first question. */
  readonly ready: number;
  readonly total: number;
  /** The process' most memory, and what of it came after importing. */
  readonly peak_mb: number;
  readonly own_mb: number;
  readonly longest_ms?: number;
  readonly questions: readonly string[];
}

interface Contestant {
  readonly name: string;
  readonly program: string;
  readonly args: readonly string[];
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
  const contestants: readonly Contestant[] = [
    { name: "datasets", program: PYTHON, args: ["load_dataset.py", "load", data] },
    { name: "gem", program: process.execPath, args: ["load-dataset.mjs", MODULE, data] },
  ];
  say(`no environment, medians of ${rounds}:`);
  report(contestants, take(contestants, 0, "warm"));
  for (const state of ["cold", "warm"] as const) {
    for (const environments of [1, 64]) {
      const measured = take(contestants, environments, state);
      say(`${state}, ${environments} environments, medians of ${rounds}:`);
      report(contestants, measured);
    }
  }
}

/** The rounds of each contestant. */
function take(
  contestants: readonly Contestant[],
  environments: number,
  state: "cold" | "warm",
): Measured[][] {
  const home = join(folder, "home");
  const measured: Measured[][] = contestants.map(() => []);
  for (let round = 0; round < rounds; round++) {
    contestants.forEach(({ program, args }, i) => {
      if (state === "cold") rmSync(home, { recursive: true, force: true });
      const output = run(program, [...args, String(environments)]);
      measured[i]?.push(JSON.parse(output) as Measured);
    });
    const [theirs, ours] = measured.map((all) => all.at(-1)?.questions);
    if (String(theirs) !== String(ours)) throw new Error("The questions differ.");
  }
  return measured;
}

function run(program: string, [script = "", ...args]: readonly string[]): string {
  const home = join(folder, "home");
  const { status, stdout, stderr } = spawnSync(program, [join(CONTESTANTS, script), ...args], {
    encoding: "utf8",
    maxBuffer: 2 ** 26,
    env: {
      ...process.env,
      HF_HOME: home,
      HF_HUB_OFFLINE: "1",
      GEM_DATA_CACHE: join(home, "gem"),
    },
  });
  if (status !== 0) throw new Error(stderr);
  return stdout;
}

function report(contestants: readonly Contestant[], measured: readonly Measured[][]): void {
  contestants.forEach(({ name }, i) => {
    const all = measured[i] ?? [];
    const [load, ready, total] = (["load", "ready", "total"] as const).map((key) =>
      median(all, key).toFixed(1).padStart(6),
    );
    const [peak, own] = (["peak_mb", "own_mb"] as const).map((key) =>
      median(all, key).toFixed(1).padStart(5),
    );
    const pause = all[0]?.longest_ms === undefined ? "" : median(all, "longest_ms").toFixed(1);
    say(
      `  ${name.padEnd(8)}  load ${load ?? ""} ms   all ready ${ready ?? ""} ms   whole process ${total ?? ""} ms   ` +
        `peak ${peak ?? ""} MB, after importing ${own ?? ""} MB${pause === "" ? "" : `   longest pause ${pause} ms`}`,
    );
  });
}

function median(
  all: readonly Measured[],
  key: "load" | "ready" | "total" | "peak_mb" | "own_mb" | "longest_ms",
): number {
  const sorted = all.map((one) => one[key] ?? 0).sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? 0;
}

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}
