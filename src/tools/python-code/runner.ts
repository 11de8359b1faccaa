/** How code is kept from doing harm; `auto` is the best that this machine can do, and never `none`. */
export type SandboxType = "auto" | "bwrap" | "rlimit" | "none";

/** Every sandbox type, for messages and checks. */
export const SANDBOX_TYPES: readonly [SandboxType, ...SandboxType[]] = [
  "auto",
  "bwrap",
  "rlimit",
  "none",
];

/** Code to run in a fresh interpreter. */
export interface CodeRun {
  readonly code: string;
  readonly stdin: string;
  readonly timeoutMs: number;
  /** Runs are shared fairly between owners. */
  readonly owner: string;
  /** Whether it is run from a file and not by `-c`; tracebacks tell. */
  readonly asFile: boolean;
  /** Ends the run, which then rejects with the signal's reason. */
  readonly signal?: AbortSignal;
}

/** How a run ended. */
export interface CodeOutcome {
  /** 0: it went well; null: a signal or the time limit ended it. */
  readonly exitCode: number | null;
  /** The name of the signal that ended it, for example `SIGKILL`. */
  readonly signal: string | null;
  /** What was kept of the output; invalid UTF-8 is replaced. */
  readonly stdout: string;
  readonly stderr: string;
  /** Bytes that were written, kept or not. */
  readonly stdoutBytes: number;
  readonly stderrBytes: number;
  readonly timedOut: boolean;
  /** How long it ran, without waiting for its turn. */
  readonly durationMs: number;
}

/** Something that runs code. */
export interface CodeRunner {
  /** @throws GemError when no code can be run; whatever the code does is an outcome */
  run(run: CodeRun): Promise<CodeOutcome>;
}
