import { existsSync } from "node:fs";
import { join } from "node:path";
import { commandLine, runProgram } from "../setup/command.mjs";
import { isOnPath } from "../setup/python.mjs";
import { pythonOf, ROOT, VENV } from "../setup/paths.mjs";

const isThere = (path) => existsSync(join(ROOT, path));
const tool = (label, command, line) => ({ label, command, args: line.split(" ") });
const bin = (name) => join("node_modules", ".bin", name);

/** Python code that mypy judges; the oracle's scripts import upstream's package and are left to ruff. */
const TYPED_PYTHON = ["python/gem", "examples", "benchmarks"];
const TYPED_TESTS = ["tests/python", "tests/e2e"];

/** Static checks: two lanes run side by side, the slow linter in one, everything else in the other. */
function lanes() {
  return [
    [tool("ESLint", bin("eslint"), ". --max-warnings 0")],
    [...typeScriptTools(), ...pythonTools(), ...rustTools()],
  ];
}

function typeScriptTools() {
  const prettier = "--check --log-level warn --cache --cache-location .cache/prettier .";
  const tsc = "--noEmit -p tsconfig.json --incremental --tsBuildInfoFile .cache/tsc.tsbuildinfo";
  return [tool("Prettier", bin("prettier"), prettier), tool("tsc", bin("tsc"), tsc)];
}

function pythonTools() {
  const python = pythonOf(VENV);
  const ruff = "-m ruff --config python/pyproject.toml";
  const mypy = "-m mypy --config-file python/pyproject.toml";
  const product = TYPED_PYTHON.filter(isThere).join(" ");
  const tests = TYPED_TESTS.filter(isThere).join(" ");
  return [
    tool("ruff", python, `${ruff} check .`),
    tool("ruff format", python, `${ruff} format --check .`),
    tool("mypy", python, `${mypy} ${product}`),
    // Tests compare unlike things on purpose: a dtype with a NumPy class, a number with pytest.approx.
    tool("mypy tests", python, `${mypy} --no-strict-equality ${tests}`),
  ];
}

function rustTools() {
  if (!isThere("bridge/Cargo.toml") || !isOnPath("cargo")) return [];
  const workspace = "--manifest-path bridge/Cargo.toml";
  return [
    tool("cargo fmt", "cargo", `fmt --all --check ${workspace}`),
    tool("clippy", "cargo", `clippy ${workspace} --all-targets --quiet -- -D warnings`),
  ];
}

/** Runs the static checks; each counts as one test. What a check printed is shown only when it failed. */
export async function runChecks() {
  const counts = { passed: 0, failed: 0, skipped: 0 };
  const runLane = async (tools) => {
    for (const { label, command, args } of tools) {
      const start = performance.now();
      const { code, output } = await runProgram(command, args);
      const seconds = ((performance.now() - start) / 1000).toFixed(1);
      counts[code === 0 ? "passed" : "failed"]++;
      process.stdout.write(`check: ${label}: ${code === 0 ? "ok" : "failed"} (${seconds} s)\n`);
      if (code !== 0)
        process.stdout.write(`$ ${commandLine(command, args)}\n${output.trimEnd()}\n\n`);
    }
  };
  await Promise.all(lanes().map(runLane));
  if (counts.failed > 0)
    process.stdout.write("`npm run format` mends what can be mended without thinking.\n");
  return counts;
}
