import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { GemError, isGemError, type ErrorCode } from "../../errors.ts";
import { encode } from "../../protocol/codec.ts";
import type { Hit, SearchEngine } from "../engine.ts";
import { Metrics } from "./metrics.ts";
import { formatOf, readRequest, REQUEST_LIMITS, type BodyFormat } from "./retrieval-request.ts";

/** How a server behaves. */
export interface SearchServerOptions {
  readonly host: string;
  /** 0: any that is free. */
  readonly port: number;
  /** Passages for a query that names no number. */
  readonly topk: number;
  /** ms for one request. */
  readonly timeoutMs: number;
  /** Called with what no client's mistake explains. */
  readonly onFault?: (error: unknown) => void;
}

/** A server that accepts connections. */
export interface RunningServer {
  readonly url: string;
  /** Takes no more requests, finishes those that run, and gives the engine up. */
  close(): Promise<void>;
}

interface Reply {
  readonly status: number;
  readonly body: Buffer;
  readonly format: BodyFormat;
  readonly queries: number;
}

const CLOSE_DEADLINE_MS = 10_000;
const IDLE_CHECK_MS = 20;
/** Longest a client may take to send a request. */
const RECEIVE_MS = 30_000;

const STATUS: Partial<Record<ErrorCode, number>> = {
  GEM_INVALID_ARGUMENT: 400,
  GEM_BAD_FRAME: 400,
  GEM_CLOSED: 503,
  GEM_UNAVAILABLE: 502,
  GEM_DEADLINE: 504,
};

/** Serves an engine: `POST /retrieve`, `GET /health`, `GET /metrics`. @throws GEM_INVALID_OPTION when the address cannot be had */
export async function startSearchServer(
  engine: SearchEngine,
  options: SearchServerOptions,
): Promise<RunningServer> {
  const service = new Service(engine, options);
  const server = createServer((request, response) => void service.serve(request, response));
  server.requestTimeout = RECEIVE_MS;
  await listen(server, options);
  const { address, family, port } = server.address() as AddressInfo;
  const url = `http://${family === "IPv6" ? `[${address}]` : address}:${port}`;
  const stop = (): Promise<void> => {
    service.isClosing = true;
    return close(server, service, engine);
  };
  return { url, close: stop };
}

async function listen(server: Server, { host, port }: SearchServerOptions): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    server.once("error", (error) => {
      const message = `The server cannot listen on ${host}:${port}: ${error.message}.`;
      reject(new GemError("GEM_INVALID_OPTION", message));
    });
    server.listen(port, host, 1024, resolve);
  });
}

async function close(server: Server, service: Service, engine: SearchEngine): Promise<void> {
  const closed = new Promise<void>((resolve) => void server.close(() => resolve()));
  // Connections on which nothing was asked yet are no idle ones to Node, but nobody waits on them.
  const idle = setInterval(() => {
    server.closeIdleConnections();
    if (service.unanswered === 0) server.closeAllConnections();
  }, IDLE_CHECK_MS);
  const deadline = setTimeout(() => server.closeAllConnections(), CLOSE_DEADLINE_MS);
  await closed;
  clearInterval(idle);
  clearTimeout(deadline);
  await engine.close();
}

/** Answers requests. */
class Service {
  readonly #engine: SearchEngine;
  readonly #options: SearchServerOptions;
  readonly #metrics = new Metrics();
  /** Whether connections end with their next answer. */
  isClosing = false;
  /** Requests whose answers have not left yet. */
  unanswered = 0;

  constructor(engine: SearchEngine, options: SearchServerOptions) {
    this.#engine = engine;
    this.#options = options;
  }

  async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    this.unanswered += 1;
    response.once("close", () => (this.unanswered -= 1));
    const [path] = (request.url ?? "/").split("?");
    const route = `${request.method === "HEAD" ? "GET" : (request.method ?? "")} ${path ?? "/"}`;
    if (route === "POST /retrieve") {
      await this.#retrieve(request, response);
    } else if (route === "GET /health") {
      const { name, passages } = this.#engine;
      sendJson(response, 200, { status: "ok", method: name, passages });
    } else if (route === "GET /metrics") {
      response.writeHead(200, { "content-type": "text/plain; version=0.0.4" });
      response.end(this.#metrics.text(this.#engine.passages));
    } else {
      const known = ["/retrieve", "/health", "/metrics"].includes(path ?? "");
      const error = "There are POST /retrieve, GET /health and GET /metrics.";
      sendJson(response, known ? 405 : 404, { error });
    }
  }

