import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { Program } from "./programs.ts";

const ROOT = fileURLToPath(new URL("../../../", import.meta.url));
const VENV = `${ROOT}.venv/bin/python`;
const SCRIPT = `${ROOT}tests/fixtures/record_random.py`;

/** `NUMPY_MISSING` in the script. */
const NUMPY_MISSING = 3;

/** Runs programs on CPython or NumPy and gives what each program gave. */
export function replay(
  generator: "python" | "numpy",
  programs: readonly Program<unknown>[],
): unknown[] {
  const python = interpreter();
  const { status, stdout, stderr, error } = spawnSync(python, [SCRIPT, "replay"], {
    input: JSON.stringify(programs.map((program) => ({ generator, ...program }))),
    encoding: "utf8",
    maxBuffer: 2 ** 28,
  });
  if (error !== undefined || (status !== 0 && status !== NUMPY_MISSING)) {
    throw new Error(`${python} could not replay: ${error?.message ?? stderr}. ${ADVICE}`);
  }
  if (status === NUMPY_MISSING) throw new Error(`${python} has no NumPy. ${ADVICE}`);
  return JSON.parse(stdout) as unknown[];
}

const ADVICE =
  "This test needs a Python 3.10 or later with NumPy. Set it up with " +
  "`python3 -m venv .venv && .venv/bin/pip install numpy` in the repository, or name one in GEM_TEST_PYTHON.";

/** The Python named by GEM_TEST_PYTHON, else the repository's own, else the one on the path. */
function interpreter(): string {
  const named = process.env["GEM_TEST_PYTHON"];
  if (named !== undefined && named !== VENV) return named;
  return existsSync(VENV) ? VENV : "python3";
}
