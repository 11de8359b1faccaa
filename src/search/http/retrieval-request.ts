import { GemError, show } from "../../errors.ts";
import { decode } from "../../protocol/codec.ts";
import { field } from "../remote-request.ts";

/** How a body is written, and its answer then too. */
export type BodyFormat = "msgpack" | "json";

/** What a client asks for. */
export interface RetrievalRequest {
  readonly queries: readonly string[];
  /** Whether the client sent one query (`query`), so that the answer is one list. */
  readonly isSingle: boolean;
  readonly topk: number;
  readonly withScores: boolean;
}

/** What may be asked at most. */
export const REQUEST_LIMITS = {
  bodyBytes: 1_048_576,
  queries: 1024,
  queryCharacters: 16_384,
  topk: 1000,
} as const;

/** How a body is written: what its content type says, else what its first byte says (JSON begins with `{` or white space). */
export function formatOf(contentType: string | undefined, body: Uint8Array): BodyFormat {
  if (contentType?.includes("json") === true) return "json";
  if (contentType?.includes("msgpack") === true) return "msgpack";
  const first = body[0] ?? 0;
  return first === 0x7b || first === 0x20 || (first >= 0x09 && first <= 0x0d) ? "json" : "msgpack";
}

/**
 * Reads `{query, topk?, return_scores?}` or `{queries, topk?, return_scores?}`.
 *
 * @param topk what counts where the request names none, or 0
 * @throws GEM_INVALID_ARGUMENT, GEM_LIMIT
 */
export function readRequest(body: Uint8Array, format: BodyFormat, topk: number): RetrievalRequest {
  const value = parse(body, format);
  if (typeof value !== "object" || value === null || Array.isArray(value))
    throw invalid(`The body must be a map with "query" or "queries", got ${show(value)}.`);
  const one = field(value, "query");
  const several = field(value, "queries");
  if ((one === undefined) === (several === undefined))
    throw invalid(
      'The body must have one of "query" (a string) and "queries" (a list of strings).',
    );
  // Differs from upstream D87: a request's own topk and return_scores count, also where others are answered with it.
  return {
    queries: readQueries(one === undefined ? several : [readQuery(one)]),
    isSingle: one !== undefined,
    topk: readTopk(field(value, "topk"), topk),
    withScores: readFlag(field(value, "return_scores")),
  };
}

function parse(body: Uint8Array, format: BodyFormat): unknown {
  try {
    return format === "json" ? JSON.parse(Buffer.from(body).toString("utf8")) : decode(body);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw invalid(`The body is no ${format === "json" ? "JSON" : "MessagePack"}: ${why}`);
  }
}

function readQueries(value: unknown): readonly string[] {
  if (!Array.isArray(value)) throw invalid(`"queries" must be a list, got ${show(value)}.`);
  const queries = value.map(readQuery);
  const { queries: most, queryCharacters } = REQUEST_LIMITS;
  if (queries.length > most)
    throw tooMuch(`A request may have ${most} queries, got ${queries.length}.`);
  const longest = Math.max(0, ...queries.map(({ length }) => length));
  if (longest > queryCharacters)
    throw tooMuch(`A query may have ${queryCharacters} characters, got ${longest}.`);
  return queries;
}

function readQuery(value: unknown): string {
  if (typeof value === "string") return value;
  throw invalid(`A query must be a string, got ${show(value)}.`);
}

function readTopk(value: unknown, otherwise: number): number {
  if (value === undefined || value === null || value === 0) return otherwise;
  if (typeof value !== "number" || !Number.isInteger(value) || value < 0)
    throw invalid(`"topk" must be a positive integer, got ${show(value)}.`);
  if (value > REQUEST_LIMITS.topk)
    throw tooMuch(`"topk" may be ${REQUEST_LIMITS.topk} at most, got ${value}.`);
  return value;
}

function readFlag(value: unknown): boolean {
  if (value === undefined || value === null) return false;
  if (typeof value !== "boolean")
    throw invalid(`"return_scores" must be true or false, got ${show(value)}.`);
  return value;
}

function invalid(message: string): GemError {
  return new GemError("GEM_INVALID_ARGUMENT", message);
}

function tooMuch(message: string): GemError {
  return new GemError("GEM_LIMIT", message);
}
