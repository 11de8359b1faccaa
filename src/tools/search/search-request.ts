import { setTimeout as pause } from "node:timers/promises";
import { GemError } from "../../errors.ts";
import { decode, encode } from "../../protocol/codec.ts";

/** How questions are written: as upstream's servers read them, or as Search-R1's do. */
export type SearchFormat = "msgpack" | "json";

/** A question to a search server. */
export interface SearchQuery {
  readonly query: string;
  /** How many passages are wanted. */
  readonly topk: number;
  readonly format: SearchFormat;
}

/** A search that failed: the fault, and whether asking again may help. */
export class SearchFailure extends Error {
  readonly fault: GemError;
  readonly retryable: boolean;

  /** @param reason a phrase for the agent */
  constructor(reason: string, fault: GemError, retryable: boolean) {
    super(reason);
    this.name = "SearchFailure";
    this.fault = fault;
    this.retryable = retryable;
  }
}

// Differs from upstream D77: a connection that fails is tried again, and the time limit is that of the whole search.
const ATTEMPTS = 3;
const PAUSE_MS = 100;
const LARGEST_ANSWER_BYTES = 16_777_216;

/** What is posted, and how the answer's list of passages is found. */
interface Question {
  readonly body: Buffer;
  readonly headers: Readonly<Record<string, string>>;
  readonly read: (answer: Buffer) => unknown;
}

/** Search-R1's servers take several queries at once, and give a list for each. */
function questionOf({ query, topk, format }: SearchQuery): Question {
  if (format === "msgpack")
    return { body: encode({ query, topk, return_scores: true }), headers: {}, read: decode };
  return {
    body: Buffer.from(JSON.stringify({ queries: [query], topk, return_scores: true })),
    headers: { "content-type": "application/json" },
    read(answer) {
      const value: unknown = JSON.parse(answer.toString("utf8"));
      if (typeof value !== "object" || value === null || !("result" in value)) return value;
      return Array.isArray(value.result) ? { result: value.result[0] as unknown } : value;
    },
  };
}

/**
 * Posts a query and reads the answer. A connection that fails is tried again, all within one time limit.
 *
 * @throws SearchFailure
 */
export async function search(url: string, query: SearchQuery, timeoutMs: number): Promise<unknown> {
  const signal = AbortSignal.timeout(timeoutMs);
  const question = questionOf(query);
  for (let attempt = 1; ; attempt++) {
    try {
      return await ask(url, question, signal);
    } catch (error) {
      const failure = failureOf(error, url, timeoutMs, signal);
      if (attempt === ATTEMPTS || !isConnectionFault(error) || signal.aborted) throw failure;
    }
    // An aborted pause ends the loop through the next attempt, which fails with the deadline.
    await pause(PAUSE_MS * 2 ** (attempt - 1), undefined, { signal }).catch(() => undefined);
  }
}

async function ask(
  url: string,
  { body, headers, read }: Question,
  signal: AbortSignal,
): Promise<unknown> {
  // A new array each time: what was sent may have been handed over.
  const sent = Uint8Array.from(body);
  const response = await fetch(url, { method: "POST", headers, body: sent, signal });
  if (!response.ok) {
    await response.body?.cancel();
    throw new StatusFailure(response.status);
  }
  return read(await readAll(response));
}

async function readAll(response: Response): Promise<Buffer> {
  const parts: Uint8Array[] = [];
  let size = 0;
  const body: AsyncIterable<Uint8Array> | readonly Uint8Array[] = response.body ?? [];
  for await (const part of body) {
    size += part.byteLength;
    if (size > LARGEST_ANSWER_BYTES)
      throw new RangeError(`more than ${LARGEST_ANSWER_BYTES} bytes`);
    parts.push(part);
  }
  return Buffer.concat(parts);
}

/** An answer whose status is no success. */
class StatusFailure extends Error {
  readonly status: number;

  constructor(status: number) {
    super(`status ${status}`);
    this.name = "StatusFailure";
    this.status = status;
  }
}

function isConnectionFault(error: unknown): boolean {
  return error instanceof TypeError && error.cause !== undefined;
}

function failureOf(
  error: unknown,
  url: string,
  timeoutMs: number,
  signal: AbortSignal,
): SearchFailure {
  if (signal.aborted) {
    const reason = `the search server did not answer within ${timeoutMs / 1000} seconds`;
    const message = `The search server at ${url} did not answer within ${timeoutMs / 1000} s.`;
    return new SearchFailure(reason, new GemError("GEM_DEADLINE", message, { url }), true);
  }
  const unavailable = (what: string): GemError =>
    new GemError("GEM_UNAVAILABLE", `The search server at ${url} ${what}.`, { url }, error);
  if (error instanceof StatusFailure) {
    const what = `answered with status ${error.status}`;
    const retryable = error.status >= 500 || error.status === 429 || error.status === 408;
    return new SearchFailure(`the search server ${what}`, unavailable(what), retryable);
  }
  if (isConnectionFault(error)) {
    const what = `cannot be reached: ${causeText(error)}`;
    return new SearchFailure(`the search server ${what}`, unavailable(what), true);
  }
  return unreadable(url, error instanceof Error ? error.message : String(error));
}

/** The failure of an answer that is no list of passages. */
export function unreadable(url: string, why: string): SearchFailure {
  const what = `gave an answer that cannot be read: ${why}`;
  const message = `The search server at ${url} ${what}`;
  return new SearchFailure(
    `the search server ${what}`,
    new GemError("GEM_UNAVAILABLE", message, { url }),
    true,
  );
}

function causeText(error: unknown): string {
  const cause: unknown = error instanceof Error ? (error.cause ?? error) : error;
  if (!(cause instanceof Error)) return String(cause);
  return "code" in cause && typeof cause.code === "string" ? cause.code : cause.message;
}
