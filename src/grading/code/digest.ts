/** Comparing output that is longer than what is kept of a run: inside the run, by its digest. */
import { createHash } from "node:crypto";
import { strip } from "../../text/strip.ts";
import { PREAMBLE } from "../../tools/python-code/preamble.ts";
import { isUndefinedName, type CodeRequest } from "../../tools/python-code/run-code.ts";
import type { CodeOutcome, CodeRunner } from "../../tools/python-code/runner.ts";
import { pythonString } from "./program.ts";

/** Output of up to so many bytes is kept whole. */
const KEPT_BYTES = 60_000;

/** Whether an expected output is too long to be compared outside. */
export function isLong(expected: string): boolean {
  return expected.length > KEPT_BYTES / 4 && Buffer.byteLength(expected) > KEPT_BYTES;
}

/** The digest of an output, without white space at its ends. */
export function digestOf(output: string): string {
  return createHash("sha256").update(strip(output)).digest("hex");
}

/** Runs code as `runCode` does; in place of its output there is the output's digest. */
export async function runForDigest(runner: CodeRunner, request: CodeRequest): Promise<CodeOutcome> {
  const start = (code: string, timeoutMs: number): Promise<CodeOutcome> =>
    runner.run({ ...request, code: digesting(code), timeoutMs, asFile: false });
  const outcome = await start(request.code, request.timeoutMs);
  const leftMs = request.timeoutMs - outcome.durationMs;
  return isUndefinedName(outcome, leftMs) ? start(PREAMBLE + request.code, leftMs) : outcome;
}

/** A program that runs the code in a process of its own, which knows nothing of what is expected. */
function digesting(code: string): string {
  return `\
import hashlib, os, subprocess, sys, tempfile
with tempfile.TemporaryDirectory() as folder:
    path = os.path.join(folder, "code.py")
    with open(path, "w", encoding="utf-8") as file:
        file.write(${pythonString(code)})
    run = subprocess.run([sys.executable, path], stdout=subprocess.PIPE)
text = run.stdout.decode("utf-8", "replace").strip()
print(hashlib.sha256(text.encode("utf-8", "replace")).hexdigest())
sys.exit(0 if run.returncode == 0 else 1)
`;
}
