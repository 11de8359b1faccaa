import { didYouMean, GemError, isGemError, show } from "../errors.ts";
import { installLibrary, removeLibrary, type Installed } from "../hosts/install.ts";
import {
  givenPython,
  hostsFolder,
  installationOf,
  LIBRARIES,
  type Library,
  type LibraryName,
} from "../hosts/libraries.ts";
import { Progress } from "./progress.ts";

/** The options of `gem hosts install`. */
export interface InstallArguments {
  readonly python?: string;
  readonly force?: boolean;
}

/** The options of `gem hosts list`. */
export interface ListHostsArguments {
  readonly json?: boolean;
}

/** What `gem hosts list` says of a library. */
export interface HostRow {
  readonly name: LibraryName;
  /** `given` when a variable names its Python. */
  readonly state: string;
  readonly version: string | null;
  readonly python: string | null;
  readonly bytes: number | null;
  readonly path: string;
}

const STOPPED = 130;

/** `gem hosts install`: installs the named libraries, or all; goes on after one that fails. */
export async function runInstall(
  names: readonly string[],
  { python, force }: InstallArguments,
): Promise<void> {
  const libraries = librariesNamed(names);
  const hosts = hostsFolder();
  const progress = new Progress(process.stderr);
  const { signal, release } = stopSignal();
  try {
    for (const library of libraries) {
      const onProgress = (phase: string, detail: string): void => {
        progress.say(`${library.name}: ${phase}`, detail);
      };
      const options = { hosts, python, force, signal, onProgress };
      progress.end(await attempt(() => installLibrary(library, options), library, signal));
      if (signal.aborted) break;
    }
  } finally {
    release();
  }
}

/** The line that says how an installation ended; sets the exit code when it failed. */
async function attempt(
  install: () => Promise<Installed>,
  { name, title }: Library,
  signal: AbortSignal,
): Promise<string> {
  const start = performance.now();
  try {
    const { stamp, folder, wasThere } = await install();
    const what = `${title} ${stamp?.version ?? ""} on Python ${stamp?.python ?? ""}`;
    if (wasThere) return `${name}: ${what} is installed already (--force installs it again)`;
    const seconds = ((performance.now() - start) / 1000).toFixed(0);
    return `${name}: installed ${what} in ${folder} (${size(stamp?.bytes)}, ${seconds} s)`;
  } catch (error) {
    if (signal.aborted) {
      process.exitCode = STOPPED;
      return `${name}: stopped; nothing was changed`;
    }
    if (!isGemError(error)) throw error;
    process.exitCode = 1;
    return `${name}: ${error.message}`;
  }
}

/** `gem hosts list`: a table of all libraries, or with `--json` an array. */
export function runListHosts({ json }: ListHostsArguments): void {
  const rows = Object.values(LIBRARIES).map(rowOf);
  process.stdout.write(`${json === true ? JSON.stringify(rows, undefined, 2) : table(rows)}\n`);
}

/** `gem hosts remove`: removes the installations of the named libraries. */
export async function runRemove(names: readonly string[]): Promise<void> {
  const hosts = hostsFolder();
  for (const library of librariesNamed(names)) {
    const was = await removeLibrary(library, { hosts });
    process.stdout.write(`${library.name}: ${was ? "removed" : "was not installed"}\n`);
  }
}

/** @throws GEM_INVALID_ARGUMENT for a name that is no library's */
function librariesNamed(names: readonly string[]): readonly Library[] {
  const all = Object.values(LIBRARIES);
  if (names.length === 0) return all;
  return [...new Set(names)].map((name) => {
    const library = all.find((each) => each.name === name);
    if (library !== undefined) return library;
    const known = all.map((each) => each.name);
    throw new GemError(
      "GEM_INVALID_ARGUMENT",
      `There is no library ${show(name)}; there are ${known.join(", ")}.${didYouMean(name, known)}`,
    );
  });
}

function rowOf(library: Library): HostRow {
  const { name } = library;
  const given = givenPython(name);
  if (given !== undefined) {
    return { name, state: "given", version: null, python: null, bytes: null, path: given };
  }
  const { state, folder, stamp } = installationOf(library, hostsFolder());
  const { version = null, python = null, bytes = null } = stamp ?? {};
  return { name, state, version, python, bytes, path: folder };
}

function table(rows: readonly HostRow[]): string {
  const cells = rows.map(({ name, state, version, python, bytes, path }) => [
    name,
    state,
    version ?? "-",
    python ?? "-",
    bytes === null ? "-" : size(bytes),
    path,
  ]);
  const lines = [["library", "state", "version", "Python", "size", "path"], ...cells];
  const widths = lines[0]?.map((_, i) => Math.max(...lines.map((line) => line[i]?.length ?? 0)));
  return lines
    .map((line) =>
      line
        .map((cell, i) => cell.padEnd(widths?.[i] ?? 0))
        .join("  ")
        .trimEnd(),
    )
    .join("\n");
}

function size(bytes = 0): string {
  return `${String(Math.round(bytes / 1e6))} MB`;
}

/** A signal that Ctrl-C gives, instead of ending the process. */
function stopSignal(): { readonly signal: AbortSignal; readonly release: () => void } {
  const stop = new AbortController();
  const abort = (): void => {
    stop.abort();
  };
  const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
  for (const name of signals) process.on(name, abort);
  return {
    signal: stop.signal,
    release: () => {
      for (const name of signals) process.off(name, abort);
    },
  };
}
