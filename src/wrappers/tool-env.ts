import { z } from "zod";
import { checkAction } from "../core/env.ts";
import type {
  Env,
  EnvSnapshot,
  Info,
  Observation,
  ResetOptions,
  ResetResult,
  Seed,
  StepResult,
} from "../core/env.ts";
import { countFault } from "../core/fault-counts.ts";
import { ATTEMPTS, type FaultRules } from "../core/fault-policy.ts";
import { all, chain, type MaybePromise } from "../core/maybe-promise.ts";
import { parseOptions, type OptionValues } from "../core/options.ts";
import { Wrapper } from "../core/wrapper.ts";
import { GemError, show } from "../errors.ts";
import { toTool, type ToolLike } from "../tools/index.ts";
import { faultOf, type Tool, type ToolFault, type ToolResult } from "../tools/tool.ts";

const TOOL_ENV_OPTIONS = {
  tools: z.array(z.unknown()).min(1).describe("a list of at least one tool"),
  tool_reward: reward(),
  tool_success_reward: reward(),
  tool_execute_error_reward: reward(),
  max_tool_uses: z
    .int()
    .min(0)
    .nullable()
    .default(10)
    .describe("a non-negative integer, or null for no limit"),
};

/** Options of `ToolEnvWrapper`, under upstream's names; all but the tools may be left out. */
export interface ToolEnvOptions {
  /** What the agent can call; the first that an action calls is used. */
  readonly tools: readonly ToolLike[];
  /** Earned by each use of a tool. */
  readonly tool_reward?: number;
  /** Earned on top by a use without an error. */
  readonly tool_success_reward?: number;
  /** Earned by a use with an error, in place of the others; negative, and only where they are 0. */
  readonly tool_execute_error_reward?: number;
  /** Uses an episode; after them actions go to the environment. */
  readonly max_tool_uses?: number | null;
}

function reward(): z.ZodType<number> {
  return z.number().default(0).describe("a finite number");
}

/** What a tool made of an action, and which tool it was. */
interface Use {
  readonly tool: Tool;
  readonly result: ToolResult;
}

/** How often an action has been tried, since when, and the newest fault that was not the last. */
interface Tries {
  readonly attempt: number;
  readonly start: number;
  readonly fault: ToolFault | undefined;
}

const LAST_USE =
  "\n\nThat was the last use of a tool: the limit is reached. Give your final answer directly in the next reply.";

let wrappers = 0;

/**
 * Lets the agent use tools. An action that calls one is answered by the tool, and the environment does not step; any other
 * action goes to the environment.
 *
 * A tool that cannot do its work (no sandbox, no search server) earns nothing and uses nothing up: `info.gem` says what happened.
 */
export class ToolEnvWrapper extends Wrapper {
  override readonly className = "ToolEnvWrapper";
  /** The tools, in the order in which they are tried. */
  readonly tools: readonly Tool[];
  readonly #options: Omit<OptionValues<typeof TOOL_ENV_OPTIONS>, "tools">;
  readonly #maxUses: number;
  readonly #owner: string;
  /** The tools that were made for this wrapper; the others belong to who made them. */
  readonly #made: readonly Tool[];
  #attempts = 1;
  #uses = 0;
  #successes = 0;

  /** @throws GEM_UNKNOWN_OPTION, GEM_INVALID_OPTION, what a tool's constructor throws */
  constructor(env: Env, options: ToolEnvOptions) {
    super(env);
    const { tools, ...numbers } = parseOptions("ToolEnvWrapper", TOOL_ENV_OPTIONS, { ...options });
    checkRewards(numbers);
    this.tools = tools.map(toTool);
    this.#made = this.tools.filter((tool) => !tools.includes(tool));
    this.#options = numbers;
    this.#maxUses = numbers.max_tool_uses ?? Infinity;
    wrappers += 1;
    this.#owner = `${env.id}#${wrappers}`;
  }

  override get repeatsAfterFault(): boolean {
    return this.env.repeatsAfterFault;
  }

  /** Under `retry` a tool that is not available is asked again: nothing was used up. */
  override follow(rules: FaultRules): boolean {
    this.#attempts = rules.onFault === "retry" ? ATTEMPTS : 1;
    return super.follow(rules);
  }

  override reset(seed?: Seed | null, options?: ResetOptions): MaybePromise<ResetResult> {
    // Before the reset: tools that cannot say what they are must not cost an episode.
    return chain(all(this.tools.map((tool) => tool.instructionString())), (instructions) =>
      chain(this.env.reset(seed, options), ([observation, info]): ResetResult => {
        const text = withInstructions(this.id, observation, instructions);
        info["tool_use_counter"] = 0;
        info["prev_ep_tool_use_counter"] = this.#uses;
        info["tool_success_counter"] = 0;
        info["prev_ep_tool_success_counter"] = this.#successes;
        info["use_tool"] = false;
        this.#uses = 0;
        this.#successes = 0;
        return [text, info];
      }),
    );
  }

