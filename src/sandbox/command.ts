import { lstatSync, readlinkSync } from "node:fs";
import { homedir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { GemError } from "../errors.ts";
import type { Interpreter } from "./interpreter.ts";
import type { SandboxLevel } from "./types.ts";

/** How a worker is started. */
export interface WorkerCommand {
  readonly command: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
}

/** The limits of a run. */
export interface Limits {
  readonly memoryBytes: number;
  readonly processes: number;
  readonly fileBytes: number;
}

const SCRIPTS = fileURLToPath(new URL("./python", import.meta.url));
/** Where the scripts lie inside the sandbox. */
const INSIDE = "/run/gem";
const SYSTEM_FOLDERS = ["bin", "sbin", "lib", "lib32", "lib64", "libx32"];
const SYSTEM_FILES = ["/etc/ld.so.cache", "/etc/localtime", "/etc/alternatives"];
/** Folders that hold more than an interpreter. */
const TOO_MUCH = [
  "/",
  "/boot",
  "/dev",
  "/etc",
  "/home",
  "/proc",
  "/root",
  "/run",
  "/sys",
  "/tmp",
  "/var",
];
/** Processes of the sandbox itself that count as the programs' user's where there is only one user. */
const OWN_PROCESSES = 16;

/** The variables that programs see, as upstream's tool passes them on; those that name the caller's places are our own. */
const PASSED_ON = [
  "LANG",
  "LC_ALL",
  "LC_CTYPE",
  "TERM",
  "PYTHONIOENCODING",
  "PYTHONUNBUFFERED",
  "PYTHONHASHSEED",
  "PYTHONDONTWRITEBYTECODE",
  "MKL_NUM_THREADS",
  "OMP_NUM_THREADS",
  "NUMEXPR_NUM_THREADS",
];
const CALLERS_PLACES = ["HOME", "USER", "SHELL", "TMPDIR", "TEMP", "TMP", "DISPLAY", "XAUTHORITY"];

/** How a worker of a level is started. @throws GEM_UNAVAILABLE when the interpreter lies where nothing may be shown */
export function workerCommand(
  level: SandboxLevel,
  interpreter: Interpreter,
  limits: Limits,
): WorkerCommand {
  const env = environment(level, interpreter);
  if (level === "bwrap") return bwrapCommand(interpreter, limits, env);
  const user = level === "rlimit" && isRoot() ? NOBODY : -1;
  const settings = settingsText(level, limits, user);
  return { command: interpreter.path, args: ["-s", join(SCRIPTS, "zygote.py"), settings], env };
}

const NOBODY = 65534;

function isRoot(): boolean {
  return process.getuid?.() === 0;
}

function settingsText(
  level: SandboxLevel,
  limits: Limits,
  user: number | string,
  belowTmp: readonly string[] = [],
): string {
  return JSON.stringify({
    level,
    memory_bytes: limits.memoryBytes,
    processes: limits.processes + OWN_PROCESSES,
    file_bytes: limits.fileBytes,
    user,
    below_tmp: belowTmp,
    preload: [],
  });
}

function environment(level: SandboxLevel, interpreter: Interpreter): Record<string, string> {
  const folder = dirname(interpreter.path);
  const names = level === "none" ? [...PASSED_ON, ...CALLERS_PLACES] : PASSED_ON;
  const env: Record<string, string> = {
    PATH: `${folder}:/usr/local/bin:/usr/bin:/bin`,
    OPENBLAS_NUM_THREADS: "1",
    // The interpreter finds functions of libraries at its start, not in each program; programs do not see it.
    LD_BIND_NOW: "1",
  };
  for (const name of names) {
    const value = process.env[name];
    if (value !== undefined) env[name] = value;
  }
  if (level === "none") env["PATH"] = `${folder}:${process.env["PATH"] ?? "/usr/bin:/bin"}`;
  if (level === "bwrap") env["HOME"] = "/tmp/run";
  return env;
}

function bwrapCommand(
  interpreter: Interpreter,
  limits: Limits,
  env: Record<string, string>,
): WorkerCommand {
  // Root's programs get a user of their own from the launcher; a plain user's keep the user, in a namespace of bwrap's.
  const user = isRoot() ? "@USER@" : -1;
  const belowTmp = interpreter.prefixes.filter((path) => isBelow(path, "/tmp"));
  const bwrap = [
    process.env["GEM_BWRAP"] ?? "bwrap",
    ...["--die-with-parent", "--new-session", "--unshare-pid", "--unshare-net", "--unshare-ipc"],
    ...["--unshare-uts", "--hostname", "sandbox", "--unshare-cgroup-try"],
    ...(isRoot() ? [] : ["--unshare-user", "--uid", "0", "--gid", "0", "--cap-add", "ALL"]),
    ...fileSystem(interpreter),
    ...["--chdir", "/", "--clearenv"],
    ...Object.entries(env).flatMap(([name, value]) => ["--setenv", name, value]),
    ...[
      interpreter.path,
      "-s",
      `${INSIDE}/zygote.py`,
      settingsText("bwrap", limits, user, belowTmp),
    ],
  ];
  const [command = "", ...args] = isRoot()
    ? [interpreter.path, "-I", "-S", join(SCRIPTS, "launcher.py"), ...bwrap]
    : bwrap;
  return { command, args, env: { PATH: process.env["PATH"] ?? "/usr/bin:/bin" } };
}

/** The view of the file system: the system and the interpreter read-only, and nothing that can be written. */
function fileSystem({ prefixes }: Interpreter): string[] {
  const args = ["--ro-bind", "/usr", "/usr", "--perms", "0755", "--dir", "/etc", "--tmpfs", "/tmp"];
  for (const name of SYSTEM_FOLDERS) {
    const path = `/${name}`;
    const kind = lstatSync(path, { throwIfNoEntry: false });
    if (kind?.isSymbolicLink() === true) args.push("--symlink", readlinkSync(path), path);
    else if (kind !== undefined) args.push("--ro-bind", path, path);
  }
  for (const path of SYSTEM_FILES) args.push("--ro-bind-try", path, path);
  const folders = new Set<string>();
  for (const prefix of prefixes.filter((path) => !isBelow(path, "/usr"))) {
    if (TOO_MUCH.includes(prefix) || prefix === homedir()) {
      throw new GemError(
        "GEM_UNAVAILABLE",
        `Python's folder is ${prefix}, and programs would see everything in it. Name another Python with the option \`python\` or GEM_SANDBOX_PYTHON.`,
      );
    }
    for (const folder of ancestors(prefix)) folders.add(folder);
  }
  // Unless they are made here, bwrap makes them for itself alone.
  for (const folder of folders) args.push("--perms", "0755", "--dir", folder);
  for (const prefix of prefixes.filter((path) => !isBelow(path, "/usr"))) {
    args.push("--ro-bind", prefix, prefix);
  }
  return [
    ...args,
    ...["--ro-bind", SCRIPTS, INSIDE, "--proc", "/proc", "--dev", "/dev"],
    ...["--remount-ro", "/dev", "--remount-ro", "/"],
  ];
}

function isBelow(path: string, folder: string): boolean {
  return path === folder || path.startsWith(`${folder}/`);
}

/** The folders above a path, highest first, without the root. */
function ancestors(path: string): string[] {
  const parent = dirname(path);
  return parent === "/" ? [] : [...ancestors(parent), parent];
}
