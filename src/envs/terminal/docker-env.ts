/**
 * A task in a terminal: shell commands in a container of its own, judged by the task's tests.
 *
 * Action       the first pair of tags in the reply: `<bash>` around a YAML map with `cmd` and perhaps `timeout_secs`, or `<finish>`
 * Observation  reset: the task; a step: what the command wrote; the end: the terminal marker, or the output of the last command
 * Reward       0 until the end, then the weighted share of the task's tests that pass
 * Ends         terminated and truncated: finish, a reply without a call, `max_retry` failed commands
 * Randomness   reset: which task, from the environment's stream
 * Source       axon-rl/gem DockerEnv (not in gem-llm 0.1.0), behaviour in docs/parity.md
 */
import { z } from "zod";
import { TERMINAL_STATE } from "../../core/constants.ts";
import type { EnvSnapshot, Info, ResetResult, StepResult } from "../../core/env.ts";
import { SeededEnv, type EnvInit } from "../../core/seeded-env.ts";
import { GemError, isGemError } from "../../errors.ts";
import { readAction, type TerminalAction } from "./action.ts";
import type { Container, ContainerBackend, ExecOutcome } from "./container.ts";
import { readTask, type Task } from "./task.ts";
import { readPytest, scoreOf } from "./test-results.ts";
import type { TerminalText } from "./texts.ts";

/** A task, and how it is judged. */
export interface TaskConfig {
  readonly task_name: string;
  /** The task's folder. */
  readonly task_path: string;
  readonly test_weights: Readonly<Record<string, number>> | null;
  readonly max_test_timeout_sec: number;
  /** Failed commands that end the task. */
  readonly max_retry: number;
}

/** How containers are made. */
export interface ContainerConfig {
  readonly no_rebuild: boolean;
  /** Accepted as upstream's; nothing depends on it. */
  readonly timeout: number;
}

/** What a `DockerEnv` is made with, checked. */
export interface TerminalOptions {
  readonly task_configs: readonly TaskConfig[];
  readonly container_config: ContainerConfig | null;
}

const TASK_CONFIG = z.strictObject({
  task_name: z.string().min(1),
  task_path: z.string().min(1),
  test_weights: z.record(z.string(), z.number().min(0)).nullable().default({}),
  max_test_timeout_sec: z.number().positive().max(86_400).default(300),
  max_retry: z.int().min(1).default(5),
});

const CONTAINER_CONFIG = z.strictObject({
  no_rebuild: z.boolean().default(false),
  timeout: z.number().positive().default(600),
});

/** What each option of `DockerEnv` may be. */
export const TERMINAL_OPTIONS: {
  readonly [Name in keyof TerminalOptions]: z.ZodType<TerminalOptions[Name]>;
} = {
  task_configs: z
    .array(TASK_CONFIG)
    .min(1)
    .describe(
      "a list of tasks, each with task_name and task_path, and perhaps test_weights (numbers by test), max_test_timeout_sec and max_retry (at least 1)",
    ),
  container_config: CONTAINER_CONFIG.nullable()
    .default(null)
    .describe("a map of no_rebuild (true or false) and timeout (seconds), or null"),
};

interface TerminalState {
  task_name: string | null;
  container_name: string | null;
  turn_count: number;
  /** Failed commands. */
  error_count: number;
  done: boolean;
}

interface Episode {
  readonly config: TaskConfig;
  readonly task: Task;
  readonly container: Container;
}

const KEEP_BYTES = 65_536;
const TEST_KEEP_BYTES = 16 * 1024 * 1024;
const MOST_EXECUTE_SECONDS = 3600;
const TESTS_FOLDER = "/tests";

/** Tasks in a terminal. */
export class DockerEnv extends SeededEnv<TerminalOptions, TerminalState, TerminalText> {
  protected override state: TerminalState = begun(null, null);
  readonly #backend: ContainerBackend;
  readonly #closing = new AbortController();
  #episode: Episode | undefined;

  constructor(init: EnvInit<TerminalOptions, TerminalText>, backend: ContainerBackend) {
    super(init);
    this.#backend = backend;
  }

  override get worksElsewhere(): boolean {
    return true;
  }

  /** @throws GEM_UNSUPPORTED in an episode: its container is not part of a state */
  override getState(): EnvSnapshot {
    if (this.phase !== "ready") return super.getState();
    throw new GemError(
      "GEM_UNSUPPORTED",
      `${this.id} cannot be copied within an episode: its container cannot. Copy it before reset().`,
    );
  }

  protected override async onReset(): Promise<ResetResult> {
    const config = this.random.choice(this.options.task_configs);
    const task = readTask(config.task_path, this.options.container_config?.no_rebuild ?? false);
    await this.#drop();
    const container = await this.#named(this.#backend.start(task.plan, this.#signal));
    this.#episode = { config, task, container };
    this.state = begun(config.task_name, container.name);
    return [this.prompts.render("instruction", { instruction: task.instruction }), {}];
  }

  protected override async onStep(reply: string): Promise<StepResult> {
    const action = readAction(reply);
    const info = infoOf(action);
    const episode = this.#episode;
    if (this.state.done || episode === undefined) {
      const error = "The episode is over; call reset().";
      return [TERMINAL_STATE, 0, true, true, { ...info, error }];
    }
    if (action.kind === "bash") return this.#runBash(episode, action, info);
    this.state.turn_count += 1;
    if (action.kind === "bad") {
      return [this.prompts.render("not_run", { problem: action.problem }), 0, false, false, info];
    }
    return this.#end(episode, TERMINAL_STATE, info);
  }

