import { spawn } from "node:child_process";
import { once } from "node:events";

/** How a program ended. */
export interface CommandOutcome {
  /** null: a signal ended it. */
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stdoutBytes: number;
  /** The end of what it complained of. */
  readonly stderr: string;
  readonly timedOut: boolean;
}

/** How a program is run. */
export interface CommandOptions {
  readonly signal: AbortSignal;
  readonly timeoutMs?: number;
  /** Bytes of standard output that are kept; default 1 MiB. */
  readonly keepBytes?: number;
}

const DEFAULT_KEEP_BYTES = 1024 * 1024;
const COMPLAINT_CHARACTERS = 2000;
const LONGEST_MS = 2 ** 31 - 1;

/** Runs a program to its end, with empty input. @throws the signal's reason, or why it cannot be started (an errno error) */
export async function runCommand(
  command: string,
  args: readonly string[],
  { signal, timeoutMs = LONGEST_MS, keepBytes = DEFAULT_KEEP_BYTES }: CommandOptions,
): Promise<CommandOutcome> {
  signal.throwIfAborted();
  const child = spawn(command, args, { stdio: ["ignore", "pipe", "pipe"] });
  const chunks: Buffer[] = [];
  let kept = 0;
  let stdoutBytes = 0;
  let stderr = "";
  let timedOut = false;
  child.stdout.on("data", (chunk: Buffer) => {
    stdoutBytes += chunk.length;
    if (kept >= keepBytes) return;
    const part = chunk.subarray(0, keepBytes - kept);
    kept += part.length;
    chunks.push(part);
  });
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    stderr = (stderr + text).slice(-COMPLAINT_CHARACTERS);
  });
  const end = (): void => {
    child.kill("SIGKILL");
    // What it started may hold its output open.
    child.stdout.destroy();
    child.stderr.destroy();
  };
  const timer = setTimeout(() => {
    timedOut = true;
    end();
  }, timeoutMs);
  signal.addEventListener("abort", end, { once: true });
  try {
    const [exitCode] = (await once(child, "close")) as [number | null];
    signal.throwIfAborted();
    const stdout = Buffer.concat(chunks).toString("utf8");
    return { exitCode, stdout, stdoutBytes, stderr: stderr.trim(), timedOut };
  } finally {
    clearTimeout(timer);
    signal.removeEventListener("abort", end);
  }
}
