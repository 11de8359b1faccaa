/**
 * Reading from web servers politely: a named client, requests kept apart, few and bounded attempts.
 *
 * A failure is a `GEM_UNAVAILABLE` whose details say `url`, `attempts` and `retryable` (whether the same call may succeed later).
 */
import { GemError } from "../../errors.ts";
import { systemClock, type Clock } from "./clock.ts";
import { sharedPace, type Pace } from "./pace.ts";
import { pauseAfter, retryAfter, TryAgain } from "./try-again.ts";

/** How a client behaves. */
export interface HttpManners {
  readonly userAgent: string;
  /** Least ms between the starts of two requests to one host, over all clients of this thread. */
  readonly delayMs: number;
  /** Attempts for one answer, at least 1. */
  readonly attempts: number;
  /** ms for one attempt, its body included. */
  readonly timeoutMs: number;
  /** ms for everything that one `HttpSession` does. */
  readonly deadlineMs: number;
}

/** An answer that came whole. */
export interface HttpReply {
  readonly url: URL;
  readonly status: number;
  readonly headers: Headers;
  readonly body: string;
}

/** Makes a value of an answer. @throws TryAgain when another attempt may bring a better one, GemError when none will */
export type ReadReply<T> = (reply: HttpReply) => T;

/** Bytes of an answer's body, unpacked. */
const MAX_BODY_BYTES = 16 * 1024 * 1024;
const MAX_REDIRECTS = 5;
/** The server cannot answer now: too many requests, overload, a gateway's failure. */
const PASSING = new Set([408, 425, 429, 500, 502, 503, 504]);

/** Opens sessions with the same manners. */
export class HttpClient {
  readonly manners: HttpManners;
  readonly clock: Clock;
  readonly pace: Pace;

  constructor(manners: HttpManners, clock: Clock = systemClock, pace: Pace = sharedPace) {
    this.manners = manners;
    this.clock = clock;
    this.pace = pace;
  }

  /** Starts a deadline for a series of requests. An abort of the signal ends them with its reason. */
  open(signal: AbortSignal): HttpSession {
    return new HttpSession(this, signal);
  }
}

/** A series of requests under one deadline. */
export class HttpSession {
  readonly #client: HttpClient;
  readonly #signal: AbortSignal;
  readonly #end: number;

  constructor(client: HttpClient, signal: AbortSignal) {
    this.#client = client;
    this.#signal = signal;
    this.#end = client.clock.now() + client.manners.deadlineMs;
  }

