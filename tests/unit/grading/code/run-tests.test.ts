import { describe, expect, it } from "vitest";
import { GemError } from "../../../../src/errors.ts";
import { readTests } from "../../../../src/grading/code/read-tests.ts";
import { runTests, type TestOptions } from "../../../../src/grading/code/run-tests.ts";
import { sandboxRunner } from "../../../../src/tools/python-code/sandbox-runner.ts";
import { plainRunner } from "../../../fixtures/plain-runner.ts";

const run = (code: string, tests: unknown, options: Partial<TestOptions> = {}) =>
  runTests(code, readTests("code:Test", tests, 12), {
    runner: plainRunner(),
    owner: "code:Test",
    timeoutMs: 10_000,
    answerTimeoutMs: 60_000,
    parallel: 2,
    ...options,
  });

const DOUBLE = { inputs: ["1", "2", "3"], outputs: ["2", "4\n", " 6"] };

describe("tests of standard input and output", () => {
  it("pass when the outputs are equal but for white space at their ends", async () => {
    expect(await run("print(2 * int(input()))", DOUBLE)).toEqual({
      passed: true,
      passedCount: 3,
      ranCount: 3,
      results: ["passed", "passed", "passed"],
    });
    const { results } = await run("print('a  b')", { inputs: [""], outputs: ["a b"] });
    expect(results).toEqual(["wrong"]);
  });

  it("stop at the first that fails", async () => {
    const code = "n = int(input())\nprint(2 * n if n < 2 else 0)";
    const report = await run(code, DOUBLE, { parallel: 1 });
    expect(report).toMatchObject({ passed: false, passedCount: 1, ranCount: 2 });
    expect(report.results).toEqual(["passed", "wrong", "skipped"]);
  });

  it("fail with an exit code, also when the output is right", async () => {
    const code = "print(2 * int(input()))\nraise SystemExit(3)";
    expect((await run(code, DOUBLE, { parallel: 1 })).results[0]).toBe("error");
  });

  it("run once more with the usual imports where a name is not defined", async () => {
    const code = "print(gcd(4, 6), Counter('aa')['a'])";
    expect((await run(code, { inputs: [""], outputs: ["2 2"] })).passed).toBe(true);
  });

  it("end a test at its own limit, and all tests at theirs", async () => {
    const forever = { inputs: ["1"], outputs: ["1"] };
    expect((await run("while True: pass", forever, { timeoutMs: 300 })).results).toEqual([
      "timeout",
    ]);
    expect((await run("while True: pass", forever, { answerTimeoutMs: 300 })).results).toEqual([
      "timeout",
    ]);
  });

  it.each([
    ["the plain runner", plainRunner()],
    ["the sandbox", sandboxRunner("auto")],
  ])("compare outputs longer than what is kept of a run, in %s", async (_, runner) => {
    const long = { inputs: ["200000"], outputs: [`${"x".repeat(200_000)}é`] };
    const options = { runner };
    expect((await run("print('x' * int(input()) + 'é')", long, options)).passed).toBe(true);
    expect(
      (await run("print('x' * factorial(1) * int(input()) + 'é')", long, options)).passed,
    ).toBe(true);
    expect((await run("print('x' * int(input()))", long, options)).results).toEqual(["wrong"]);
    expect((await run("print('x' * 9)\nraise SystemExit(1)", long, options)).results).toEqual([
      "error",
    ]);
  });

  it("that cannot be run are a fault", async () => {
    const runner = {
      run: () => Promise.reject(new GemError("GEM_UNAVAILABLE", "No sandbox.")),
    };
    await expect(run("print(1)", DOUBLE, { runner })).rejects.toMatchObject({
      code: "GEM_UNAVAILABLE",
    });
  });
});

describe("tests that call a function", () => {
  const ADD = {
    fn_name: "add",
    inputs: [
      [1, 2],
      [[1], [2]],
    ],
    outputs: [3, [1, 2]],
  };

  it.each([
    ["def add(a, b): return a + b"],
    ["class Solution:\n    def add(self, a, b):\n        print('noise')\n        return a + b"],
  ])("pass for %j", async (code) => {
    expect((await run(code, ADD)).results).toEqual(["passed", "passed"]);
  });

  it("take tuples for lists, and an expected list of one for its item", async () => {
    const tests = { fn_name: "f", inputs: [[], []], outputs: [[[1, 2.5]], [1, 2.5]] };
    expect((await run("def f(): return (1, 2.5)", tests)).passed).toBe(true);
  });

  it.each([
    ["def add(a, b): return 0", "wrong"],
    ["def other(a, b): return a + b", "error"],
    ["import os\nprint('3')\nos._exit(0)", "wrong"],
    ["def add(a, b): return {1}.__class__", "error"],
  ])("fail for %j", async (code, result) => {
    expect((await run(code, ADD, { parallel: 1 })).results[0]).toBe(result);
  });

  it("compare integers of any size", async () => {
    const tests =
      '{"fn_name": "f", "inputs": [[100000000000000000001]], "outputs": [100000000000000000002]}';
    expect((await run("def f(n): return n + 1", tests)).passed).toBe(true);
    expect((await run("def f(n): return n + 2", tests)).passed).toBe(false);
  });
});

describe("tests that check", () => {
  const PROMPT =
    'def helper(n):\n    return n + 1\n\n\ndef twice(n: int) -> int:\n    """Doubles."""\n';
  const TESTS = {
    prompt: PROMPT,
    entry_point: "twice",
    test: "def check(candidate):\n    assert candidate(2) == 4\n",
  };

  it.each([
    ["def twice(n):\n    return 2 * n"],
    ["def twice(n):\n    return helper(n) + n - 1"],
    ["return 2 * n"],
    ["    return 2 * n"],
    ["m = n\nreturn m + n"],
    ["if n:\n        return 2 * n\n    return 0"],
  ])("pass for %j", async (code) => {
    expect((await run(code, TESTS)).results).toEqual(["passed"]);
  });

  it.each([
    ["def twice(n):\n    return n", "error"],
    ["return n", "error"],
    ["}", "error"],
    ["import sys\nsys.exit(0)\ndef twice(n):\n    return 0", "wrong"],
    ["import os\nos._exit(0)\ndef twice(n): pass", "wrong"],
  ])("fail for %j", async (code, result) => {
    expect((await run(code, TESTS)).results).toEqual([result]);
  });
});
