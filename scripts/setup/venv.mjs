import { existsSync, rmSync } from "node:fs";
import { basename, join } from "node:path";
import { mustRun } from "./command.mjs";
import { ORACLE_VENV, pythonOf, ROOT, VENV } from "./paths.mjs";
import { choosePython, isOnPath, pythonsOnPath } from "./python.mjs";
import { contentHash, readJson, writeStamp } from "./stamp.mjs";

const PYPROJECT = join(ROOT, "python", "pyproject.toml");
const ORACLE_REQUIREMENTS = join(ROOT, "scripts", "oracle-requirements.txt");

/** `.venv`: the package itself (editable), what its tests (with some of trainers' libraries) and checks need, and what the demo draws with. */
export const venv = virtualEnvironment({
  path: VENV,
  doing: "Python packages, up to two minutes",
  inputs: [PYPROJECT],
  pythons: { oldest: [3, 10], below: [4, 0] },
  install: ["--editable", "./python[test,demo,trainers]"],
});

/** `.venv-oracle`: upstream's package, against which the differential tests compare. It refuses Python 3.12. */
export const oracleVenv = virtualEnvironment({
  path: ORACLE_VENV,
  doing: "upstream's Python packages, up to three minutes",
  inputs: [ORACLE_REQUIREMENTS],
  pythons: { oldest: [3, 10], below: [3, 12] },
  install: ["--requirement", "scripts/oracle-requirements.txt"],
});

function virtualEnvironment({ path, doing, inputs, pythons, install }) {
  const python = pythonOf(path);
  const stampPath = join(path, "gem-setup.json");
  const facts = () => ({ root: ROOT, inputs: contentHash(inputs, install) });
  return {
    label: basename(path),
    doing,
    isCurrent() {
      const stamp = readJson(stampPath);
      const { root, inputs } = facts();
      return existsSync(python) && stamp?.root === root && stamp.inputs === inputs;
    },
    async bringUpToDate() {
      const uv = isOnPath("uv");
      // An environment holds absolute paths: one that was moved, or never completed, is made anew.
      if (!existsSync(python) || readJson(stampPath)?.root !== ROOT) {
        rmSync(path, { recursive: true, force: true });
        await create(path, choosePython(pythonsOnPath(), { ...pythons, needsVenv: !uv }), uv);
      }
      const [installer, ...options] = uv
        ? ["uv", "pip", "install", "--quiet", "--python", python]
        : [python, "-m", "pip", "install", "--quiet", "--no-input", "--disable-pip-version-check"];
      await mustRun(installer, [...options, ...install], {
        fix: `Check that ${uv ? "uv" : "pip"} reaches its package index, then run this again.`,
      });
      writeStamp(stampPath, facts());
    },
  };
}

async function create(path, python, uv) {
  const fix = `Remove ${basename(path)} and run this again.`;
  if (uv) await mustRun("uv", ["venv", "--quiet", "--python", python.path, path], { fix });
  else await mustRun(python.path, ["-m", "venv", path], { fix });
}
