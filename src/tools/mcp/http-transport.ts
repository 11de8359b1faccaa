import { SSEClientTransport } from "@modelcontextprotocol/sdk/client/sse.js";
import { StreamableHTTPClientTransport } from "@modelcontextprotocol/sdk/client/streamableHttp.js";
import type { Transport } from "@modelcontextprotocol/sdk/shared/transport.js";
import type { HttpServer } from "./config.ts";

const LARGEST_ANSWER_BYTES = 16_777_216;
const EVENT_STREAM = "text/event-stream";
const NOT_ALLOWED = 405;
const GOODBYE_MS = 1000;

/** A connection to a server with an address. */
export interface HttpConnection {
  readonly transport: Transport;
  /** Tells the server that its session is over. */
  readonly leave: () => Promise<void>;
}

/**
 * Prepares a connection over streamable HTTP.
 *
 * @param onStreamEnd is called when the stream ends that should bring the answer to the request of this number
 */
export function streamableHttp(
  spec: HttpServer,
  onStreamEnd: (request: unknown) => void,
): HttpConnection {
  const transport = new StreamableHTTPClientTransport(new URL(spec.url), {
    requestInit: { headers: spec.headers },
    fetch: (url, init) => {
      // A stream for what the server says unasked would keep the program alive; nothing of it is used.
      const isStandalone = init?.method === "GET" && !hasHeader(init, "last-event-id");
      if (isStandalone) return Promise.resolve(new Response(null, { status: NOT_ALLOWED }));
      return limitedFetch(url, init, onStreamEnd);
    },
  });
  const leave = async (): Promise<void> => {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, GOODBYE_MS);
    });
    // A server that is gone needs no word.
    await Promise.race([transport.terminateSession().catch(() => undefined), late]);
    clearTimeout(timer);
  };
  return { transport, leave };
}

/** Prepares a connection over HTTP with server-sent events, as servers of the protocol's first version have it. */
export function serverSentEvents(spec: HttpServer): HttpConnection {
  // eslint-disable-next-line @typescript-eslint/no-deprecated -- servers that know nothing else are still in use
  const transport = new SSEClientTransport(new URL(spec.url), {
    requestInit: { headers: spec.headers },
    fetch: (url, init) => fetch(url, init),
  });
  return { transport, leave: () => Promise.resolve() };
}

async function limitedFetch(
  url: string | URL,
  init: RequestInit | undefined,
  onStreamEnd: (request: unknown) => void,
): Promise<Response> {
  const response = await fetch(url, init);
  const { body } = response;
  if (body === null || init?.method !== "POST") return response;
  const isStream = response.headers.get("content-type")?.includes(EVENT_STREAM) === true;
  const request = requestOf(init);
  const watched = watch(body, isStream ? Infinity : LARGEST_ANSWER_BYTES, () => {
    if (isStream && request !== undefined) onStreamEnd(request);
  });
  const { status, statusText, headers } = response;
  return new Response(watched, { status, statusText, headers });
}

/** The stream, which fails beyond a size; says when it ends, however it ends. */
function watch(
  body: ReadableStream<Uint8Array>,
  mostBytes: number,
  onEnd: () => void,
): ReadableStream<Uint8Array> {
  const reader = body.getReader();
  let size = 0;
  return new ReadableStream({
    pull: async (controller) => {
      try {
        const { done, value } = await reader.read();
        if (done) {
          controller.close();
          onEnd();
          return;
        }
        size += value.byteLength;
        if (size > mostBytes) throw new RangeError(`an answer of more than ${mostBytes} bytes`);
        controller.enqueue(value);
      } catch (error) {
        controller.error(error);
        onEnd();
        await reader.cancel().catch(() => undefined);
      }
    },
    cancel: (reason) => reader.cancel(reason),
  });
}

/** The number of the request in a body. */
function requestOf(init: RequestInit): unknown {
  if (typeof init.body !== "string") return undefined;
  const message: unknown = JSON.parse(init.body);
  const isRequest = typeof message === "object" && message !== null && "method" in message;
  return isRequest && "id" in message ? message.id : undefined;
}

function hasHeader(init: RequestInit, name: string): boolean {
  return new Headers(init.headers).has(name);
}
