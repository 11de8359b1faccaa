import { strip } from "../../text/strip.ts";
import type { CodeOutcome } from "./runner.ts";

/** Stands before what the code wrote; agents and training data know it. */
export const RESULT_MARK = "Code execution result: ";

/** What the agent is told of a run: standard output, and below it standard error. */
export interface Report {
  readonly stdout: string;
  readonly stderr: string;
  readonly success: boolean;
}

/** What is reported of a run that ended; says what was cut off the output. */
export function reportOf(outcome: CodeOutcome, seconds: number): Report {
  if (outcome.timedOut) return failure(timeoutSentence(seconds));
  const stderr = withCut(outcome.stderr, outcome.stderrBytes, "standard error");
  return {
    stdout: withCut(outcome.stdout, outcome.stdoutBytes, "standard output"),
    stderr: strip(stderr) || signalSentence(outcome.signal),
    success: outcome.exitCode === 0,
  };
}

/** The report of code that was not run, or not to its end. */
export function failure(reason: string): Report {
  return { stdout: "", stderr: reason, success: false };
}

/** The observation of a report. */
export function observationOf({ stdout, stderr }: Report, lastLineOnly: boolean): string {
  const shown = lastLineOnly ? stderr.slice(stderr.lastIndexOf("\n") + 1) : stderr;
  const text = shown === "" ? stdout : `${stdout}\n${shown}`;
  return `${RESULT_MARK}${text.replace(/^[ \n]+/, "")}\n`;
}

function timeoutSentence(seconds: number): string {
  return `The code was stopped: it ran longer than ${seconds} seconds.`;
}

// Differs from upstream D71: a run that a signal ended without a word says so; upstream shows nothing.
function signalSentence(signal: string | null): string {
  if (signal === null) return "";
  const memory = signal === "SIGKILL" ? "; perhaps it needed too much memory" : "";
  return `The code was ended by the signal ${signal}${memory}.`;
}

// Differs from upstream D67: long output is cut and says so, where upstream's grows without limit.
function withCut(text: string, bytes: number, stream: string): string {
  const shown = Buffer.byteLength(text);
  // Replaced bytes make a text longer than what was written, never shorter.
  if (shown >= bytes) return text;
  return `${text}\n[The ${stream} is cut here: its first ${shown} of ${bytes} bytes are shown.]\n`;
}
