/** Running the tests of a problem on a program that a model wrote. */
import { strip } from "../../text/strip.ts";
import { runCode } from "../../tools/python-code/run-code.ts";
import type { CodeOutcome, CodeRunner } from "../../tools/python-code/runner.ts";
import { digestOf, isLong, runForDigest } from "./digest.ts";
import { areEqual, parsePythonJson } from "./python-data.ts";
import { callProgram, checkProgram } from "./program.ts";
import type { CodeTest } from "./read-tests.ts";

/** How a test ended; those that were not needed any more were skipped. */
export type TestOutcome = "passed" | "wrong" | "error" | "timeout" | "skipped";

/** What tests found. */
export interface TestReport {
  readonly passed: boolean;
  readonly passedCount: number;
  /** Those that ran to an end of their own. */
  readonly ranCount: number;
  /** In the order of the tests. */
  readonly results: readonly TestOutcome[];
}

/** How tests are run. */
export interface TestOptions {
  readonly runner: CodeRunner;
  /** Runs are shared fairly between owners. */
  readonly owner: string;
  /** How long a test may run, in ms. */
  readonly timeoutMs: number;
  /** How long all tests together may run, waiting not counted, in ms. */
  readonly answerTimeoutMs: number;
  /** Tests at once. */
  readonly parallel: number;
}

/**
 * Runs tests until one fails.
 *
 * @throws what the runner throws: a sandbox that does not work is a fault and never a failed test
 */
export async function runTests(
  code: string,
  tests: readonly CodeTest[],
  options: TestOptions,
): Promise<TestReport> {
  const run = new TestRun(code, tests, options);
  const lanes = Array.from({ length: Math.min(options.parallel, tests.length) }, () => run.lane());
  const ends = await Promise.allSettled(lanes);
  const failed = ends.find((end) => end.status === "rejected");
  if (failed !== undefined) throw failed.reason;
  return run.report();
}

class TestRun {
  readonly #code: string;
  readonly #tests: readonly CodeTest[];
  readonly #options: TestOptions;
  readonly #results: TestOutcome[];
  readonly #stop = new AbortController();
  #next = 0;
  #leftMs: number;

  constructor(code: string, tests: readonly CodeTest[], options: TestOptions) {
    this.#code = code;
    this.#tests = tests;
    this.#options = options;
    this.#results = tests.map(() => "skipped");
    this.#leftMs = options.answerTimeoutMs;
  }

  /** Takes one test after the other until there are none, or one fails. */
  async lane(): Promise<void> {
    for (;;) {
      const index = this.#next++;
      const test = this.#tests[index];
      if (test === undefined || this.#stop.signal.aborted) return;
      await this.#one(index, test);
    }
  }

  report(): TestReport {
    const results = this.#results;
    const passedCount = results.filter((each) => each === "passed").length;
    const ranCount = results.filter((each) => each !== "skipped").length;
    return { passed: passedCount === results.length, passedCount, ranCount, results };
  }

  async #one(index: number, test: CodeTest): Promise<void> {
    const timeoutMs = Math.min(this.#options.timeoutMs, this.#leftMs);
    if (timeoutMs <= 0) {
      this.#note(index, "timeout");
      return;
    }
    try {
      const { outcome, durationMs } = await this.#run(test, timeoutMs);
      this.#leftMs -= durationMs;
      this.#note(index, outcome);
    } catch (error) {
      if (error === this.#stop.signal.reason) return;
      this.#stop.abort();
      throw error;
    }
  }

  #note(index: number, outcome: TestOutcome): void {
    if (this.#stop.signal.aborted && outcome !== "passed") return;
    this.#results[index] = outcome;
    if (outcome !== "passed") this.#stop.abort();
  }

  async #run(
    test: CodeTest,
    timeoutMs: number,
  ): Promise<{ outcome: TestOutcome; durationMs: number }> {
    const { runner, owner } = this.#options;
    const request = { stdin: "", timeoutMs, owner, signal: this.#stop.signal };
    if (test.kind === "stdio") {
      const own = { ...request, code: this.#code, stdin: test.stdin };
      if (isLong(test.expected)) {
        const outcome = await runForDigest(runner, own);
        return verdict(outcome, () => strip(outcome.stdout) === digestOf(test.expected));
      }
      const outcome = await runCode(runner, own);
      return verdict(outcome, () => strip(outcome.stdout) === strip(test.expected));
    }
    const start = (code: string): Promise<CodeOutcome> => runCode(runner, { ...request, code });
    if (test.kind === "check") {
      const program = checkProgram(this.#code, test.before, test.name, test.after);
      const outcome = await start(program.code);
      return verdict(outcome, () => outcome.stdout.includes(program.mark));
    }
    const program = callProgram(this.#code, test.name, test.args);
    const outcome = await start(program.code);
    return verdict(outcome, () => isResult(outcome.stdout, program.mark, test.expected));
  }
}

function verdict(
  { exitCode, timedOut, durationMs }: CodeOutcome,
  isRight: () => boolean,
): { outcome: TestOutcome; durationMs: number } {
  if (timedOut) return { outcome: "timeout", durationMs };
  if (exitCode !== 0) return { outcome: "error", durationMs };
  return { outcome: isRight() ? "passed" : "wrong", durationMs };
}

/** Whether a call's result, printed after the mark, is the expected one; a list of one expected result counts as that, too. */
function isResult(stdout: string, mark: string, expected: unknown): boolean {
  const at = stdout.lastIndexOf(mark);
  if (at < 0) return false;
  try {
    const result = parsePythonJson(stdout.slice(at + mark.length));
    const isWrapped = Array.isArray(expected) && expected.length === 1;
    return areEqual(result, expected) || (isWrapped && areEqual(result, expected[0]));
  } catch {
    return false;
  }
}
