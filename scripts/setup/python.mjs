import { spawnSync } from "node:child_process";
import { SetupError } from "./command.mjs";

const NAMES = ["python3.12", "python3.11", "python3.10", "python3", "python"];

// A name on PATH may be a version manager's shim that runs nothing, or one that costs 100 ms a start, so each is
// asked for the interpreter behind it.
const QUESTION = `
import json, sys
from importlib.util import find_spec
print(json.dumps({
    "path": sys.executable,
    "version": list(sys.version_info[:3]),
    "has_venv": find_spec("venv") is not None and find_spec("ensurepip") is not None,
}))`;

/** The interpreters on PATH under the usual names: `path`, `version` as [major, minor, patch], `has_venv`. */
export function pythonsOnPath() {
  const found = new Map();
  for (const name of NAMES) {
    const { status, stdout } = spawnSync(name, ["-c", QUESTION], {
      encoding: "utf8",
      stdio: ["ignore", "pipe", "ignore"],
    });
    if (status !== 0) continue;
    const python = JSON.parse(stdout);
    if (!found.has(python.path)) found.set(python.path, python);
  }
  return [...found.values()];
}

/**
 * The first of `pythons` from `oldest` up to, but not including, `below` (both [major, minor]) that can make an environment.
 *
 * @throws SetupError with what was found and what to install
 */
export function choosePython(pythons, { oldest, below, needsVenv = true }) {
  const fitting = pythons.filter(
    ({ version }) => isAtLeast(version, oldest) && !isAtLeast(version, below),
  );
  const chosen = fitting.find(({ has_venv }) => has_venv || !needsVenv);
  if (chosen !== undefined) return chosen;
  const [bare] = fitting;
  if (bare !== undefined) {
    const name = `python${bare.version.slice(0, 2).join(".")}`;
    throw new SetupError(
      `${bare.path} cannot make virtual environments: its venv or ensurepip module is missing.`,
      {
        fix: `On Debian and Ubuntu: "apt-get install ${name}-venv". Or put uv on PATH. Then run this again.`,
      },
    );
  }
  const seen = pythons.map(({ path, version }) => `${path} is ${version.join(".")}`).join(", ");
  const wanted = `${oldest.join(".")} or newer${below[0] > 3 ? "" : `, below ${below.join(".")}`}`;
  throw new SetupError(
    `No Python ${wanted} on PATH (tried ${NAMES.join(", ")}${seen === "" ? "" : `; ${seen}`}).`,
    {
      fix: 'Install one (Debian: "apt-get install python3 python3-venv"; macOS: "brew install python@3.12"), then run this again.',
    },
  );
}

/** Whether a program of this name runs. */
export function isOnPath(name) {
  return spawnSync(name, ["--version"], { stdio: "ignore" }).status === 0;
}

function isAtLeast([major, minor], [wantedMajor, wantedMinor]) {
  return major > wantedMajor || (major === wantedMajor && minor >= wantedMinor);
}
