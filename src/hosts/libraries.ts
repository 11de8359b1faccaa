/** The Python libraries that environments live in, and where their installations and the code that hosts them are. */
import { existsSync, readFileSync } from "node:fs";
import { homedir } from "node:os";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { GemError } from "../errors.ts";

/** A library that `gem hosts install` knows by this name. */
export type LibraryName = "reasoning" | "textarena" | "gymnasium" | "math";

/** What an installation of a library holds, and what it runs on. */
export interface Library {
  readonly name: LibraryName;
  /** How people call it. */
  readonly title: string;
  /** What pip installs, the library first; pinned, since items and rules differ between versions. */
  readonly requirements: readonly string[];
  /** The module that must import. */
  readonly imports: string;
  /** The Python versions that it runs on, the preferred one first. */
  readonly pythons: readonly string[];
}

/** What `gem._host` itself imports; NumPy is the last one for Python 3.10. */
const HOST_REQUIREMENTS = ["msgspec==0.20.0", "numpy==2.2.6"];

const NEWEST_FIRST = ["3.13", "3.12", "3.11", "3.10"];

/** Every library by its name. */
export const LIBRARIES: Readonly<Record<LibraryName, Library>> = {
  reasoning: {
    name: "reasoning",
    title: "reasoning_gym",
    requirements: ["reasoning-gym==0.1.23", "sympy==1.14.0", ...HOST_REQUIREMENTS],
    imports: "reasoning_gym",
    pythons: NEWEST_FIRST,
  },
  textarena: {
    name: "textarena",
    title: "TextArena",
    requirements: ["textarena==0.7.4", "nltk==3.9.1", ...HOST_REQUIREMENTS],
    imports: "textarena",
    pythons: ["3.12", "3.13", "3.11", "3.10"],
  },
  gymnasium: {
    name: "gymnasium",
    title: "Gymnasium",
    requirements: ["gymnasium==1.4.0", ...HOST_REQUIREMENTS],
    imports: "gymnasium",
    pythons: NEWEST_FIRST,
  },
  math: {
    name: "math",
    title: "Math-Verify",
    requirements: [
      "math-verify[antlr4-13-2]==0.9.0",
      "latex2sympy2_extended==1.11.0",
      "antlr4-python3-runtime==4.13.2",
      "sympy==1.14.0",
      "pylatexenc==2.11",
      ...HOST_REQUIREMENTS,
    ],
    imports: "math_verify",
    pythons: NEWEST_FIRST,
  },
};

/** What the stamp of an installation says: written last, so without it there is none. */
export interface Stamp {
  readonly requirements: readonly string[];
  /** The library's version. */
  readonly version: string;
  /** Python's version. */
  readonly python: string;
  readonly bytes: number;
}

/** Whether a library can be used from its folder; `broken` when the Python that it was made from is gone. */
export type InstallationState = "installed" | "outdated" | "broken" | "not installed";

/** A library's folder, and what is in it. */
export interface Installation {
  readonly state: InstallationState;
  readonly folder: string;
  readonly stamp: Stamp | undefined;
}

/** The name of the stamp in an installation's folder. */
export const STAMP_FILE = "gem-host.json";

/** Where installations are: `GEM_HOSTS`, else `gem/hosts` in the user's cache folder. */
export function hostsFolder(): string {
  const { GEM_HOSTS: given, XDG_CACHE_HOME: cache } = process.env;
  if (isSet(given)) return resolve(given);
  return join(isSet(cache) ? cache : join(homedir(), ".cache"), "gem", "hosts");
}

/** What there is of a library in a folder of installations. */
export function installationOf({ name, requirements }: Library, hosts: string): Installation {
  const folder = join(hosts, name);
  const stamp = readStamp(join(folder, STAMP_FILE));
  const judge = (): InstallationState => {
    if (stamp === undefined) return "not installed";
    if (!existsSync(pythonIn(folder))) return "broken";
    return stamp.requirements.join("\n") === requirements.join("\n") ? "installed" : "outdated";
  };
  return { state: judge(), folder, stamp };
}

/** The interpreter of a Python environment. */
export function pythonIn(folder: string): string {
  return join(folder, "bin", "python");
}

/**
 * The interpreter that hosts a library: `GEM_HOST_PYTHON_<NAME>`, else `GEM_HOST_PYTHON`, else that of the installation.
 * Starts nothing.
 *
 * @throws GEM_UNAVAILABLE with the command that installs the library
 */
export function hostPython(name: LibraryName): string {
  const given = givenPython(name);
  if (given !== undefined) return given;
  const library = LIBRARIES[name];
  const installation = installationOf(library, hostsFolder());
  if (installation.state === "installed") return pythonIn(installation.folder);
  throw new GemError(
    "GEM_UNAVAILABLE",
    `${whatIsWrong(library, installation)} Run \`gem hosts install ${name}\`, or name a Python that has it in ${hostPythonVariable(name)}.`,
  );
}

/** Clients of other machines read this, so it names no folder; `gem hosts list` does. */
function whatIsWrong({ title, requirements }: Library, { state, stamp }: Installation): string {
  if (state === "broken") return `${title} cannot run: the Python that it was made from is gone.`;
  if (state === "outdated") {
    const found = stamp?.requirements.join(", ") ?? "";
    return `The installed ${title} was made from ${found}; ${requirements.join(", ")} is needed.`;
  }
  return `${title} is not installed.`;
}

/** The variable that names another interpreter for a library. */
export function hostPythonVariable(name: LibraryName): string {
  return `GEM_HOST_PYTHON_${name.toUpperCase()}`;
}

/** The interpreter that a variable names for a library, if one does. @throws GEM_UNAVAILABLE when there is no such file */
export function givenPython(name: LibraryName): string | undefined {
  for (const variable of [hostPythonVariable(name), "GEM_HOST_PYTHON"]) {
    const value = process.env[variable];
    if (!isSet(value)) continue;
    // A bare name is looked for on PATH by whoever starts it.
    if (!value.includes("/") || existsSync(value)) return value;
    throw new GemError(
      "GEM_UNAVAILABLE",
      `${variable} names no file where the server runs. It must be the path of a Python that has ${LIBRARIES[name].title}.`,
    );
  }
  return undefined;
}

/** The Python program that is a host. */
export function hostMain(): string {
  const packed = sibling("../python");
  return existsSync(packed) ? packed : sibling("../../python");
}

function sibling(python: string): string {
  return fileURLToPath(new URL(`${python}/gem/_host/main.py`, import.meta.url));
}

function readStamp(path: string): Stamp | undefined {
  try {
    const value: unknown = JSON.parse(readFileSync(path, "utf8"));
    return isStamp(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function isStamp(value: unknown): value is Stamp {
  return (
    typeof value === "object" &&
    value !== null &&
    "requirements" in value &&
    Array.isArray(value.requirements) &&
    "version" in value &&
    "python" in value &&
    "bytes" in value
  );
}

function isSet(value: string | undefined): value is string {
  return value !== undefined && value !== "";
}
