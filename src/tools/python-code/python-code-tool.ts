import { z } from "zod";
import { parseOptions, type OptionValues } from "../../core/options.ts";
import { GemError, show } from "../../errors.ts";
import { faultOf, Tool, type ToolResult, type ToolUse } from "../tool.ts";
import { refusalOf } from "./refusal.ts";
import { findCode } from "./grammar.ts";
import { failure, observationOf, reportOf, RESULT_MARK, type Report } from "./report.ts";
import { runCode } from "./run-code.ts";
import { sandboxRunner } from "./sandbox-runner.ts";
import { SANDBOX_TYPES, type CodeRunner, type SandboxType } from "./runner.ts";

/** What each option of `PythonCodeTool` may be, with its default. */
export const PYTHON_CODE_OPTIONS: {
  readonly timeout: z.ZodType<number>;
  readonly sandbox_type: z.ZodType<SandboxType>;
  readonly keep_error_last_line: z.ZodType<boolean>;
} = {
  timeout: z
    .number()
    .positive()
    .max(3600)
    .default(5)
    .describe("a number of seconds above 0, at most 3600"),
  sandbox_type: z
    .enum(SANDBOX_TYPES)
    .default("auto")
    .describe(`one of ${SANDBOX_TYPES.map((type) => `"${type}"`).join(", ")}`),
  keep_error_last_line: z.boolean().default(false).describe("true or false"),
};

/** Options of `PythonCodeTool`, under upstream's names; all may be left out. */
export type PythonCodeOptions = Partial<OptionValues<typeof PYTHON_CODE_OPTIONS>>;

const INSTRUCTION =
  "Work through the problem step by step. Where computing helps, write a Python script and it is run in a separate sandbox: " +
  "put it between <python> and </python> tags, or in a fenced block that opens with ```python and closes with ```. Only the first " +
  "block of a reply is run, each run starts from nothing, so a script must be complete, with its imports, and print what you " +
  `want to see. What it prints comes back after the words "${RESULT_MARK.trim()}". When you know the final answer, give it inside \\boxed{}.`;

/**
 * Runs the Python code that an agent writes, in a sandbox.
 *
 * Code that uses a name it did not define is run once more with the usual imports before it, within the same time limit.
 */
export class PythonCodeTool extends Tool {
  override readonly toolType = "python_code";
  readonly options: OptionValues<typeof PYTHON_CODE_OPTIONS>;
  readonly #runner: CodeRunner;

  /**
   * @param runner runs the code; default: the sandbox that this process shares
   * @throws GEM_UNKNOWN_OPTION, GEM_INVALID_OPTION
   */
  constructor(options: PythonCodeOptions = {}, runner?: CodeRunner) {
    super();
    // Differs from upstream D68: an unknown sandbox_type is refused here, where upstream fails at the first run.
    this.options = parseOptions("PythonCodeTool", PYTHON_CODE_OPTIONS, options);
    this.#runner = runner ?? sandboxRunner(this.options.sandbox_type);
  }

  override instructionString(): string {
    return INSTRUCTION;
  }

  override executeAction(action: string, use?: ToolUse): ToolResult | Promise<ToolResult> {
    const block = findCode(action);
    if (block === undefined) return [false, true, "", action];
    const known = this.#withoutRunning(block.code);
    if (known !== undefined) return this.#result(known, block.action);
    return this.#run(block.code, use?.owner ?? "").then(
      (report) => this.#result(report, block.action),
      (error: unknown) => faultResult(error, block.action),
    );
  }

  override methodNames(): readonly string[] {
    return ["run"];
  }

  /**
   * `run [code, stdin]` runs a whole program without looking for one in a reply.
   *
   * @returns whether it ended well, standard output, standard error
   */
  override callMethod(name: string, args: readonly unknown[]): unknown {
    if (name !== "run") return super.callMethod(name, args);
    const [code, stdin] = args;
    if (args.length !== 2 || typeof code !== "string" || typeof stdin !== "string") {
      throw new GemError(
        "GEM_INVALID_ARGUMENT",
        `run takes a program and its standard input, both strings, got ${show(args)}.`,
      );
    }
    const known = this.#withoutRunning(code);
    if (known !== undefined) return partsOf(known);
    return this.#run(code, "", stdin).then(partsOf);
  }

  #result(report: Report, action: string): ToolResult {
    const observation = observationOf(report, this.options.keep_error_last_line);
    return [true, !report.success, observation, action];
  }

  /** The report of code whose outcome is known beforehand. */
  #withoutRunning(code: string): Report | undefined {
    const reason = refusalOf(code, this.options.sandbox_type);
    return reason === undefined ? undefined : failure(reason);
  }

  async #run(code: string, owner: string, stdin = ""): Promise<Report> {
    // Differs from upstream D66: the time limit is the one that was asked for, where upstream's is 10 s for each run.
    const timeoutMs = this.options.timeout * 1000;
    // Differs from upstream D72: standard input is empty; upstream's code reads the trainer's.
    const outcome = await runCode(this.#runner, { code, stdin, timeoutMs, owner });
    return reportOf(outcome, this.options.timeout);
  }
}

function partsOf({ success, stdout, stderr }: Report): readonly [boolean, string, string] {
  return [success, stdout, stderr];
}

function faultResult(error: unknown, action: string): ToolResult {
  const fault = faultOf(error);
  if (fault === undefined) throw error;
  const observation = `${RESULT_MARK}The code was not run: the sandbox is not available at the moment. Try again, or go on without it.\n`;
  return [true, true, observation, action, fault];
}
