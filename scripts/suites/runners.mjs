import { mkdirSync, readFileSync, rmSync } from "node:fs";
import { join, relative } from "node:path";
import { bwrapPath } from "../setup/bubblewrap.mjs";
import { runProgram } from "../setup/command.mjs";
import { isOnPath } from "../setup/python.mjs";
import { CACHE, HOSTS, ORACLE_VENV, pythonOf, ROOT, VENV } from "../setup/paths.mjs";
import { countCargo, countFuzz, countJunit, countVitest, judge } from "./reports.mjs";

const REPORTS = join(CACHE, "reports");

// A suite that hangs is killed, so that a run always ends with its summary.
const LIMIT_MS = 20 * 60 * 1000;

/** How tests find the interpreters and libraries that set-up installed. */
const ENVIRONMENT = {
  GEM_TEST_PYTHON: pythonOf(VENV),
  GEM_ORACLE_PYTHON: pythonOf(ORACLE_VENV),
  GEM_HOSTS: HOSTS,
  GEM_BWRAP: bwrapPath(),
  GEM_DATA_CACHE: "off",
};

/** Runs one Vitest project; `filters` are file names or Vitest's own options. */
export function runVitest(project, filters) {
  return withReport(`${project}.json`, countVitest, (report) =>
    runProgram(
      join("node_modules", ".bin", "vitest"),
      [
        "run",
        "--project",
        project,
        "--reporter=default",
        "--reporter=json",
        `--outputFile.json=${report}`,
        ...filters,
      ],
      { show: true, env: ENVIRONMENT, limitMs: LIMIT_MS },
    ),
  );
}

/** Runs pytest on a folder, or on what `filters` name instead. */
export function runPytest(folder, filters) {
  const selection = filters.some((filter) => !filter.startsWith("-"))
    ? filters
    : [folder, ...filters];
  return withReport(`${relative("tests", folder)}.xml`, countJunit, (report) =>
    runProgram(
      pythonOf(VENV),
      [
        "-m",
        "pytest",
        "-c",
        "python/pyproject.toml",
        "--rootdir",
        ".",
        "-q",
        `--junit-xml=${report}`,
        ...selection,
      ],
      { show: true, env: ENVIRONMENT, limitMs: LIMIT_MS },
    ),
  );
}

/** Fuzzes; each target counts as one test. */
export async function runFuzz(filters) {
  const args = ["--import", "tsx", join("tests", "fuzz", "main.ts"), ...filters];
  const { code, output } = await runProgram(process.execPath, args);
  process.stdout.write(output);
  return judge(countFuzz(output), code);
}

const CARGO = ["--manifest-path", "bridge/Cargo.toml"];

/** What the Rust workspace's tests are run as: everything with the fault points, and the model of the ring by loom. */
const CARGO_RUNS = [
  { args: ["test", ...CARGO, "--workspace", "--features", "gem-shm/fault-points"] },
  {
    args: ["test", ...CARGO, "-p", "gem-shm", "--release", "--test", "loom"],
    // A target folder of its own: other flags would compile everything again each time.
    env: { RUSTFLAGS: "--cfg loom", CARGO_TARGET_DIR: "bridge/target/loom" },
  },
];

/** Runs the Rust workspace's tests; without cargo they count as one that was skipped. */
export async function runCargo(filters) {
  if (!isOnPath("cargo")) {
    process.stdout.write("cargo is not on PATH\n");
    return { passed: 0, failed: 0, skipped: 1 };
  }
  const total = { passed: 0, failed: 0, skipped: 0 };
  for (const { args, env } of CARGO_RUNS) {
    const { code, output } = await runProgram("cargo", [...args, ...filters], {
      env: { CARGO_TERM_COLOR: "never", ...env },
      limitMs: LIMIT_MS,
    });
    process.stdout.write(output);
    const counts = judge(countCargo(output), code);
    for (const key of Object.keys(total)) total[key] += counts[key];
  }
  return total;
}

/** Runs tests that write a report, and counts what it says. A report that is missing counts no test. */
async function withReport(name, count, runTests) {
  mkdirSync(REPORTS, { recursive: true });
  const report = join(REPORTS, name);
  rmSync(report, { force: true });
  const { code } = await runTests(relative(ROOT, report));
  let counts = { passed: 0, failed: 0, skipped: 0 };
  try {
    counts = count(readFileSync(report, "utf8"));
  } catch {
    process.stdout.write(`The runner ended with exit code ${code} and left no report.\n`);
  }
  return judge(counts, code);
}
