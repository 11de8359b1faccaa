import { describe, expect, it } from "vitest";
import { PythonCodeTool } from "../../../src/tools/python-code/python-code-tool.ts";
import type { PythonCodeOptions } from "../../../src/tools/python-code/python-code-tool.ts";
import type { CodeOutcome, CodeRunner } from "../../../src/tools/python-code/runner.ts";
import type { ToolResult } from "../../../src/tools/tool.ts";
import { GemError } from "../../../src/errors.ts";
import { plainRunner } from "../../fixtures/plain-runner.ts";

async function execute(
  code: string,
  options: PythonCodeOptions = {},
  runner: CodeRunner = plainRunner(),
): Promise<ToolResult> {
  return new PythonCodeTool(options, runner).executeAction(`<python>${code}</python>`);
}

async function observation(code: string, options: PythonCodeOptions = {}): Promise<string> {
  return (await execute(code, options))[2];
}

/** A runner whose runs all end as given. */
function scripted(...outcomes: Partial<CodeOutcome>[]): CodeRunner & { timeouts: number[] } {
  const timeouts: number[] = [];
  return {
    timeouts,
    run: ({ timeoutMs }) => {
      const next = outcomes[Math.min(timeouts.length, outcomes.length - 1)] ?? {};
      timeouts.push(timeoutMs);
      const { stdout = "", stderr = "" } = next;
      return Promise.resolve({
        exitCode: 0,
        signal: null,
        stdout,
        stderr,
        stdoutBytes: Buffer.byteLength(stdout),
        stderrBytes: Buffer.byteLength(stderr),
        timedOut: false,
        durationMs: 0,
        ...next,
      });
    },
  };
}

