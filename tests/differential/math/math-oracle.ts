import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { findPython } from "../oracle.ts";

/** A model's answer and the right one. */
export type Pair = readonly [answer: string, gold: string];

/** Upstream's verdicts on pairs, in their order, from one process. A text says what upstream raised. */
export async function upstreamVerdicts(pairs: readonly Pair[]): Promise<(boolean | string)[]> {
  const script = fileURLToPath(new URL("math_oracle.py", import.meta.url));
  const child = spawn(findPython(), [script], { stdio: ["pipe", "pipe", "pipe"] });
  let complaints = "";
  child.stderr.on("data", (text: Buffer) => {
    complaints = (complaints + text.toString()).slice(-2000);
  });
  child.stdin.end(pairs.map((pair) => `${JSON.stringify(pair)}\n`).join(""));
  const verdicts: (boolean | string)[] = [];
  for await (const line of createInterface(child.stdout)) {
    verdicts.push(JSON.parse(line) as boolean | string);
  }
  if (verdicts.length !== pairs.length) {
    throw new Error(
      `The oracle judged ${String(verdicts.length)} of ${String(pairs.length)}: ${complaints}`,
    );
  }
  return verdicts;
}
