import { availableParallelism, constants } from "node:os";
import { GemError, show } from "../errors.ts";
import type { Limits } from "./command.ts";
import { FairQueue } from "./fair-queue.ts";
import type { Outcome } from "./frames.ts";
import { ENDINGS, encodeRun } from "./frames.ts";
import { findInterpreter } from "./interpreter.ts";
import type { Ground } from "./levels.ts";
import { findGround } from "./levels.ts";
import { SELF_TEST } from "./self-test.ts";
import type {
  Check,
  SandboxLevel,
  SandboxOptions,
  SandboxResult,
  SandboxRun,
  SandboxStats,
  SelfTest,
} from "./types.ts";
import { Worker, WorkerLost } from "./worker.ts";

export type {
  Check,
  SandboxLevel,
  SandboxOptions,
  SandboxResult,
  SandboxRun,
  SandboxStats,
  SelfTest,
} from "./types.ts";

const MEBIBYTE = 1024 * 1024;
const MAX_TIMEOUT_MS = 24 * 3600 * 1000;
const MAX_INPUT_BYTES = 64 * MEBIBYTE;
const SELF_TEST_MS = 20_000;

/** A run that waits or is under way. */
interface Job {
  readonly run: SandboxRun;
  readonly owner: string;
  readonly resolve: (result: SandboxResult) => void;
  readonly reject: (error: unknown) => void;
  isRetry: boolean;
  worker?: Worker;
}

/** Runs Python programs that a model wrote. */
export class Sandbox {
  private readonly options: SandboxOptions;
  private readonly limits: Limits;
  private readonly parallel: number;
  private readonly queue = new FairQueue<Job>();
  private readonly idle: Worker[] = [];
  private readonly workers = new Set<Worker>();
  private ground: Promise<Ground> | undefined;
  private running = 0;
  private runs = 0;
  private restarts = 0;
  private ahead: Promise<void> | undefined;
  private isClosed = false;

  /** @throws GEM_INVALID_OPTION */
  constructor(options: SandboxOptions = {}) {
    checkOptions(options);
    this.options = options;
    this.parallel = options.parallel ?? availableParallelism();
    this.limits = {
      memoryBytes: options.memoryBytes ?? 2048 * MEBIBYTE,
      processes: options.processes ?? 64,
      fileBytes: options.fileBytes ?? 64 * MEBIBYTE,
    };
  }

  /**
   * Runs a program; whatever it does, and however it ends, is a result.
   *
   * @throws GEM_UNAVAILABLE when programs cannot be run here, saying what is missing and how to install it
   * @throws GEM_ENV_FAULT when the sandbox itself failed, twice
   * @throws GEM_INVALID_ARGUMENT, GEM_LIMIT, GEM_CLOSED
   */
  async run(run: SandboxRun): Promise<SandboxResult> {
    if (this.isClosed) throw new GemError("GEM_CLOSED", "The sandbox is closed.");
    checkRun(run);
    run.signal?.throwIfAborted();
    return new Promise((resolve, reject) => {
      const job: Job = { run, owner: run.owner ?? "", resolve, reject, isRetry: false };
      if (run.signal === undefined) this.enqueue(job);
      else this.enqueueAbortable(job, run.signal);
    });
  }

  /** Looks, from inside a program, whether the isolation holds. @throws as `run` */
  async selfTest(): Promise<SelfTest> {
    const result = await this.run({ code: SELF_TEST, timeoutMs: SELF_TEST_MS, owner: "self-test" });
    const { interpreter, missing } = await this.getGround();
    return {
      level: result.level,
      python: interpreter.path,
      checks: readChecks(result.stdout),
      missing,
    };
  }

  /** What it is doing now, and has done. */
  stats(): SandboxStats {
    const { running, queue, runs, restarts } = this;
    return { running, queued: queue.size, runs, restarts };
  }

  /** Ends all runs, which then reject with GEM_CLOSED, and all workers; twice is fine. */
  async close(): Promise<void> {
    this.isClosed = true;
    for (const job of this.queue.clear()) job.reject(closedError());
    // A worker that is being started is known only when it is there.
    await this.ground?.catch(() => undefined);
    await this.ahead;
    await Promise.all([...this.workers].map((worker) => worker.close()));
  }

