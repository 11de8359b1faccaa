/** Makes and removes the Python environments that hosts run in. */
import { lstatSync, mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { GemError } from "../errors.ts";
import { withLock } from "./install-lock.ts";
import { choosePython, type BasePython } from "./install-python.ts";
import { mustRun, runCommand } from "./install-run.ts";
import {
  installationOf,
  pythonIn,
  STAMP_FILE,
  type Installation,
  type Library,
  type Stamp,
} from "./libraries.ts";

/** How to install, and who follows it. */
export interface InstallOptions {
  /** The folder of installations. */
  readonly hosts: string;
  /** The Python to use, a path or a name on PATH. */
  readonly python?: string | undefined;
  /** Installs again what is there already. */
  readonly force?: boolean | undefined;
  /** Gets what is being done, in few words, and what the installer says meanwhile. */
  readonly onProgress?: ((phase: string, detail: string) => void) | undefined;
  /** Stops it; nothing is left behind then. */
  readonly signal?: AbortSignal | undefined;
}

/** An installation, and whether it was there before. */
export interface Installed extends Installation {
  readonly wasThere: boolean;
}

/**
 * Installs a library in a Python environment of its own. It is made beside its place and takes that when it is complete, so
 * whoever looks sees a whole one or none.
 *
 * @throws GEM_INVALID_OPTION when the named Python does not fit
 * @throws GEM_UNAVAILABLE with the end of the installer's output, and the fix
 */
export async function installLibrary(
  library: Library,
  options: InstallOptions,
): Promise<Installed> {
  return alone(library, options, async () => {
    const { hosts, force = false, signal } = options;
    const before = installationOf(library, hosts);
    if (before.state === "installed" && !force) return { ...before, wasThere: true };
    const made = join(hosts, `.${library.name}.new`);
    rmSync(made, { recursive: true, force: true });
    try {
      const stamp = await make(library, made, options);
      signal?.throwIfAborted();
      writeFileSync(join(made, STAMP_FILE), `${JSON.stringify(stamp, undefined, 2)}\n`);
      removeFolder(before.folder);
      renameSync(made, before.folder);
    } finally {
      rmSync(made, { recursive: true, force: true });
    }
    return { ...installationOf(library, hosts), wasThere: false };
  });
}

/** Removes a library's installation; false when there is none. */
export async function removeLibrary(library: Library, options: InstallOptions): Promise<boolean> {
  return alone(library, options, () =>
    Promise.resolve(removeFolder(installationOf(library, options.hosts).folder)),
  );
}

async function alone<T>(
  { name }: Library,
  { hosts, onProgress, signal }: InstallOptions,
  work: () => Promise<T>,
): Promise<T> {
  try {
    mkdirSync(hosts, { recursive: true });
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new GemError(
      "GEM_UNAVAILABLE",
      `The folder of library hosts cannot be made: ${why}. Name another one in GEM_HOSTS.`,
    );
  }
  const onWait = (): void => onProgress?.("waiting for another installation of it", "");
  return withLock(join(hosts, `.${name}.lock`), work, { onWait, signal });
}

async function make(library: Library, folder: string, options: InstallOptions): Promise<Stamp> {
  const { onProgress, signal } = options;
  const hasUv = (await runCommand({ command: "uv", args: ["--version"], signal })).code === 0;
  const base = await choosePython(library, { named: options.python, needsVenv: !hasUv });
  const python = pythonIn(folder);
  const step = async (
    phase: string,
    [command = "", ...args]: readonly string[],
  ): Promise<string> => {
    onProgress?.(phase, "");
    const onLine = (line: string): void => onProgress?.(phase, line.trim());
    const task = `Installing ${library.title}: ${phase}`;
    return mustRun(
      { command, args, onLine, signal },
      { task, fix: (output) => fixFor(output, library) },
    );
  };
  await step(
    `making an environment of Python ${base.version}`,
    hasUv
      ? ["uv", "venv", "--no-project", "--python", base.path, folder]
      : [base.path, "-I", "-m", "venv", ...(base.hasPip ? ["--without-pip"] : []), folder],
  );
  const installer = hasUv
    ? ["uv", "pip", "install", "--python", python, "--compile-bytecode"]
    : pipInstall(base, python);
  await step("installing packages", [...installer, ...library.requirements]);
  const version = await step("importing it", [python, "-I", "-c", importCheck(library)]);
  return {
    requirements: library.requirements,
    version: version.trim(),
    python: base.version,
    bytes: sizeOf(folder),
  };
}

/** How pip installs in an environment: the one of the Python that it was made from, else its own. */
function pipInstall(base: BasePython, python: string): readonly string[] {
  const pip = base.hasPip
    ? [base.path, "-I", "-m", "pip", "--python", python]
    : [python, "-I", "-m", "pip"];
  return [...pip, "install", "--no-input", "--disable-pip-version-check", "--progress-bar=off"];
}

/** Imports the library as a host does, and prints the version of what was installed. */
function importCheck({ imports, requirements: [first = ""] }: Library): string {
  const distribution = /^[\w.-]+/.exec(first)?.[0];
  const named = distribution === undefined || first.includes("/") ? imports : distribution;
  return `import importlib.metadata, msgspec, numpy, ${imports}\nprint(importlib.metadata.version(${JSON.stringify(named)}))`;
}

/** What to do about a failure, by what the installer said. */
function fixFor(output: string, { name, pythons }: Library): string {
  if (/No space left on device|Disk quota exceeded/.test(output)) {
    return "Free some space, or name a folder on another disk in GEM_HOSTS, then run this again.";
  }
  if (
    /Python\.h|(?:gcc|g\+\+|cc|clang)\b.*(?:failed|not found)|Unable to find a compiler/i.test(
      output,
    )
  ) {
    return (
      "A package had to be compiled here: install a C compiler and Python's headers " +
      "(Debian: `apt-get install build-essential python3-dev`), then run this again."
    );
  }
  if (
    /No matching distribution|No solution found|Max retries|Connection|Temporary failure|resolve|SSL|Failed to fetch/i.test(
      output,
    )
  ) {
    return "Check that pip reaches its package index (PIP_INDEX_URL names a mirror; with uv, UV_DEFAULT_INDEX), then run this again.";
  }
  return `Run this again, perhaps with another Python: \`gem hosts install ${name} --python python${pythons[0] ?? "3"}\`.`;
}

/** Removes a folder at once for whoever looks, then piece by piece; false when there is none. */
function removeFolder(folder: string): boolean {
  const aside = `${folder}.old`;
  rmSync(aside, { recursive: true, force: true });
  if (lstatSync(folder, { throwIfNoEntry: false }) === undefined) return false;
  renameSync(folder, aside);
  rmSync(aside, { recursive: true, force: true });
  return true;
}

function sizeOf(folder: string): number {
  return readdirSync(folder, { withFileTypes: true })
    .map((entry) => join(folder, entry.name))
    .reduce((sum, path) => {
      const entry = lstatSync(path);
      return sum + (entry.isDirectory() ? sizeOf(path) : entry.size);
    }, 0);
}
