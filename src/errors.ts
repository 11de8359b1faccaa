/**
 * The error model.
 *
 * 1. A model's bad reply is data: an observation and a reward, never a throw.
 * 2. A caller's mistake throws a `GemError` at once, before any state changes.
 * 3. A fault (deadline, crash, lost peer) is a `GemError` whose code says which; it names the environment and leaves its
 *    siblings alone. It never becomes a reward.
 * 4. A bug becomes `GEM_INTERNAL` on the wire, with a correlation id; its stack stays in the server's log.
 *
 * The codes are the same strings in TypeScript and Python (`python/gem/_bridge/errors.py`).
 */

/** Every error code and the kind of error it stands for. */
export const ERROR_KINDS = {
  GEM_UNKNOWN_ENV: "caller",
  GEM_DUPLICATE_ENV: "caller",
  GEM_UNKNOWN_OPTION: "caller",
  GEM_INVALID_OPTION: "caller",
  GEM_INVALID_PROMPT: "caller",
  GEM_INVALID_SEED: "caller",
  GEM_INVALID_ACTION: "caller",
  GEM_ACTION_COUNT: "caller",
  GEM_UNKNOWN_WRAPPER: "caller",
  GEM_UNKNOWN_ATTRIBUTE: "caller",
  GEM_INVALID_ATTRIBUTE: "caller",
  GEM_INVALID_STATE: "caller",
  GEM_RESET_NEEDED: "caller",
  GEM_CLOSED: "caller",
  GEM_IN_FLIGHT: "caller",
  GEM_UNSUPPORTED: "caller",
  GEM_UNKNOWN_METHOD: "caller",
  GEM_UNKNOWN_HANDLE: "caller",
  GEM_INVALID_ARGUMENT: "caller",
  GEM_BAD_FRAME: "caller",
  GEM_LIMIT: "caller",
  GEM_PROTOCOL_VERSION: "caller",
  GEM_ENV_FAULT: "fault",
  GEM_OBJECT_FAULT: "fault",
  GEM_DEADLINE: "fault",
  GEM_UNAVAILABLE: "fault",
  GEM_SERVER_LOST: "fault",
  GEM_DRAINING: "fault",
  GEM_INTERNAL: "bug",
} as const;

/** A stable, machine-readable name of an error. */
export type ErrorCode = keyof typeof ERROR_KINDS;

/** Plain data that belongs to an error, for example the environment's id and index. */
export type ErrorDetails = Readonly<Record<string, unknown>>;

/** The one error class of the library; `code` says what happened, `details` where. */
export class GemError extends Error {
  readonly code: ErrorCode;
  readonly details: ErrorDetails;

  constructor(code: ErrorCode, message: string, details: ErrorDetails = {}, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.name = "GemError";
    this.code = code;
    this.details = details;
  }
}

/** Whether `error` is a `GemError`, also across copies of this package. */
export function isGemError(error: unknown): error is GemError {
  return (
    error instanceof Error &&
    "code" in error &&
    typeof error.code === "string" &&
    error.code in ERROR_KINDS
  );
}

/** A received value as it appears in a message: JSON, cut at 80 characters. */
export function show(value: unknown): string {
  if (typeof value === "bigint") return value.toString();
  if (typeof value === "number" || value === undefined) return String(value);
  if (typeof value === "function") return `function ${value.name}`;
  if (typeof value === "symbol") return value.toString();
  let text: string;
  try {
    text = JSON.stringify(value, (_, item: unknown) =>
      typeof item === "bigint" ? item.toString() : item,
    );
  } catch {
    text = typeof value;
  }
  return text.length > 80 ? `${text.slice(0, 77)}...` : text;
}

/** The candidate nearest to `name`, or undefined when none is near (edit distance above a third of the length). */
export function nearest(name: string, candidates: Iterable<string>): string | undefined {
  let best: string | undefined;
  let bestDistance = Math.max(2, Math.ceil(name.length / 3)) + 1;
  for (const candidate of candidates) {
    const distance = editDistance(name.toLowerCase(), candidate.toLowerCase(), bestDistance);
    if (distance < bestDistance) {
      best = candidate;
      bestDistance = distance;
    }
  }
  return best;
}

/** ` Did you mean "x"?`, or nothing when no candidate is near. */
export function didYouMean(name: unknown, candidates: Iterable<string>): string {
  const near = typeof name === "string" ? nearest(name, candidates) : undefined;
  return near === undefined ? "" : ` Did you mean "${near}"?`;
}

/** Levenshtein distance, or `limit` as soon as it cannot stay below it. */
function editDistance(a: string, b: string, limit: number): number {
  if (Math.abs(a.length - b.length) >= limit) return limit;
  let previous = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const current = [i];
    for (let j = 1; j <= b.length; j++) {
      const substitution = (previous[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      current.push(Math.min(substitution, (previous[j] ?? 0) + 1, (current[j - 1] ?? 0) + 1));
    }
    if (Math.min(...current) >= limit) return limit;
    previous = current;
  }
  return previous[b.length] ?? limit;
}