  private enqueue(job: Job): void {
    this.queue.push(job.owner, job);
    this.pump();
  }

  private enqueueAbortable(job: Job, signal: AbortSignal): void {
    const abort = (): void => {
      if (this.queue.remove(abortable.owner, abortable)) abortable.reject(signal.reason);
      else abortable.worker?.cancel();
    };
    const settle = (): void => {
      signal.removeEventListener("abort", abort);
    };
    const abortable: Job = {
      ...job,
      resolve: (result) => {
        settle();
        if (signal.aborted) job.reject(signal.reason);
        else job.resolve(result);
      },
      reject: (error) => {
        settle();
        job.reject(signal.aborted ? signal.reason : error);
      },
    };
    signal.addEventListener("abort", abort, { once: true });
    this.enqueue(abortable);
  }

  private pump(): void {
    while (this.running < this.parallel) {
      const job = this.queue.shift();
      if (job === undefined) return;
      this.running++;
      void this.serve(job);
    }
  }

  /** Runs one job, whatever happens. */
  private async serve(job: Job): Promise<void> {
    try {
      const { level } = await this.getGround();
      const result = await this.attempt(job, level);
      this.runs++;
      job.resolve(result);
    } catch (error) {
      if (this.isClosed) job.reject(closedError());
      else if (!(error instanceof WorkerLost)) job.reject(error);
      else this.retry(job, error);
    } finally {
      this.running--;
      this.pump();
    }
  }

  private retry(job: Job, error: WorkerLost): void {
    this.restarts++;
    if (job.isRetry) {
      job.reject(
        new GemError(
          "GEM_ENV_FAULT",
          `The sandbox failed twice while it ran a program, which has no result (${error.message}).`,
          { owner: job.owner },
        ),
      );
      return;
    }
    job.isRetry = true;
    this.queue.unshift(job.owner, job);
  }

  private async attempt(job: Job, level: SandboxLevel): Promise<SandboxResult> {
    const { run } = job;
    const worker = await this.takeWorker();
    // A program may take as long as it may from here on: the queue and a worker's start are not its time.
    const start = performance.now();
    const timeoutMs = Math.max(1, Math.round(run.timeoutMs));
    job.worker = worker;
    if (run.signal?.aborted === true) {
      this.idle.push(worker);
      throw run.signal.reason;
    }
    try {
      const request = encodeRun(run.code, run.stdin ?? "", timeoutMs, run.asFile ?? false);
      const outcome = await worker.run(request, timeoutMs);
      return toResult(outcome, level, performance.now() - start);
    } finally {
      delete job.worker;
      if (worker.isAlive) this.idle.push(worker);
      else this.workers.delete(worker);
    }
  }

  private async takeWorker(): Promise<Worker> {
    for (let worker = this.idle.shift(); worker !== undefined; worker = this.idle.shift()) {
      if (worker.isAlive) {
        this.startAhead();
        return worker;
      }
      this.workers.delete(worker);
      this.restarts++;
    }
    if (this.ahead === undefined) return this.startWorker();
    await this.ahead;
    return this.takeWorker();
  }

  /**
   * After each run a worker makes the next program's process. So that runs that come one after the other do not wait
   * for that either, workers take turns, and there is one more than runs, up to the number of runs at once.
   */
  private startAhead(): void {
    if (this.idle.length > 0 || this.workers.size >= this.parallel) return;
    this.ahead ??= this.startWorker(true)
      .then((worker) => {
        this.idle.push(worker);
      })
      // Whoever needs one will start it, and hear why it does not start.
      .catch(() => undefined)
      .finally(() => (this.ahead = undefined));
  }

  private async startWorker(isAhead = false): Promise<Worker> {
    const { command } = await this.getGround();
    const worker = await Worker.start(command, isAhead);
    this.workers.add(worker);
    // Who closed meanwhile did not know it.
    if (this.isClosed) worker.kill();
    return worker;
  }

