import { execFile } from "node:child_process";
import { GemError } from "../errors.ts";

/** A Python interpreter and where its files lie. */
export interface Interpreter {
  /** The program itself, not a version manager's stand-in for it. */
  readonly path: string;
  /** `3.11.7`. */
  readonly version: string;
  /** The folders of the interpreter and, in a virtual environment, of that. */
  readonly prefixes: readonly string[];
}

const OLDEST = [3, 10];
const START_MS = 30_000;
const INSTALL =
  'Install Python 3.10 or newer (Debian: "apt-get install python3"), or name one with the option `python` or GEM_SANDBOX_PYTHON.';
const QUESTION = `
import json, sys
print(json.dumps({
    "path": sys.executable,
    "version": ".".join(map(str, sys.version_info[:3])),
    "prefixes": sorted({sys.prefix, sys.exec_prefix, sys.base_prefix, sys.base_exec_prefix}),
}))`;

/**
 * Finds the interpreter that programs run in: the named one, GEM_SANDBOX_PYTHON, else `python3` or `python` on PATH.
 *
 * @throws GEM_UNAVAILABLE
 */
export async function findInterpreter(name?: string): Promise<Interpreter> {
  const named = name ?? process.env["GEM_SANDBOX_PYTHON"];
  const names = named === undefined || named === "" ? ["python3", "python"] : [named];
  const reasons: string[] = [];
  for (const candidate of names) {
    const found = await ask(candidate);
    if (typeof found !== "string") return found;
    reasons.push(`${candidate}: ${found}`);
  }
  throw new GemError(
    "GEM_UNAVAILABLE",
    `There is no Python to run programs with (${reasons.join("; ")}). ${INSTALL}`,
  );
}

function ask(name: string): Promise<Interpreter | string> {
  return new Promise((resolve) => {
    // The interpreter may be an environment's, so its own site, but not the caller's variables, decide.
    const options = { timeout: START_MS, encoding: "utf8" } as const;
    const child = execFile(name, ["-E", "-s", "-c", QUESTION], options, (error, stdout) => {
      resolve(error === null ? judge(stdout) : (error.message.split("\n")[0] ?? "it does not run"));
    });
    child.stdin?.end();
  });
}

function judge(answer: string): Interpreter | string {
  // Measured output of our own question; what a broken interpreter prints instead is caught here.
  let value: unknown;
  try {
    value = JSON.parse(answer);
  } catch {
    return "it answers strangely";
  }
  if (!isInterpreter(value)) return "it answers strangely";
  const [major = 0, minor = 0] = value.version.split(".").map(Number);
  const [oldestMajor = 0, oldestMinor = 0] = OLDEST;
  const isNew = major > oldestMajor || (major === oldestMajor && minor >= oldestMinor);
  return isNew ? value : `it is ${value.version}`;
}

function isInterpreter(value: unknown): value is Interpreter {
  return (
    typeof value === "object" &&
    value !== null &&
    "path" in value &&
    typeof value.path === "string" &&
    "version" in value &&
    typeof value.version === "string" &&
    "prefixes" in value &&
    Array.isArray(value.prefixes)
  );
}
