import { isGemError } from "../errors.ts";

/** Classes of Python's `gem.errors` by the code that they stand for. */
const PYTHON_CODES: Readonly<Record<string, string>> = {
  ClosedError: "GEM_CLOSED",
  NotImplementedError: "GEM_UNSUPPORTED",
  ResetNeededError: "GEM_RESET_NEEDED",
  UnsupportedError: "GEM_UNSUPPORTED",
};

/** The code of an error, also of one that a client's object raised; undefined without one. */
export function codeOf(error: unknown): string | undefined {
  if (!isGemError(error)) return undefined;
  const { type } = error.details;
  if (error.code !== "GEM_OBJECT_FAULT" || typeof type !== "string") return error.code;
  return PYTHON_CODES[type] ?? error.code;
}

/** Whether an environment says that it does not offer something. */
export function isUnsupported(error: unknown): boolean {
  return codeOf(error) === "GEM_UNSUPPORTED";
}

/** What an error says, with its code. */
export function describeError(error: unknown): string {
  if (isGemError(error)) return `${error.code}: ${error.message}`;
  return error instanceof Error ? `${error.name}: ${error.message}` : String(error);
}