  async #retrieve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const start = performance.now();
    this.#metrics.inFlight += 1;
    const gone = new AbortController();
    response.once("close", () => gone.abort());
    const { status, body, format, queries } = await this.#reply(request, gone.signal);
    this.#metrics.inFlight -= 1;
    this.#metrics.answered(status, queries, (performance.now() - start) / 1000);
    if (response.destroyed) return;
    const headers: Record<string, string> = status === 503 ? { "retry-after": "1" } : {};
    // What is left of a body that was refused is not read.
    if (status === 413 || this.isClosing) headers["connection"] = "close";
    send(response, status, body, { ...headers, "content-type": `application/${format}` });
  }

  async #reply(request: IncomingMessage, gone: AbortSignal): Promise<Reply> {
    const contentType = request.headers["content-type"];
    let format = formatOf(contentType, new Uint8Array());
    const timeout = AbortSignal.timeout(this.#options.timeoutMs);
    const signal = AbortSignal.any([gone, timeout]);
    try {
      const bytes = await readBody(request);
      format = formatOf(contentType, bytes);
      const asked = readRequest(bytes, format, this.#options.topk);
      const found = await this.#search(asked.queries, asked.topk, signal);
      const lists = found.map((hits) => hits.map((hit) => resultOf(hit, asked.withScores)));
      const result = asked.isSingle ? (lists[0] ?? []) : lists;
      const body = write({ result }, format);
      return { status: 200, body, format, queries: asked.queries.length };
    } catch (error) {
      const { status, body } = this.#refuse(timeout.aborted ? this.#late() : error, gone);
      return { status, body: write(body, format), format, queries: 0 };
    }
  }

  /** Searches for what has words; nothing is found for the rest. */
  async #search(
    queries: readonly string[],
    topk: number,
    signal: AbortSignal,
  ): Promise<readonly (readonly Hit[])[]> {
    const asked = queries.map((query) => query.trim());
    const worded = asked.filter((query) => query !== "");
    if (worded.length === 0) return queries.map(() => []);
    const found = await this.#engine.search(worded, topk, signal);
    let next = 0;
    return asked.map((query) => (query === "" ? [] : (found[next++] ?? [])));
  }

  #refuse(error: unknown, gone: AbortSignal): { status: number; body: unknown } {
    if (error instanceof BodyTooLarge) return { status: 413, body: { error: error.message } };
    if (gone.aborted) return { status: 499, body: { error: "The client is gone." } };
    if (!isGemError(error)) {
      this.#options.onFault?.(error);
      return { status: 500, body: { error: "The server failed; its log says more." } };
    }
    const { code, message, details } = error;
    const isOverloaded = code === "GEM_LIMIT" && details["retryable"] === true;
    const status = isOverloaded ? 503 : code === "GEM_LIMIT" ? 400 : (STATUS[code] ?? 500);
    if (status >= 500) this.#options.onFault?.(error);
    return { status, body: { error: message, code } };
  }

  #late(): GemError {
    const seconds = this.#options.timeoutMs / 1000;
    return new GemError("GEM_DEADLINE", `The search took longer than ${seconds} s.`);
  }
}

/** A body beyond the limit. */
class BodyTooLarge extends Error {}

async function readBody(request: IncomingMessage): Promise<Buffer> {
  const parts: Buffer[] = [];
  let size = 0;
  // A stream that is destroyed could not be answered any more.
  const bodyParts = request.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>;
  for await (const part of bodyParts) {
    size += part.length;
    if (size > REQUEST_LIMITS.bodyBytes)
      throw new BodyTooLarge(`A body may have ${REQUEST_LIMITS.bodyBytes} bytes.`);
    parts.push(part);
  }
  return Buffer.concat(parts);
}

function resultOf(
  { document, score }: Hit,
  withScores: boolean,
): Readonly<Record<string, unknown>> {
  return { document, score: withScores ? score : null };
}

function write(body: unknown, format: BodyFormat): Buffer {
  return format === "json" ? Buffer.from(JSON.stringify(body)) : encode(body);
}

function sendJson(response: ServerResponse, status: number, body: unknown): void {
  send(response, status, write(body, "json"), { "content-type": "application/json" });
}

function send(
  response: ServerResponse,
  status: number,
  body: Buffer,
  headers: Readonly<Record<string, string>>,
): void {
  response.writeHead(status, { ...headers, "content-length": String(body.length) });
  response.end(body);
}
