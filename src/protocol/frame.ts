import { GemError, isGemError } from "../errors.ts";
import { asBuffer, encode } from "./codec.ts";
import { CLIENT_KIND, LIMITS, SERVER_KIND } from "./messages.ts";
import type { NeedItem, NeedOutcome } from "./messages.ts";
import { FrameReader } from "./reader.ts";

/** Bytes of a session's name. */
export const SESSION_BYTES = 8;

/** What a client's frame says; `session` holds its 8 bytes as 8 characters. */
export type ClientFrame =
  | {
      readonly kind: "call";
      readonly session: string;
      readonly n: number;
      readonly method: string;
      readonly params: readonly unknown[];
    }
  | {
      readonly kind: "answer";
      readonly session: string;
      readonly n: number;
      readonly round: number;
      readonly outcomes: readonly NeedOutcome[];
    }
  | {
      readonly kind: "bad";
      readonly of: "call" | "answer";
      readonly session: string;
      readonly n: number;
      readonly error: GemError;
    };

/**
 * Reads a client's frame. What can be attributed to a call but not read to its end, or is too large, is of kind `bad`.
 *
 * @param mostBytes what the client may send at once
 * @throws GEM_BAD_FRAME when not even kind, session and n can be read
 */
export function readClientFrame(
  frame: Uint8Array,
  mostBytes: number = LIMITS.frameBytes,
): ClientFrame {
  if (frame.length > LIMITS.frameBytes) throw bad(`is larger than ${LIMITS.frameBytes} bytes`);
  const reader = new FrameReader(asBuffer(frame));
  const length = reader.arrayHeader();
  const kind = reader.value();
  if (length !== 5 || (kind !== CLIENT_KIND.call && kind !== CLIENT_KIND.answer))
    throw bad("is neither a call nor an answer");
  const session = reader.byteString(SESSION_BYTES);
  const n = reader.value();
  if (!isPositive(n)) throw bad("has no call number");
  try {
    if (frame.length > mostBytes) throw tooLarge(frame.length, mostBytes);
    return kind === CLIENT_KIND.call
      ? readCall(reader, session, n)
      : readAnswer(reader, session, n);
  } catch (error) {
    if (!isGemError(error)) throw error;
    return { kind: "bad", of: kind === CLIENT_KIND.call ? "call" : "answer", session, n, error };
  }
}

function readCall(reader: FrameReader, session: string, n: number): ClientFrame {
  const method = reader.value();
  const params = reader.value();
  reader.finish();
  if (typeof method !== "string" || !Array.isArray(params))
    throw bad("is a call without a method and an array of params");
  return { kind: "call", session, n, method, params };
}

function readAnswer(reader: FrameReader, session: string, n: number): ClientFrame {
  const round = reader.value();
  const outcomes = reader.value();
  reader.finish();
  if (!isPositive(round) || !Array.isArray(outcomes) || !outcomes.every(isOutcome)) {
    throw bad(
      "is an answer without a round and an array of outcomes [true, value] or [false, [type, message, ref]]",
    );
  }
  return { kind: "answer", session, n, round, outcomes };
}

function isPositive(value: unknown): value is number {
  return typeof value === "number" && Number.isSafeInteger(value) && value >= 1;
}

function isOutcome(value: unknown): value is NeedOutcome {
  if (!Array.isArray(value) || value.length !== 2) return false;
  const [ok, content] = value as readonly unknown[];
  if (ok === true) return true;
  if (ok !== false || !Array.isArray(content)) return false;
  if (content.length !== 3 && content.length !== 4) return false;
  const [type, message, ref, code = ""] = content as readonly unknown[];
  return (
    typeof type === "string" &&
    typeof message === "string" &&
    typeof ref === "number" &&
    typeof code === "string"
  );
}

/** `[0, n, value]` @throws GEM_LIMIT, TypeError as `encode` does */
export function resultFrame(n: number, value: unknown): Buffer {
  return encode([SERVER_KIND.result, n, value]);
}

/** `[1, n, code, message, details]`; details that have no form on the wire are left out. */
export function errorFrame(n: number, error: GemError): Buffer {
  try {
    return encode([SERVER_KIND.error, n, error.code, error.message, error.details]);
  } catch {
    return encode([SERVER_KIND.error, n, error.code, error.message.slice(0, 4096), {}]);
  }
}

/** `[2, n, round, items]` @throws GEM_LIMIT, TypeError as `encode` does */
export function needFrame(n: number, round: number, items: readonly NeedItem[]): Buffer {
  return encode([SERVER_KIND.need, n, round, items]);
}

function tooLarge(bytes: number, mostBytes: number): GemError {
  return new GemError(
    "GEM_LIMIT",
    `A frame of a client may have ${mostBytes} bytes here, got ${bytes}. Send less at once, or serve with a higher --max-frame-mb.`,
  );
}

function bad(complaint: string): GemError {
  return new GemError("GEM_BAD_FRAME", `The frame ${complaint}.`);
}
