import { GemError } from "../errors.ts";
import type { Limits, WorkerCommand } from "./command.ts";
import { workerCommand } from "./command.ts";
import { ENDINGS, encodeRun } from "./frames.ts";
import type { Interpreter } from "./interpreter.ts";
import type { SandboxLevel } from "./types.ts";
import { Worker, WorkerLost } from "./worker.ts";

/** A level that works here. */
export interface Ground {
  readonly level: SandboxLevel;
  readonly interpreter: Interpreter;
  readonly command: WorkerCommand;
  /** The worker that proved it. */
  readonly worker: Worker;
  /** Why better levels do not work, and how to get them. */
  readonly missing: readonly string[];
}

const TRIAL_MS = 20_000;
const INSTALL_BWRAP =
  'bubblewrap is not installed: "apt-get install bubblewrap" (Debian, Ubuntu) or "dnf install bubblewrap" (Fedora).';
const INSTALL_SECCOMP =
  'libseccomp is not installed: "apt-get install libseccomp2" (Debian, Ubuntu) or "dnf install libseccomp" (Fedora).';
const ALLOW_NAMESPACES =
  "Processes may not make namespaces here. In a container, start it with a profile that allows them (Docker: --security-opt seccomp=unconfined --security-opt apparmor=unconfined, or --privileged); on Ubuntu 23.10 and newer, allow them to bubblewrap (an AppArmor profile with `userns`, or sysctl kernel.apparmor_restrict_unprivileged_userns=0).";

/**
 * The best of the levels that works: each is tried with a worker and a program.
 *
 * @throws GEM_UNAVAILABLE saying what is missing and how to install it
 */
export async function findGround(
  levels: readonly SandboxLevel[],
  interpreter: Interpreter,
  limits: Limits,
): Promise<Ground> {
  const missing: string[] = [];
  for (const level of levels) {
    const command = workerCommand(level, interpreter, limits);
    try {
      const worker = await tryLevel(level, command);
      return { level, interpreter, command, worker, missing };
    } catch (error) {
      if (!(error instanceof WorkerLost)) throw error;
      missing.push(`${level}: ${explain(error.message)}`);
    }
  }
  throw new GemError(
    "GEM_UNAVAILABLE",
    `Programs cannot be run at level ${levels.join(" or ")}. ${missing.join(" ")}`,
    { missing },
  );
}

async function tryLevel(level: SandboxLevel, command: WorkerCommand): Promise<Worker> {
  const worker = await Worker.start(command);
  try {
    if (level === "bwrap" && !hasFilter(worker.about)) throw new WorkerLost(INSTALL_SECCOMP);
    const outcome = await worker.run(encodeRun("print(1)", "", TRIAL_MS, false), TRIAL_MS);
    if (outcome.ending !== ENDINGS.byItself || outcome.stdout.toString() !== "1\n") {
      throw new WorkerLost(`A program does not run: ${outcome.stderr.toString().trim()}`);
    }
    return worker;
  } catch (error) {
    worker.kill();
    throw error;
  }
}

function hasFilter(about: string): boolean {
  const value: unknown = JSON.parse(about);
  return (
    typeof value === "object" && value !== null && "no_filter" in value && value.no_filter === ""
  );
}

/** What a person can do about a failure. */
function explain(reason: string): string {
  if (/bwrap.*(?:ENOENT|No such file or directory: 'bwrap')/.test(reason)) return INSTALL_BWRAP;
  if (reason.includes("FileNotFoundError") && !reason.includes("bwrap:")) return INSTALL_BWRAP;
  if (/namespace|uid_map|uid map|Operation not permitted|Permission denied/i.test(reason)) {
    return `${ALLOW_NAMESPACES} (${lastLine(reason)})`;
  }
  return reason.trim();
}

function lastLine(text: string): string {
  return text.trim().split("\n").at(-1) ?? "";
}
