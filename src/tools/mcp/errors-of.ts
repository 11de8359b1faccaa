import { StreamableHTTPError } from "@modelcontextprotocol/sdk/client/streamableHttp.js";
import { ErrorCode, McpError } from "@modelcontextprotocol/sdk/types.js";
import { McpFailure, McpRefusal } from "./failure.ts";
import { UnsentError } from "./stdio-transport.ts";

/** What a connection knows about a request that failed. */
export interface Circumstances {
  /** The server in words, for messages. */
  readonly server: string;
  readonly timeoutMs: number;
  /** Why the connection is gone, as a clause; undefined while it is open. */
  readonly lost: string | undefined;
  /** Something else that the server sent, where it did not keep to the protocol. */
  readonly garbage: string | undefined;
}

const NOT_CONNECTED = new Set([
  "ECONNREFUSED",
  "ENOTFOUND",
  "EAI_AGAIN",
  "EHOSTUNREACH",
  "ENETUNREACH",
  "UND_ERR_CONNECT_TIMEOUT",
  "EPIPE",
]);
/** Statuses by which servers say that they do not know the session: it ended with an earlier process of theirs. */
const NO_SESSION = new Set([400, 404]);
const SYSTEM_CODE = /\b(?:ECONN[A-Z]+|ENOTFOUND|EPIPE|EHOSTUNREACH|ENETUNREACH|ETIMEDOUT)\b/;
const LONGEST_REASON = 300;

/** What an error of a request over an open connection means. */
export function errorOfRequest(error: unknown, about: Circumstances): Error {
  if (isTimeout(error)) return lateFailure(about);
  if (about.lost !== undefined) {
    return new McpFailure("GEM_UNAVAILABLE", `${about.server} died during the call: ${about.lost}`);
  }
  if (error instanceof McpError) return new McpRefusal(withoutPrefix(error));
  if (error instanceof StreamableHTTPError && NO_SESSION.has(error.code ?? 0)) {
    const what = `${about.server} does not know the session any more: ${reasonOf(error)}`;
    return new McpFailure("GEM_UNAVAILABLE", what, { isUnsent: true });
  }
  return unavailable(error, about);
}

/** What an error while connecting means. */
export function errorOfConnecting(error: unknown, about: Circumstances): McpFailure {
  if (isTimeout(error)) return lateFailure(about);
  if (about.lost !== undefined) {
    const what = `${about.server} cannot be used: ${about.lost}`;
    return new McpFailure("GEM_UNAVAILABLE", what, { isUnsent: true });
  }
  if (error instanceof McpError) {
    const what = `${about.server} refuses the session: ${withoutPrefix(error)}`;
    return new McpFailure("GEM_UNAVAILABLE", what, { retryable: false });
  }
  return unavailable(error, about);
}

/** The failure of a server that does not answer in time. */
export function lateFailure({ server, timeoutMs, garbage }: Circumstances): McpFailure {
  const hint = garbage === undefined ? "" : `; it sent what is no message: ${garbage}`;
  const what = `${server} did not answer within ${timeoutMs / 1000} seconds${hint}`;
  return new McpFailure("GEM_DEADLINE", what);
}

/** Whether our own time limit ended a request. */
export function isTimeout(error: unknown): boolean {
  if (!(error instanceof McpError)) return false;
  const { data } = error;
  const isOurs = typeof data === "object" && data !== null && "timeout" in data;
  const late: number = ErrorCode.RequestTimeout;
  return isOurs && error.code === late;
}

function unavailable(error: unknown, { server }: Circumstances): McpFailure {
  const code = codeOf(error);
  if (error instanceof UnsentError || NOT_CONNECTED.has(code)) {
    const what = `${server} cannot be reached: ${code === "" ? reasonOf(error) : code}`;
    return new McpFailure("GEM_UNAVAILABLE", what, { isUnsent: true });
  }
  if (code !== "") {
    const isThere = code !== "ENOENT" && code !== "EACCES";
    const what = isThere
      ? `the connection to ${server} broke: ${code}`
      : `${server} cannot be started: ${code}`;
    return new McpFailure("GEM_UNAVAILABLE", what, { retryable: isThere });
  }
  if (error instanceof TypeError && error.cause !== undefined) {
    return new McpFailure(
      "GEM_UNAVAILABLE",
      `${server} cannot be reached: ${reasonOf(error.cause)}`,
    );
  }
  const status = statusOf(error);
  if (status > 0) {
    const what = `${server} answered with status ${status}`;
    const retryable = status >= 500 || status === 429 || status === 408;
    return new McpFailure("GEM_UNAVAILABLE", what, { retryable });
  }
  const what = `${server} gave an answer that cannot be read: ${reasonOf(error)}`;
  return new McpFailure("GEM_UNAVAILABLE", what);
}

/** The code of a failing system call, which `fetch` and event sources hide in different places. */
function codeOf(error: unknown): string {
  let inner: unknown = error;
  for (let depth = 0; depth < 4 && inner instanceof Error; depth++) {
    if ("code" in inner && typeof inner.code === "string") return inner.code;
    const found = SYSTEM_CODE.exec(inner.message)?.[0];
    if (found !== undefined) return found;
    inner = inner instanceof AggregateError ? inner.errors[0] : inner.cause;
  }
  return "";
}

function statusOf(error: unknown): number {
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  return typeof code === "number" && code >= 300 && code < 600 ? code : 0;
}

function withoutPrefix({ code, message }: McpError): string {
  const prefix = `MCP error ${code}: `;
  return message.startsWith(prefix) ? message.slice(prefix.length) : message;
}

function reasonOf(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  const line = text.replace(/\s+/g, " ");
  return line.length > LONGEST_REASON ? `${line.slice(0, LONGEST_REASON)}...` : line;
}
