/**
 * Fuzzes every target, each in a process of its own: `npm run test:fuzz`. `GEM_FUZZ_INPUTS` says how many frames in all (default 100,000),
 * `GEM_FUZZ_SEED` from which number they follow. A target without a sign of life for `HANG_MS` is ended and counts as failed.
 */
import { fork } from "node:child_process";
import { join } from "node:path";

/** The targets, and which part of the frames each gets. */
const SHARES: Readonly<Record<string, number>> = { decoder: 0.75, dispatcher: 0.25 };
const HANG_MS = 120_000;
const TELL_MS = 60_000;

interface Progress {
  readonly done: number;
  readonly kept: number;
  readonly blocks: number;
}

const frames = integer("GEM_FUZZ_INPUTS", 100_000);
const seed = integer("GEM_FUZZ_SEED", 1);
process.stdout.write(`fuzz: ${frames} frames, GEM_FUZZ_SEED=${seed}\n`);
const results = await Promise.all(
  Object.entries(SHARES).map(([name, share]) => run(name, Math.ceil(frames * share))),
);
process.exitCode = results.every(Boolean) ? 0 : 1;

/** Runs one target; whether all went well. */
function run(name: string, count: number): Promise<boolean> {
  const script = join(import.meta.dirname, "run-target.ts");
  // No libraries' processes: graders and hosts are not what is fuzzed.
  const env = { ...process.env, GEM_HOSTS: "/no-hosts" };
  const child = fork(script, [name, String(count), String(seed)], {
    env,
    execArgv: ["--import", "tsx"],
    stdio: ["ignore", "pipe", "inherit", "ipc"],
  });
  let output = "";
  child.stdout?.setEncoding("utf8").on("data", (chunk: string) => (output += chunk));
  let last: Progress = { done: 0, kept: 0, blocks: 0 };
  let told = performance.now();
  const watchdog = setTimeout(() => child.kill("SIGKILL"), HANG_MS);
  child.on("message", (progress) => {
    last = progress as Progress;
    watchdog.refresh();
    if (performance.now() - told < TELL_MS) return;
    told = performance.now();
    process.stdout.write(`fuzz: ${name}: ${last.done} frames so far, ${last.blocks} blocks\n`);
  });
  return new Promise((resolve) => {
    child.on("close", (code, signal) => {
      clearTimeout(watchdog);
      if (signal === "SIGKILL")
        output += `no sign of life for ${HANG_MS / 1000} s after frame ${last.done}\n`;
      process.stdout.write(`fuzz: ${name}: ${describe(output)}\n`);
      resolve(code === 0);
    });
  });
}

function describe(output: string): string {
  try {
    const report = JSON.parse(output) as Record<string, number> & { failure?: string };
    const { seconds = 0, frames: run = 0, inputs, kept, blocks } = report;
    const rate = Math.round(run / seconds);
    const figures = `${run} frames in ${inputs} inputs, ${rate} frames/s, ${kept} inputs kept, ${blocks} blocks reached`;
    return report.failure === undefined ? `ok: ${figures}` : `failed: ${report.failure}`;
  } catch {
    return `failed: ${output}`;
  }
}

function integer(name: string, otherwise: number): number {
  const text = process.env[name] ?? "";
  const value = text === "" ? otherwise : Number(text);
  if (!Number.isSafeInteger(value) || value < 1)
    throw new RangeError(`${name} must be an integer of at least 1, got ${JSON.stringify(text)}.`);
  return value;
}