  /** What works here: found out at the first run, and again when nothing did. */
  private getGround(): Promise<Ground> {
    this.ground ??= this.prepare().catch((error: unknown) => {
      this.ground = undefined;
      throw error;
    });
    return this.ground;
  }

  private async prepare(): Promise<Ground> {
    const { level, python } = this.options;
    const interpreter = await findInterpreter(python);
    const levels: SandboxLevel[] = level === undefined ? ["bwrap", "rlimit"] : [level];
    const ground = await findGround(levels, interpreter, this.limits);
    this.workers.add(ground.worker);
    this.idle.push(ground.worker);
    if (ground.missing.length > 0) noteOnce(ground.missing);
    return ground;
  }
}

let shared: Sandbox | undefined;

/** The sandbox of this thread, made at its first use; it does not keep the program alive and ends with it. */
export function sharedSandbox(): Sandbox {
  shared ??= new Sandbox();
  return shared;
}

let isNoted = false;

function noteOnce(missing: readonly string[]): void {
  if (isNoted) return;
  isNoted = true;
  process.emitWarning(
    `Python programs of models run with limits, but without isolation. ${missing.join(" ")}`,
    { type: "SandboxWarning", code: "GEM_SANDBOX_LEVEL" },
  );
}

function closedError(): GemError {
  return new GemError("GEM_CLOSED", "The sandbox was closed.");
}

function toResult(outcome: Outcome, level: SandboxLevel, durationMs: number): SandboxResult {
  const { ending, exitCode, signal, stdout, stderr, stdoutBytes, stderrBytes } = outcome;
  const isKilled = ending !== ENDINGS.byItself;
  const note =
    ending === ENDINGS.outOfMemory
      ? "Killed: the processes of this run took too much memory.\n"
      : "";
  return {
    exitCode: isKilled || signal !== 0 ? null : exitCode,
    signal: isKilled ? "SIGKILL" : signalName(signal),
    stdout: stdout.toString(),
    stderr: stderr.toString() + note,
    stdoutBytes,
    stderrBytes: stderrBytes + note.length,
    timedOut: ending === ENDINGS.timedOut,
    durationMs,
    level,
  };
}

function signalName(number: number): string | null {
  if (number === 0) return null;
  const known = Object.entries(constants.signals).find(([, value]) => value === number);
  return known?.[0] ?? `SIG${String(number)}`;
}

function readChecks(text: string): Check[] {
  try {
    const checks: unknown = JSON.parse(text);
    if (typeof checks !== "object" || checks === null) return [];
    return Object.entries(checks).map(([name, ok]) => ({ name, ok: ok === true }));
  } catch {
    return [];
  }
}

function checkOptions({ level, ...counts }: SandboxOptions): void {
  if (level !== undefined && !["bwrap", "rlimit", "none"].includes(level)) {
    throw new GemError(
      "GEM_INVALID_OPTION",
      `The option \`level\` is ${show(level)}; it must be "bwrap", "rlimit" or "none".`,
    );
  }
  for (const name of ["parallel", "memoryBytes", "processes", "fileBytes"] as const) {
    const value = counts[name];
    if (value === undefined || (Number.isSafeInteger(value) && value > 0)) continue;
    throw new GemError(
      "GEM_INVALID_OPTION",
      `The option \`${name}\` is ${show(value)}; it must be a positive whole number.`,
    );
  }
}

function checkRun({ code, stdin = "", timeoutMs }: SandboxRun): void {
  if (!(timeoutMs > 0 && timeoutMs <= MAX_TIMEOUT_MS)) {
    throw new GemError(
      "GEM_INVALID_ARGUMENT",
      `The time limit is ${show(timeoutMs)} ms; it must be above 0 and at most a day.`,
    );
  }
  for (const [what, text] of Object.entries({ "The program": code, "Its input": stdin })) {
    if (Buffer.byteLength(text) <= MAX_INPUT_BYTES) continue;
    throw new GemError("GEM_LIMIT", `${what} has more than 64 MiB, which is the limit.`);
  }
}
