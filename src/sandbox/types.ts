/** How a run is isolated: `bwrap` by namespaces, seccomp and limits; `rlimit` by limits alone; `none` not at all. */
export type SandboxLevel = "bwrap" | "rlimit" | "none";

/** One run of a Python program. */
export interface SandboxRun {
  readonly code: string;
  /** What the program reads from standard input; nothing when left out. */
  readonly stdin?: string;
  /** How long it may run, in ms of wall time. */
  readonly timeoutMs: number;
  /** An environment's id: the queue takes turns between owners. */
  readonly owner?: string;
  /** Ends the run, which then rejects with the signal's reason. */
  readonly signal?: AbortSignal;
  /** Tracebacks and `sys.path` as of `python FILE` instead of `python -c`. */
  readonly asFile?: boolean;
}

/** How a run ended. */
export interface SandboxResult {
  /** The exit code; null when a signal or the deadline ended it. */
  readonly exitCode: number | null;
  /** The name of the signal that ended it, as `SIGKILL`. */
  readonly signal: string | null;
  /** The first 64 KiB of standard output, read as UTF-8 with replacement characters; control characters are kept. */
  readonly stdout: string;
  /** The first 64 KiB of standard error, likewise. */
  readonly stderr: string;
  /** All bytes of standard output, those that were not kept included. */
  readonly stdoutBytes: number;
  /** All bytes of standard error. */
  readonly stderrBytes: number;
  /** Whether the deadline ended it. */
  readonly timedOut: boolean;
  /** How long it ran, without waiting in the queue, in ms. */
  readonly durationMs: number;
  readonly level: SandboxLevel;
}

/** How programs are run; what is left out has a default. */
export interface SandboxOptions {
  /** The best level that works here when left out: `bwrap`, else `rlimit`; never `none`. */
  readonly level?: SandboxLevel;
  /** Runs at once; the number of cores when left out. */
  readonly parallel?: number;
  /** Memory that one run may have, in bytes; 2 GiB when left out. */
  readonly memoryBytes?: number;
  /** Processes and threads that one run may have; 64 when left out. */
  readonly processes?: number;
  /** Bytes that a file, and all files of a run together, may have; 64 MiB when left out. */
  readonly fileBytes?: number;
  /** The interpreter, whose packages programs may import; `GEM_SANDBOX_PYTHON`, else `python3` or `python` on PATH. */
  readonly python?: string;
}

/** Something that must hold inside a run. */
export interface Check {
  readonly name: string;
  readonly ok: boolean;
}

/** What a sandbox found out about itself. */
export interface SelfTest {
  readonly level: SandboxLevel;
  readonly python: string;
  /** What was tried inside a run, and whether it holds. */
  readonly checks: readonly Check[];
  /** Why a better level is not in use, and how to get it; empty when there is none better. */
  readonly missing: readonly string[];
}

/** What a sandbox is doing. */
export interface SandboxStats {
  readonly running: number;
  readonly queued: number;
  /** Runs that have ended. */
  readonly runs: number;
  /** Workers that died and were started again. */
  readonly restarts: number;
}
