import { GemError } from "../../errors.ts";
import { pauseAfter, retryAfter } from "../http/try-again.ts";
import { systemClock, type Clock } from "../http/clock.ts";
import { isFileError } from "./file-error.ts";
import type { HubSettings } from "./settings.ts";

/** What is asked of the hub. */
export interface HubRequest {
  readonly url: string;
  /** The first byte that is wanted of a file. */
  readonly from?: number;
  /** What the answer is about, for messages. */
  readonly about: string;
  readonly signal?: AbortSignal | undefined;
}

/** The hub, or a part of the way to it, cannot be reached; what is in a cache can be used instead. */
export class HubUnreachable extends GemError {
  constructor(message: string, url: string, attempts: number, cause?: unknown) {
    super("GEM_UNAVAILABLE", message, { url, attempts, retryable: true }, cause);
  }
}

const ATTEMPTS = 4;
const CONNECT_MS = 30_000;
const LONGEST_PAUSE_MS = 60_000;
const USER_AGENT = "gem-node; datasets";
const PASSING = new Set([408, 425, 429, 500, 502, 503, 504]);

/**
 * Asks the hub, a few times when it or the network fails.
 *
 * @param use reads the answer; what it throws is tried again unless it is a GemError
 * @throws HubUnreachable when it does not answer, GEM_UNAVAILABLE when it refuses, the signal's reason
 */
export async function askHub<T>(
  settings: HubSettings,
  request: HubRequest,
  use: (response: Response, attempt: number) => Promise<T>,
  clock: Clock = systemClock,
): Promise<T> {
  const { url, about } = request;
  const signal = request.signal ?? new AbortController().signal;
  for (let attempt = 1; ; attempt++) {
    let failure: string;
    let pause = pauseAfter(attempt);
    let cause: unknown;
    try {
      const response = await send(settings, request);
      if (!PASSING.has(response.status)) {
        if (!response.ok) throw await refusal(settings, request, response);
        return await use(response, attempt);
      }
      failure = `it answers with status ${response.status}`;
      pause = Math.max(pause, retryAfter(response.headers.get("retry-after"), clock.date()) ?? 0);
      await response.body?.cancel();
    } catch (error) {
      signal.throwIfAborted();
      if (error instanceof GemError || isFileError(error)) throw error;
      failure = reasonOf(error);
      cause = error;
    }
    if (attempt >= ATTEMPTS || pause > LONGEST_PAUSE_MS) {
      const fix =
        "Check the network, HF_ENDPOINT and the proxy; with HF_HUB_OFFLINE=1 only what is in the cache is used.";
      const message = `${about} cannot be had from ${settings.endpoint}: ${failure} (${attempt} attempts). ${fix}`;
      throw new HubUnreachable(message, url, attempt, cause);
    }
    await clock.sleep(pause, signal);
  }
}

async function send(settings: HubSettings, request: HubRequest): Promise<Response> {
  const { url, from = 0, signal } = request;
  const headers: Record<string, string> = { "user-agent": USER_AGENT };
  // `fetch` leaves it out where a redirect leads to another host.
  if (settings.token !== undefined) headers["authorization"] = `Bearer ${settings.token}`;
  if (from > 0) headers["range"] = `bytes=${from}-`;
  // What is counted in a range must not be packed.
  headers["accept-encoding"] = "identity";
  const connecting = new AbortController();
  const abort = (): void => connecting.abort(signal?.reason);
  const timer = setTimeout(() => connecting.abort(new Error("it does not answer")), CONNECT_MS);
  signal?.throwIfAborted();
  signal?.addEventListener("abort", abort, { once: true });
  try {
    return await fetch(url, { headers, signal: connecting.signal });
  } finally {
    clearTimeout(timer);
  }
}

/** Why the hub does not give something, and what can be done about it. */
async function refusal(
  { endpoint, token }: HubSettings,
  { url, about }: HubRequest,
  response: Response,
): Promise<GemError> {
  const { status, headers } = response;
  await response.body?.cancel();
  const code = headers.get("x-error-code");
  const hasToken = token !== undefined;
  const hint = hasToken
    ? "Check the token (HF_TOKEN, or the file that `hf auth login` wrote): the hub does not accept it for this."
    : "If it is private or gated, set HF_TOKEN to a token that may read it.";
  const why =
    code === "GatedRepo"
      ? `is gated: ask for access at ${endpoint}. ${hint}`
      : code === "RevisionNotFound"
        ? "has no such revision."
        : code === "EntryNotFound"
          ? "has no such file."
          : status === 401 || status === 403
            ? `is not open to this ${hasToken ? "token" : "program"}, or does not exist. ${hint}`
            : status === 404
              ? `does not exist at ${endpoint}. ${hint}`
              : `is refused with status ${status}.`;
  const details = { url, status, retryable: false };
  return new GemError("GEM_UNAVAILABLE", `${about} ${why}`, details);
}

/** What a failed fetch says, its cause included: "fetch failed" alone tells nothing. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { cause } = error;
  const detail = cause instanceof Error ? cause.message || cause.name : "";
  return detail === "" ? error.message : `${error.message} (${detail})`;
}