  protected override drawAction(): string {
    return "<bash>\ncmd: ls\n</bash>";
  }

  override methodNames(): readonly string[] {
    return ["execute"];
  }

  /** `execute [command, seconds]` runs a command beside the agent's and counts as nothing: `[output, exit code]`. */
  override callMethod(name: string, args: readonly unknown[]): unknown {
    if (name !== "execute") return super.callMethod(name, args);
    const [command, seconds] = args;
    if (
      typeof command !== "string" ||
      typeof seconds !== "number" ||
      !(seconds > 0) ||
      seconds > MOST_EXECUTE_SECONDS
    ) {
      throw new GemError(
        "GEM_INVALID_ARGUMENT",
        `execute takes a command and a number of seconds above 0, at most ${MOST_EXECUTE_SECONDS}.`,
      );
    }
    if (this.#episode === undefined) this.refuse("execute");
    return this.#exec(this.#episode, command, seconds).then((outcome) => [
      this.#shown(outcome, seconds),
      outcome.exitCode,
    ]);
  }

  override close(): Promise<void> {
    void super.close();
    this.#closing.abort(new GemError("GEM_CLOSED", `${this.id} was closed while it waited.`));
    return this.#drop();
  }

  get #signal(): AbortSignal {
    return this.#closing.signal;
  }

  async #runBash(
    episode: Episode,
    { command, seconds }: TerminalAction & { kind: "bash" },
    info: Info,
  ): Promise<StepResult> {
    const outcome = await this.#exec(episode, command, seconds);
    const { state } = this;
    state.turn_count += 1;
    const observation = this.prompts.render("output", { output: this.#shown(outcome, seconds) });
    const { exitCode: code } = outcome;
    if (code === 0) return [observation, 0, false, false, info];
    state.error_count += 1;
    const limit = episode.config.max_retry;
    if (state.error_count < limit) {
      return [observation + this.prompts.render("failed", { code }), 0, false, false, info];
    }
    const fields = { code, errors: state.error_count, limit };
    return this.#end(episode, observation + this.prompts.render("given_up", fields), info);
  }

  /** Runs the task's tests; the episode is over when they have run, and not when a fault kept them from it. */
  async #end(episode: Episode, observation: string, info: Info): Promise<StepResult> {
    const { task, config, container } = episode;
    const problem = (reward_error: string): StepResult => {
      this.state.done = true;
      return [observation, 0, true, true, { ...info, reward_error }];
    };
    for (const path of task.tests) {
      await this.#named(container.copyIn(path, TESTS_FOLDER, this.#signal));
    }
    const seconds = config.max_test_timeout_sec;
    const outcome = await this.#named(
      container.exec({
        command: `exec "$(command -v bash || echo sh)" ${TESTS_FOLDER}/${task.script}`,
        timeoutMs: seconds * 1000,
        keepBytes: TEST_KEEP_BYTES,
        env: { TEST_DIR: TESTS_FOLDER },
        signal: this.#signal,
      }),
    );
    if (outcome.timedOut) return problem(`The tests did not end within ${seconds} seconds.`);
    const results = readPytest(outcome.output);
    if (results.size === 0) {
      const end = outcome.output.slice(-500).trim();
      return problem(`The tests gave no results (exit code ${outcome.exitCode}): ${end}`);
    }
    this.state.done = true;
    const reward = scoreOf(results, config.test_weights ?? {});
    return [observation, reward, true, true, { ...info, tests: Object.fromEntries(results) }];
  }

  #exec({ container }: Episode, command: string, seconds: number): Promise<ExecOutcome> {
    const timeoutMs = seconds * 1000;
    const request = { command, timeoutMs, keepBytes: KEEP_BYTES, signal: this.#signal };
    return this.#named(container.exec(request));
  }

  #shown({ output, bytes, timedOut }: ExecOutcome, seconds: number): string {
    const shown = Buffer.byteLength(output);
    const cut = shown < bytes ? this.prompts.render("cut", { shown, bytes }) : "";
    const end = timedOut ? `\n${this.prompts.render("timed_out", { seconds })}` : "";
    return `${output.trimEnd()}${cut}${end}`;
  }

  async #drop(): Promise<void> {
    const episode = this.#episode;
    this.#episode = undefined;
    await episode?.container.remove();
  }

  /** A fault names the environment. */
  async #named<T>(work: Promise<T>): Promise<T> {
    try {
      return await work;
    } catch (error) {
      this.#signal.throwIfAborted();
      if (!isGemError(error)) throw error;
      throw new GemError(error.code, `${this.id}: ${error.message}`, {
        ...error.details,
        id: this.id,
      });
    }
  }
}

function begun(task_name: string | null, container_name: string | null): TerminalState {
  return { task_name, container_name, turn_count: 0, error_count: 0, done: false };
}

function infoOf(action: TerminalAction): Info {
  if (action.kind === "none") return {};
  const tool = action.kind === "finish" ? "finish" : "bash";
  return { parsed_action: action.text, tool_type: `terminal-${tool}` };
}
