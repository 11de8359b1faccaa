import { GemError, show } from "../errors.ts";
import { runCommand } from "./install-run.ts";
import type { Library } from "./libraries.ts";

/** A Python that an environment can be made from. */
export interface BasePython {
  readonly path: string;
  /** For example `3.12.1`. */
  readonly version: string;
  /** Whether it makes environments, and has packages installed in them. */
  readonly hasVenv: boolean;
  /** Whether its own pip installs in other environments, which then need none. */
  readonly hasPip: boolean;
}

// A name on PATH may be a version manager's shim that runs nothing, so each is asked for the interpreter behind it.
const QUESTION = `
import json, sys
from importlib import metadata
from importlib.util import find_spec
try:
    has_pip = tuple(map(int, metadata.version("pip").split(".")[:2])) >= (22, 3)
except Exception:
    has_pip = False
print(json.dumps({
    "path": sys.executable,
    "version": ".".join(map(str, sys.version_info[:3])),
    "hasVenv": find_spec("venv") is not None and (has_pip or find_spec("ensurepip") is not None),
    "hasPip": has_pip,
}))`;

/** What the interpreter of this name is, or undefined when it does not run. */
export async function askPython(name: string): Promise<BasePython | undefined> {
  const { code, stdout } = await runCommand({ command: name, args: ["-I", "-c", QUESTION] });
  return code === 0 ? readAnswer(stdout) : undefined;
}

function readAnswer(text: string): BasePython | undefined {
  try {
    const {
      path,
      version,
      hasVenv = false,
      hasPip = false,
    } = JSON.parse(text) as Partial<BasePython>;
    return path === undefined || version === undefined
      ? undefined
      : { path, version, hasVenv, hasPip };
  } catch {
    return undefined;
  }
}

/**
 * The Python to make a library's environment from: the one named, else the library's preferred one of those on PATH.
 *
 * @param needsVenv whether it has to make the environment itself
 * @throws GEM_INVALID_OPTION when the one named does not fit
 * @throws GEM_UNAVAILABLE with what was found and what to install
 */
export async function choosePython(
  library: Library,
  { named, needsVenv }: { readonly named?: string | undefined; readonly needsVenv: boolean },
): Promise<BasePython> {
  const found = await findPythons(library, named);
  const fitting = found.filter(({ version }) => library.pythons.includes(minor(version)));
  const [chosen] = fitting.filter(({ hasVenv }) => hasVenv || !needsVenv);
  if (chosen !== undefined) return chosen;
  const [bare] = fitting;
  if (bare !== undefined) {
    throw new GemError(
      "GEM_UNAVAILABLE",
      `${bare.path} cannot make virtual environments: its venv module, or both pip and ensurepip are missing. ` +
        `On Debian and Ubuntu: \`apt-get install python${minor(bare.version)}-venv\`. Or put uv on PATH.`,
    );
  }
  throw noneFits(library, found, named);
}

async function findPythons({ pythons }: Library, named?: string): Promise<BasePython[]> {
  const names =
    named === undefined
      ? [...pythons.map((version) => `python${version}`), "python3", "python"]
      : [named];
  const answers = await Promise.all(names.map(askPython));
  const found = answers.filter((answer) => answer !== undefined);
  const rank = ({ version }: BasePython): number => pythons.indexOf(minor(version));
  return found.sort((a, b) => rank(a) - rank(b));
}

function noneFits(library: Library, found: readonly BasePython[], named?: string): GemError {
  const wanted = `${library.title} runs on Python ${library.pythons.toSorted(byMinor).join(", ")}`;
  if (named !== undefined) {
    const [python] = found;
    const got = python === undefined ? "is no Python that runs" : `is Python ${python.version}`;
    return new GemError("GEM_INVALID_OPTION", `--python ${show(named)} ${got}; ${wanted}.`);
  }
  const seen = [...new Set(found.map(({ path, version }) => `${path} is ${version}`))].join(", ");
  return new GemError(
    "GEM_UNAVAILABLE",
    `${wanted}; none of them is on PATH${seen === "" ? "" : ` (${seen})`}. Install one ` +
      "(Debian: `apt-get install python3 python3-venv`; macOS: `brew install python@3.12`; uv: `uv python install 3.12`), or name one with --python.",
  );
}

/** `3.12.1` → `3.12` */
function minor(version: string): string {
  return version.split(".").slice(0, 2).join(".");
}

function byMinor(a: string, b: string): number {
  return Number(a.split(".")[1]) - Number(b.split(".")[1]);
}
