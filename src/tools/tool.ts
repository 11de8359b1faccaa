import type { MaybePromise } from "../core/maybe-promise.ts";
import { ERROR_KINDS, GemError, isGemError, type ErrorCode } from "../errors.ts";

/** That a tool could not do its work, through no fault of the agent; goes into `info.gem`. */
export interface ToolFault {
  readonly outcome: "fault";
  /** What kind of fault, for example `GEM_UNAVAILABLE` or `GEM_DEADLINE`. */
  readonly cause: ErrorCode;
  /** One or two sentences for the trainer; the agent reads the observation. */
  readonly message: string;
  /** Whether the same action may succeed later. */
  readonly retryable: boolean;
}

/**
 * What a tool made of an action: whether it found a call in it, whether the call failed, what the agent is shown, and the part of
 * the action that counts (the rest was written before the agent could know the result). A fault stands in fifth place.
 */
export type ToolResult = readonly [
  parsed: boolean,
  hasError: boolean,
  observation: string,
  parsedAction: string,
  fault?: ToolFault,
];

/** Who uses a tool. */
export interface ToolUse {
  /** Names the environment among all that use tools: what runs is shared fairly between owners. */
  readonly owner: string;
}

/** Something an agent can call by writing a certain form into its reply. */
export abstract class Tool {
  /** Upstream's name of the kind of tool, for example `python_code`; goes into `info.tool_type`. */
  abstract readonly toolType: string;

  /** Says to the agent what the tool does and how it is called. */
  abstract instructionString(): MaybePromise<string>;

  /**
   * Looks for a call in the action and runs the first one.
   *
   * A failing call is a result with an error, and so is a fault; both are data.
   *
   * @throws GemError on a mistake of whoever set the tool up, for example GEM_INVALID_OPTION without a search server's address
   */
  abstract executeAction(action: string, use?: ToolUse): MaybePromise<ToolResult>;

  /** Names of the further methods that `callMethod` answers. */
  methodNames(): readonly string[] {
    return [];
  }

  /** Calls a declared method. @throws GEM_UNKNOWN_METHOD */
  callMethod(name: string, _args: readonly unknown[]): unknown {
    throw new GemError("GEM_UNKNOWN_METHOD", `The tool ${this.toolType} has no method "${name}".`);
  }

  /** Releases what the tool holds; twice is fine. */
  close(): MaybePromise<void> {
    return undefined;
  }
}

/** Upstream's name of a tool that says nothing else. */
export const BASE_TOOL_TYPE = "base";

/** The fault that an error stands for, or undefined where it is a mistake, a bug, or raised by a user's own object. */
export function faultOf(error: unknown): ToolFault | undefined {
  if (!isGemError(error) || ERROR_KINDS[error.code] !== "fault") return undefined;
  if (error.code === "GEM_OBJECT_FAULT") return undefined;
  return { outcome: "fault", cause: error.code, message: error.message, retryable: true };
}
