import { GemError, type ErrorCode } from "../../errors.ts";
import type { ToolFault } from "../tool.ts";

/** A server that did not do its work, through no fault of the call. */
export class McpFailure extends Error {
  readonly code: ErrorCode;
  /** Whether the server cannot have begun with the call, so that making it again does nothing twice. */
  readonly isUnsent: boolean;
  /** Whether the same call may succeed later. */
  readonly retryable: boolean;

  /** @param reason a sentence without its full stop, for the agent and the trainer */
  constructor(
    code: "GEM_UNAVAILABLE" | "GEM_DEADLINE",
    reason: string,
    kind: { readonly isUnsent?: boolean; readonly retryable?: boolean } = {},
  ) {
    super(reason);
    this.name = "McpFailure";
    this.code = code;
    this.isUnsent = kind.isUnsent ?? false;
    this.retryable = kind.retryable ?? true;
  }

  /** For `info.gem`. */
  toFault(): ToolFault {
    const { code: cause, retryable } = this;
    return { outcome: "fault", cause, message: `${capital(this.message)}.`, retryable };
  }

  /** For who asked for the tools and not for a call. */
  toError(): GemError {
    return new GemError(this.code, `${capital(this.message)}.`, {}, this);
  }
}

/** A call that the server refused: an answer to the agent. */
export class McpRefusal extends Error {
  /** @param reason the server's words */
  constructor(reason: string) {
    super(reason);
    this.name = "McpRefusal";
  }
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
