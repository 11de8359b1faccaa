import { spawn } from "node:child_process";
import { GemError } from "../errors.ts";

const TAIL_LINES = 20;
const LINE_CHARACTERS = 300;
const OUTPUT_CHARACTERS = 50_000;

/** What would make a Python find other packages than those of its own environment, or pip install elsewhere. */
const LEFT_OUT = /^(?:PYTHON\w*|__PYVENV_LAUNCHER__|VIRTUAL_ENV|PIP_(?:USER|TARGET|PREFIX|ROOT))$/;

/** A program to run, and who follows it. */
export interface Command {
  readonly command: string;
  readonly args: readonly string[];
  /** Gets every line that it prints. */
  readonly onLine?: ((line: string) => void) | undefined;
  /** Ends it. */
  readonly signal?: AbortSignal | undefined;
}

/** How a program ended; `code` is 127 when there is none of that name. */
export interface Outcome {
  readonly code: number;
  /** Standard output and standard error, the last 50,000 characters. */
  readonly output: string;
  /** Standard output alone. */
  readonly stdout: string;
}

/** Runs a program without standard input. @throws the signal's reason */
export async function runCommand({ command, args, onLine, signal }: Command): Promise<Outcome> {
  signal?.throwIfAborted();
  const outcome = await new Promise<Outcome>((resolve) => {
    let output = "";
    let stdout = "";
    let line = "";
    const child = spawn(command, args, {
      env: environment(),
      stdio: ["ignore", "pipe", "pipe"],
      // A group of its own: pip works in a process that it starts, which has to end with it.
      detached: true,
    });
    const collect = (chunk: string): void => {
      output = (output + chunk).slice(-OUTPUT_CHARACTERS);
      const lines = (line + chunk).split(/\r?\n|\r/);
      line = (lines.pop() ?? "").slice(-OUTPUT_CHARACTERS);
      for (const each of lines) onLine?.(each);
    };
    const end = (): void => {
      endGroup(child.pid);
    };
    const finish = (code: number): void => {
      signal?.removeEventListener("abort", end);
      resolve({ code, output, stdout });
    };
    signal?.addEventListener("abort", end);
    child.stdout.setEncoding("utf8").on("data", (chunk: string) => {
      stdout = (stdout + chunk).slice(-OUTPUT_CHARACTERS);
      collect(chunk);
    });
    child.stderr.setEncoding("utf8").on("data", collect);
    child.on("error", (error) => {
      output += error.message;
      finish(127);
    });
    child.on("close", (code) => {
      finish(code ?? 1);
    });
  });
  signal?.throwIfAborted();
  return outcome;
}

/** Ends a process and those that it started; they may have ended already. */
function endGroup(pid: number | undefined): void {
  try {
    if (pid !== undefined) process.kill(-pid, "SIGTERM");
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "ESRCH")) throw error;
  }
}

/** Runs a program that has to succeed; gives its standard output. @throws GEM_UNAVAILABLE with the end of what it printed, and the fix */
export async function mustRun(
  command: Command,
  { task, fix }: { readonly task: string; readonly fix: (output: string) => string },
): Promise<string> {
  const { code, output, stdout } = await runCommand(command);
  if (code === 0) return stdout;
  const tail = output.trimEnd().split("\n").slice(-TAIL_LINES);
  const shown = tail.map((line) => `  | ${line.trimEnd().slice(0, LINE_CHARACTERS)}`).join("\n");
  throw new GemError(
    "GEM_UNAVAILABLE",
    `${task} failed: \`${[command.command, ...command.args].join(" ")}\` ended with exit code ${String(code)}:\n\n${shown}\n\n${fix(output)}`,
  );
}

function environment(): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !LEFT_OUT.test(name)));
}