  override step(action: string | null): MaybePromise<StepResult> {
    const text = checkAction(action);
    if (this.phase !== "ready" || this.#uses >= this.#maxUses) return this.#stepEnv(action);
    return this.#useTools(text, { attempt: 1, start: performance.now(), fault: undefined });
  }

  override close(): MaybePromise<void> {
    return chain(all(this.#made.map((tool) => tool.close())), () => super.close());
  }

  #stepEnv(action: string | null): MaybePromise<StepResult> {
    return chain(this.env.step(action), (result) => {
      const info = result[4];
      info["use_tool"] = false;
      info["tool_use_counter"] = this.#uses;
      info["tool_success_counter"] = this.#successes;
      return result;
    });
  }

  /** Lets a tool answer the action, again while its fault may pass and there are attempts left; else the environment steps. */
  #useTools(action: string, tries: Tries): MaybePromise<StepResult> {
    return chain(this.#use(action), (use) => {
      if (use === undefined) return this.#stepEnv(action);
      const fault = use.result[4];
      if (fault?.retryable !== true || tries.attempt >= this.#attempts)
        return this.#answer(use, tries);
      return this.#useTools(action, { ...tries, attempt: tries.attempt + 1, fault });
    });
  }

  /**
   * Tries the tools in turn, up to one that is used without an error; undefined when the action calls none.
   *
   * Differs from upstream D73: of several failing calls the first counts, and it is never taken for an answer.
   */
  #use(action: string, position = 0, failed?: Use): MaybePromise<Use | undefined> {
    const tool = this.tools[position];
    if (tool === undefined) return failed;
    return chain(this.#execute(tool, action), (result) => {
      const [parsed, hasError, , , fault] = result;
      if (parsed && (!hasError || fault !== undefined)) return { tool, result };
      return this.#use(action, position + 1, failed ?? (parsed ? { tool, result } : undefined));
    });
  }

  #execute(tool: Tool, action: string): MaybePromise<ToolResult> {
    const failed = (error: unknown): ToolResult => faultResult(tool, action, error);
    try {
      const result = tool.executeAction(action, { owner: this.#owner });
      return result instanceof Promise ? result.catch(failed) : result;
    } catch (error) {
      return failed(error);
    }
  }

  #answer({ tool, result }: Use, tries: Tries): StepResult {
    const [, hasError, observation, parsedAction, fault] = result;
    const earned = fault === undefined ? this.#count(hasError) : 0;
    const isLast = fault === undefined && this.#uses === this.#maxUses;
    const info: Info = {
      parsed_action: parsedAction,
      tool_type: tool.toolType,
      use_tool: true,
      tool_use_counter: this.#uses,
      tool_success_counter: this.#successes,
    };
    // Differs from upstream D74: a fault is neither an answer nor a use; upstream pays for it, or raises.
    const faced = fault ?? tries.fault;
    if (faced !== undefined) info["gem"] = this.#note(faced, fault === undefined, tool, tries);
    return [isLast ? observation + LAST_USE : observation, earned, false, false, info];
  }

  /** What `info.gem` says of a tool's fault, which may have passed. */
  #note(fault: ToolFault, hasPassed: boolean, tool: Tool, tries: Tries): Info {
    countFault(this.id, fault.cause, hasPassed ? "retried" : "shown");
    return {
      ...fault,
      outcome: hasPassed ? "retried" : "fault",
      attempt: tries.attempt,
      duration_ms: performance.now() - tries.start,
      tool_type: tool.toolType,
    };
  }

  /** Counts a use; gives what it earns. */
  #count(hasError: boolean): number {
    const options = this.#options;
    this.#uses += 1;
    if (!hasError) {
      this.#successes += 1;
      return options.tool_reward + options.tool_success_reward;
    }
    return options.tool_execute_error_reward === 0
      ? options.tool_reward
      : options.tool_execute_error_reward;
  }

  protected override ownState(): Record<string, unknown> {
    return { tool_use_counter: this.#uses, tool_success_counter: this.#successes };
  }

  protected override setOwnState(state: EnvSnapshot): void {
    const { tool_use_counter: uses = 0, tool_success_counter: successes = 0 } = state;
    if (!isCount(uses) || !isCount(successes)) {
      throw new GemError(
        "GEM_INVALID_STATE",
        `tool_use_counter and tool_success_counter must be non-negative integers, got ${show(uses)} and ${show(successes)}.`,
      );
    }
    this.#uses = uses;
    this.#successes = successes;
  }
}

function isCount(value: unknown): value is number {
  return typeof value === "number" && Number.isInteger(value) && value >= 0;
}

function checkRewards(options: Record<string, unknown>): void {
  const {
    tool_execute_error_reward: error,
    tool_reward: use,
    tool_success_reward: success,
  } = options;
  if (error === 0 || (Number(error) < 0 && use === 0 && success === 0)) return;
  throw new GemError(
    "GEM_INVALID_OPTION",
    `tool_execute_error_reward must be 0, or negative with tool_reward and tool_success_reward both 0; got ${show(error)} with ${show(use)} and ${show(success)}.`,
  );
}

/** The observation with what the tools say below it. */
function withInstructions(
  id: string,
  observation: Observation,
  instructions: readonly string[],
): Observation {
  const heading = instructions.length > 1 ? "Available tools:\n" : "";
  const text = `\n${heading}${instructions.join("\n")}`;
  if (typeof observation === "string") return observation + text;
  // Differs from upstream D76: pictures stay, and their text gets the instructions; upstream prints the whole into one string.
  const shown = observation["text"];
  if (typeof shown === "string") return { ...observation, text: shown + text };
  throw new GemError(
    "GEM_UNSUPPORTED",
    `ToolEnvWrapper adds instructions to text, but ${id} gave an observation without any. Use it without tools.`,
  );
}

/** The result of a call whose tool threw a fault; anything else that it threw goes on. */
function faultResult(tool: Tool, action: string, error: unknown): ToolResult {
  const fault: ToolFault | undefined = faultOf(error);
  if (fault === undefined) throw error;
  const observation = `The tool ${tool.toolType} is not available at the moment. Try again, or go on without it.`;
  return [true, true, observation, action, fault];
}
