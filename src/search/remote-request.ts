/** Asking other servers: one bounded answer within a deadline, faults as `GemError`s, keys never in messages. */
import { GemError } from "../errors.ts";

/** One request. */
export interface RemoteRequest {
  /** What the server is, as the subject of a message: "The embedding server". */
  readonly who: string;
  readonly url: URL;
  readonly headers?: Readonly<Record<string, string>>;
  /** A value is sent as JSON, bytes as they are; absent: GET. */
  readonly body?: unknown;
  readonly signal: AbortSignal;
}

const LARGEST_ANSWER_BYTES = 64 * 1024 * 1024;
const SHOWN_CHARACTERS = 200;

/** The answer as JSON. @throws GEM_UNAVAILABLE, or the signal's reason */
export async function askJson(request: RemoteRequest): Promise<unknown> {
  const bytes = await askBytes(request);
  try {
    return JSON.parse(bytes.toString("utf8"));
  } catch (error) {
    throw remoteFault(request, "gave an answer that is no JSON", error);
  }
}

/** The answer's bytes. @throws GEM_UNAVAILABLE, or the signal's reason */
export async function askBytes(request: RemoteRequest): Promise<Buffer> {
  const { url, signal, body } = request;
  try {
    const init = body === undefined ? {} : { method: "POST", body: bodyOf(body) };
    const headers = { ...headersOf(body), ...request.headers };
    const response = await fetch(url, { ...init, headers, signal });
    const bytes = await readAll(response, request);
    if (response.ok) return bytes;
    const text = bytes.toString("utf8").replace(/\s+/g, " ").slice(0, SHOWN_CHARACTERS);
    throw remoteFault(request, `answered with status ${response.status}: ${text}`);
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof GemError) throw error;
    throw remoteFault(request, `cannot be reached: ${causeOf(error)}`, error);
  }
}

/** The fault of a server. @param what completes the sentence "The server at … …" */
export function remoteFault(
  { who, url }: Pick<RemoteRequest, "who" | "url">,
  what: string,
  cause?: unknown,
): GemError {
  // The query part may hold a key.
  const address = `${url.origin}${url.pathname}`;
  return new GemError("GEM_UNAVAILABLE", `${who} at ${address} ${what}.`, { url: address }, cause);
}

/** An entry of a map; undefined where the value is no map or has none. */
export function field(value: unknown, name: string): unknown {
  if (typeof value !== "object" || value === null || !Object.hasOwn(value, name)) return undefined;
  return (value as Readonly<Record<string, unknown>>)[name];
}

/** An entry that is a string; undefined otherwise. */
export function textField(value: unknown, name: string): string | undefined {
  const found = field(value, name);
  return typeof found === "string" ? found : undefined;
}

/** An entry that is an array; undefined otherwise. */
export function listField(value: unknown, name: string): readonly unknown[] | undefined {
  const found = field(value, name);
  return Array.isArray(found) ? found : undefined;
}

function headersOf(body: unknown): Readonly<Record<string, string>> {
  if (body === undefined) return { accept: "application/json" };
  if (body instanceof Uint8Array) return { "content-type": "application/msgpack" };
  return { "content-type": "application/json", accept: "application/json" };
}

function bodyOf(body: unknown): string | Uint8Array<ArrayBuffer> {
  return body instanceof Uint8Array ? Uint8Array.from(body) : JSON.stringify(body);
}

async function readAll(response: Response, request: RemoteRequest): Promise<Buffer> {
  const parts: Uint8Array[] = [];
  let size = 0;
  const body: AsyncIterable<Uint8Array> | readonly Uint8Array[] = response.body ?? [];
  for await (const part of body) {
    size += part.byteLength;
    if (size > LARGEST_ANSWER_BYTES)
      throw remoteFault(request, `answered with more than ${LARGEST_ANSWER_BYTES} bytes`);
    parts.push(part);
  }
  return Buffer.concat(parts);
}

function causeOf(error: unknown): string {
  const cause: unknown = error instanceof Error ? (error.cause ?? error) : error;
  if (!(cause instanceof Error)) return String(cause);
  return "code" in cause && typeof cause.code === "string" ? cause.code : cause.message;
}