describe("PythonCodeTool", () => {
  it("shows what the code printed", async () => {
    expect(await execute("print(3)")).toEqual([
      true,
      false,
      "Code execution result: 3\n\n",
      "<python>print(3)</python>",
    ]);
  });

  it("has nothing to do where no code is, and runs nothing", async () => {
    const runner = plainRunner();
    const tool = new PythonCodeTool({}, runner);
    expect(await tool.executeAction("\\boxed{3}")).toEqual([false, true, "", "\\boxed{3}"]);
    expect(runner.runs).toEqual([]);
  });

  it("shows an exception below the output, or its last line alone", async () => {
    const code = "print('out')\n1/0";
    expect(await observation(code)).toBe(
      'Code execution result: out\n\nTraceback (most recent call last):\n  File "<string>", line 2, in <module>\nZeroDivisionError: division by zero\n',
    );
    expect(await observation(code, { keep_error_last_line: true })).toBe(
      "Code execution result: out\n\nZeroDivisionError: division by zero\n",
    );
  });

  it("shows warnings of code that ended well, and takes leading spaces and newlines away", async () => {
    expect(await execute("import sys\nprint('\\n  a')\nprint(' warn ', file=sys.stderr)")).toEqual([
      true,
      false,
      "Code execution result: a\n\nwarn\n",
      expect.any(String),
    ]);
    expect(await observation("print('\\tx')")).toBe("Code execution result: \tx\n\n");
    expect(await observation("")).toBe("Code execution result: \n");
  });

  it("runs code once more with the usual imports when a name is not defined", async () => {
    const runner = plainRunner();
    expect((await execute("print(floor(2.5), sqrt(9), os.sep)", {}, runner))[2]).toBe(
      "Code execution result: 2 3.0 /\n\n",
    );
    expect(runner.runs).toHaveLength(2);
  });

  it("counts lines from 37 on in the second run", async () => {
    expect(await observation("floor(2.5)\nraise ValueError('x')")).toContain(
      'File "<string>", line 38, in <module>',
    );
  });

  it("names a library of the preamble that is missing where it is used, and only there", async () => {
    const hidden = "import sys; sys.modules['numpy'] = None\n";
    expect(await observation(`${hidden}print(floor(1.5)); np.zeros(1)`)).toMatch(
      /^Code execution result: 1\n[\s\S]*numpy/,
    );
    expect((await execute(`${hidden}print(floor(1.5))`))[1]).toBe(false);
  });

  it("gives both runs one time limit together", async () => {
    const failing = { exitCode: 1, stderr: "NameError: name 'x' is not defined", durationMs: 700 };
    const runner = scripted(failing);
    await execute("x", { timeout: 1 }, runner);
    expect(runner.timeouts).toEqual([1000, 300]);
    const late = scripted({ ...failing, durationMs: 980 });
    await execute("x", { timeout: 1 }, late);
    expect(late.timeouts).toEqual([1000]);
  });

  it("says after how many seconds code was stopped", async () => {
    const [, hasError, text] = await execute("while True: pass", { timeout: 0.5 });
    expect(hasError).toBe(true);
    expect(text).toBe(
      "Code execution result: The code was stopped: it ran longer than 0.5 seconds.\n",
    );
  });

  it("runs code of 3072 characters and more from a file; the imports count", async () => {
    const runner = plainRunner();
    for (const length of [3071, 3072]) await execute("#".repeat(length), {}, runner);
    expect(runner.runs.map((run) => run.asFile)).toEqual([false, true]);
    const astral = plainRunner();
    await execute(`#${"😀".repeat(3070)}`, {}, astral);
    expect(astral.runs[0]?.asFile).toBe(false);
    const again = plainRunner();
    for (const length of [1605, 1606]) await execute("x".repeat(length), {}, again);
    expect(again.runs.map((run) => run.asFile)).toEqual([false, false, false, true]);
  });

  it.each(["...", "print('\0')"])("fails %j without running it", async (code) => {
    const runner = plainRunner();
    const [parsed, hasError, text] = await execute(code, {}, runner);
    expect([parsed, hasError]).toEqual([true, true]);
    expect(text).toMatch(/^Code execution result: SyntaxError: /);
    expect(runner.runs).toEqual([]);
  });

  it("refuses some texts without a sandbox, and none with one", async () => {
    const code = "# import sockets\nprint(1)";
    const [, hasError, text] = await execute(code, { sandbox_type: "none" });
    expect([hasError, text]).toEqual([true, expect.stringContaining('"import socket"')]);
    expect(await observation(code)).toBe("Code execution result: 1\n\n");
    expect((await execute("import sys; sys.exit(0)"))[1]).toBe(false);
  });

  it("says what was cut off the output", async () => {
    const runner = scripted({ stdout: "abc", stdoutBytes: 300_000_000 });
    expect((await execute("1", {}, runner))[2]).toBe(
      "Code execution result: abc\n[The standard output is cut here: its first 3 of 300000000 bytes are shown.]\n\n",
    );
  });

  it("says which signal ended the code", async () => {
    const runner = scripted({ exitCode: null, signal: "SIGKILL" });
    expect((await execute("1", {}, runner))[2]).toMatch(/ended by the signal SIGKILL; perhaps/);
  });

  it("takes a sandbox that cannot be used for a fault, and a bug for a bug", async () => {
    const broken = (error: Error): CodeRunner => ({ run: () => Promise.reject(error) });
    const [parsed, hasError, text, action, fault] = await execute(
      "1",
      {},
      broken(new GemError("GEM_UNAVAILABLE", "no bwrap")),
    );
    expect([parsed, hasError, action]).toEqual([true, true, "<python>1</python>"]);
    expect(text).toMatch(/^Code execution result: The code was not run/);
    expect(fault).toEqual({
      outcome: "fault",
      cause: "GEM_UNAVAILABLE",
      message: "no bwrap",
      retryable: true,
    });
    await expect(execute("1", {}, broken(new TypeError("bug")))).rejects.toThrow("bug");
  });

  it.each([
    [{ sandbox_type: "docker" }, /one of "auto", "bwrap", "rlimit", "none"/],
    [{ timeout: 0 }, /seconds above 0/],
    [{ timeuot: 1 }, /Did you mean "timeout"/],
  ])("refuses %o when it is made", (options, message) => {
    expect(() => new PythonCodeTool(options as PythonCodeOptions)).toThrow(message);
  });

  it("runs code in the best sandbox of this machine when nothing else is said", async () => {
    const tool = new PythonCodeTool({ timeout: 20 });
    const run = async (code: string): Promise<string> =>
      (await tool.executeAction(`<python>${code}</python>`))[2];
    expect(await run("import sys; print(1); sys.exit(0)")).toBe("Code execution result: 1\n\n");
    const long = await run("print('x' * 300_000)");
    expect(long.length).toBeLessThan(66_000);
    expect(long).toMatch(/first 65536 of 300001 bytes are shown/);
    expect(await run("import os; os.write(1, b'\\xff')")).toBe("Code execution result: \ufffd\n");
    expect(await run("print(floor(2.5), open('/proc/self/stat').read() != '')")).toMatch(
      /: 2 True/,
    );
  });

  it("tells the agent the forms and the mark", () => {
    const text = new PythonCodeTool().instructionString();
    for (const word of ["<python>", "```python", "Code execution result:", "\\boxed{}"])
      expect(text).toContain(word);
    expect(text).not.toContain("\n");
  });
});
