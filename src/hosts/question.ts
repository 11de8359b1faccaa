import { ERROR_KINDS, GemError, type ErrorCode } from "../errors.ts";
import type { NeedItem, NeedOutcome } from "../protocol/messages.ts";
import type { HostLost } from "./host-lost.ts";

/** Something that a host is asked; settled exactly once, by `resolve` or `reject`. */
export interface Question {
  readonly item: NeedItem;
  /** How long it may run, in ms. */
  readonly deadlineMs: number;
  /** For whom, for messages: an environment's id. */
  readonly owner: string;
  /** The number of the process that it should rather be put to. */
  readonly near?: number | undefined;
  /** Told the number of the process that it is put to. */
  readonly onPlaced?: ((process: number) => void) | undefined;
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: HostLost | GemError) => void;
}

/** Settles a question by the host's outcome. */
export function settle(question: Question, outcome: NeedOutcome | undefined): void {
  if (outcome?.[0] === true) question.resolve(outcome[1]);
  else if (outcome?.[0] === false) question.reject(failure(question, outcome[1]));
  else
    question.reject(new GemError("GEM_INTERNAL", `A host of ${question.owner} gave no outcome.`));
}

/** What a question calls: a function of the library by its name, or a method of an object. */
export function calledBy({ item: [ref, method, args] }: Question): string {
  return ref === 0 && method === "run" ? String(args[0]) : method;
}

function failure(
  question: Question,
  [type, message, , code]: readonly [string, string, number, string?],
): GemError {
  const method = calledBy(question);
  const details = { type, method };
  if (code !== undefined && isCode(code)) return new GemError(code, message, details);
  return new GemError(
    "GEM_OBJECT_FAULT",
    `${method}() of ${question.owner} raised ${type}: ${message}`,
    details,
  );
}

function isCode(code: string): code is ErrorCode {
  return Object.hasOwn(ERROR_KINDS, code);
}