  /**
   * Gets an answer. Redirects are not followed.
   *
   * @throws GEM_UNAVAILABLE, what `read` throws, or the signal's reason
   */
  async get<T>(url: URL, read: ReadReply<T>): Promise<T> {
    const { attempts } = this.#client.manners;
    for (let attempt = 1; ; attempt++) {
      this.#signal.throwIfAborted();
      try {
        return read(await this.#attempt(url));
      } catch (error) {
        if (!(error instanceof TryAgain)) throw error;
        const pause = Math.max(pauseAfter(attempt), error.afterMs ?? 0);
        if (attempt >= attempts) throw this.#failure(url, attempt, error.message);
        if (this.#client.clock.now() + pause >= this.#end) {
          throw this.#failure(url, attempt, `${error.message}; there is no time for another try`);
        }
        await this.#client.clock.sleep(pause, this.#signal);
      }
    }
  }

  /** The same, following redirects within the host. */
  async follow<T>(url: URL, read: ReadReply<T>): Promise<T> {
    let target = url;
    for (let hops = 0; hops <= MAX_REDIRECTS; hops++) {
      const outcome = await this.get(target, (reply) => {
        const next = redirectTarget(reply);
        return next === undefined ? { value: read(reply) } : { next };
      });
      if (outcome.next === undefined) return outcome.value;
      if (!staysWithin(url, outcome.next)) {
        throw unavailable(`${url.href} leads to another place, ${outcome.next.href}.`, url);
      }
      target = outcome.next;
    }
    throw unavailable(`${url.href} leads from one address to another without end.`, url);
  }

  async #attempt(url: URL): Promise<HttpReply> {
    const { manners, pace, clock } = this.#client;
    await pace.turn(url.host, manners.delayMs, this.#signal);
    const limit = Math.min(manners.timeoutMs, this.#end - clock.now());
    if (limit <= 0) throw new TryAgain("there is no time left");
    const reply = await withTimeout(limit, this.#signal, (signal) =>
      request(url, manners.userAgent, signal),
    );
    if (!PASSING.has(reply.status)) return reply;
    const after = retryAfter(reply.headers.get("retry-after"), clock.date());
    throw new TryAgain(`the server answered with status ${reply.status}`, after);
  }

  #failure(url: URL, attempts: number, reason: string): GemError {
    const tries = attempts === 1 ? "1 attempt" : `${attempts} attempts`;
    return new GemError("GEM_UNAVAILABLE", `${url.href} failed after ${tries}: ${reason}.`, {
      url: url.href,
      attempts,
      retryable: true,
    });
  }
}

/** An error for an answer that no further attempt would better. */
export function unavailable(message: string, url: URL): GemError {
  return new GemError("GEM_UNAVAILABLE", message, { url: url.href, retryable: false });
}

/** Where an answer redirects to; undefined when it does not. */
export function redirectTarget({ status, headers, url }: HttpReply): URL | undefined {
  const location = headers.get("location");
  if (status < 300 || status > 399 || location === null) return undefined;
  if (URL.canParse(location, url.href)) return new URL(location, url);
  throw unavailable(`${url.href} leads to something that is no address: ${location}.`, url);
}

/** Whether an address is at the same host by web, and no less secret. */
function staysWithin(start: URL, { protocol, host, hostname }: URL): boolean {
  if (protocol === start.protocol) return host === start.host;
  return protocol === "https:" && start.protocol === "http:" && hostname === start.hostname;
}

async function request(url: URL, userAgent: string, signal: AbortSignal): Promise<HttpReply> {
  const headers = { "user-agent": userAgent };
  const response = await fetch(url, { redirect: "manual", headers, signal });
  const body = await readBody(response, url);
  return { url, status: response.status, headers: response.headers, body };
}

async function readBody(response: Response, url: URL): Promise<string> {
  const decoder = new TextDecoder();
  let text = "";
  let bytes = 0;
  if (response.body === null) return text;
  for await (const chunk of response.body as AsyncIterable<Uint8Array>) {
    bytes += chunk.byteLength;
    if (bytes > MAX_BODY_BYTES) {
      throw unavailable(`${url.href} answers with more than ${MAX_BODY_BYTES} bytes.`, url);
    }
    text += decoder.decode(chunk, { stream: true });
  }
  return text + decoder.decode();
}

/** Runs a task that is aborted after `ms`, or when the outer signal aborts; what fails otherwise may be tried again. */
async function withTimeout<T>(
  ms: number,
  outer: AbortSignal,
  task: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const inner = new AbortController();
  const abort = (): void => inner.abort();
  const timer = setTimeout(abort, ms);
  outer.addEventListener("abort", abort);
  try {
    return await task(inner.signal);
  } catch (error) {
    outer.throwIfAborted();
    if (error instanceof GemError) throw error;
    if (inner.signal.aborted)
      throw new TryAgain(`there was no whole answer within ${Math.round(ms)} ms`);
    throw new TryAgain(reasonOf(error));
  } finally {
    clearTimeout(timer);
    outer.removeEventListener("abort", abort);
  }
}

/** What a failed fetch says, its cause included: "fetch failed" alone tells nothing. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { cause } = error;
  const detail = cause instanceof Error ? cause.message || cause.name : "";
  return detail === "" ? error.message : `${error.message} (${detail})`;
}
