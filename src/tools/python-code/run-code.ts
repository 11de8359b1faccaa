import { PREAMBLE, PREAMBLE_CHARACTERS } from "./preamble.ts";
import type { CodeOutcome, CodeRunner } from "./runner.ts";

/** From so many characters on code is run from a file. */
const FILE_CHARACTERS = 3072;
/** Less time than this is not worth another attempt, in ms. */
const LEAST_RETRY_MS = 50;
const UNDEFINED_NAME = "is not defined";

/** Code to run, once or twice. */
export interface CodeRequest {
  readonly code: string;
  readonly stdin: string;
  /** For both runs together. */
  readonly timeoutMs: number;
  readonly owner: string;
  /** Ends the run, which then rejects with the signal's reason. */
  readonly signal?: AbortSignal;
}

/** Runs code; where it used a name that it did not define, once more with the usual imports before it, within the same time limit. */
export async function runCode(runner: CodeRunner, request: CodeRequest): Promise<CodeOutcome> {
  const characters = countCharacters(request.code);
  const outcome = await start(runner, request, characters);
  const leftMs = request.timeoutMs - outcome.durationMs;
  if (!isUndefinedName(outcome, leftMs)) return outcome;
  const code = PREAMBLE + request.code;
  const again = { ...request, code, timeoutMs: leftMs };
  return start(runner, again, PREAMBLE_CHARACTERS + characters);
}

/** Whether a run failed at a name that the usual imports may define, and there is time for another. */
export function isUndefinedName(
  { exitCode, timedOut, stderr }: CodeOutcome,
  leftMs: number,
): boolean {
  return exitCode !== 0 && !timedOut && leftMs >= LEAST_RETRY_MS && stderr.includes(UNDEFINED_NAME);
}

/** @param characters how many the code counts as having */
function start(runner: CodeRunner, request: CodeRequest, characters: number): Promise<CodeOutcome> {
  return runner.run({ ...request, asFile: characters >= FILE_CHARACTERS });
}

/** Characters as Python counts them; exact below the limit that matters. */
function countCharacters(code: string): number {
  if (code.length >= 2 * FILE_CHARACTERS) return code.length;
  return Array.from(code).length;
}
