import {
  createServer,
  type IncomingMessage,
  type Server as HttpServer,
  type ServerResponse,
} from "node:http";
import type { AddressInfo } from "node:net";
import { Server } from "@modelcontextprotocol/sdk/server/index.js";
import { SSEServerTransport } from "@modelcontextprotocol/sdk/server/sse.js";
import { StdioServerTransport } from "@modelcontextprotocol/sdk/server/stdio.js";
import { StreamableHTTPServerTransport } from "@modelcontextprotocol/sdk/server/streamableHttp.js";
import {
  CallToolRequestSchema,
  ListToolsRequestSchema,
  type CallToolResult,
  type Tool,
} from "@modelcontextprotocol/sdk/types.js";
import { z } from "zod";
import { TIME_TOOLS } from "./time-tools.ts";

const INFO = { name: "mcp-time-server", version: "1" };
const LOOPBACK = /^(?:localhost|127\.0\.0\.1|\[::1\])(?::\d+)?$/;

/** Where a server with an address listens. */
export interface TimeAddress {
  readonly host: string;
  /** 0: any that is free. */
  readonly port: number;
  readonly path: string;
}

/** A running server with an address. */
export interface RunningTimeServer {
  readonly url: string;
  close(): Promise<void>;
}

/** Serves one client over standard input and output, until it hangs up. */
export async function serveTimeOverStdio(): Promise<void> {
  const server = timeServer();
  const closed = new Promise<void>((resolve) => {
    server.onclose = resolve;
    process.stdin.once("end", resolve);
  });
  await server.connect(new StdioServerTransport());
  await closed;
}

/**
 * Serves over streamable HTTP, or over HTTP with server-sent events.
 *
 * @throws what listening throws
 */
export async function serveTimeOverHttp(
  address: TimeAddress,
  kind: "http" | "sse",
): Promise<RunningTimeServer> {
  const answer = kind === "http" ? answerStreamable : sseAnswers(address.path);
  const isLocal = LOOPBACK.test(address.host) || address.host === "::1";
  const server = createServer((request, response) => {
    // A web page that made its name mean this machine must not reach us.
    const isForeign = isLocal && !LOOPBACK.test(request.headers.host ?? "");
    const { pathname } = new URL(request.url ?? "/", "http://localhost");
    const isHere =
      pathname === address.path || (kind === "sse" && pathname === `${address.path}/messages`);
    if (isForeign || !isHere) refuse(response, isForeign ? 403 : 404);
    else void answer(request, response).catch(() => refuse(response, 500));
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(address.port, address.host, resolve);
  });
  const { port } = server.address() as AddressInfo;
  const host = address.host.includes(":") ? `[${address.host}]` : address.host;
  return { url: `http://${host}:${port}${address.path}`, close: () => closeServer(server) };
}

type AnswerRequest = (request: IncomingMessage, response: ServerResponse) => Promise<void>;

/** There is nothing to remember between requests, so there are no sessions. */
async function answerStreamable(request: IncomingMessage, response: ServerResponse): Promise<void> {
  if (request.method !== "POST") {
    refuse(response, 405);
    return;
  }
  const transport = new StreamableHTTPServerTransport({ enableJsonResponse: true });
  const server = timeServer();
  response.once("close", () => void server.close());
  await server.connect(transport);
  await transport.handleRequest(request, response);
}

function sseAnswers(path: string): AnswerRequest {
  // eslint-disable-next-line @typescript-eslint/no-deprecated -- clients that know nothing else are still in use
  const sessions = new Map<string, SSEServerTransport>();
  return async (request, response) => {
    if (request.method === "GET") {
      // eslint-disable-next-line @typescript-eslint/no-deprecated -- as above
      const transport = new SSEServerTransport(`${path}/messages`, response);
      sessions.set(transport.sessionId, transport);
      response.once("close", () => sessions.delete(transport.sessionId));
      await timeServer().connect(transport);
      return;
    }
    const { searchParams } = new URL(request.url ?? "/", "http://localhost");
    const transport = sessions.get(searchParams.get("sessionId") ?? "");
    if (transport === undefined) refuse(response, 404);
    else await transport.handlePostMessage(request, response);
  };
}

// eslint-disable-next-line @typescript-eslint/no-deprecated -- the newer class is for schemas that it makes itself
function timeServer(): Server {
  // eslint-disable-next-line @typescript-eslint/no-deprecated -- as above
  const server = new Server(INFO, { capabilities: { tools: {} } });
  server.setRequestHandler(ListToolsRequestSchema, () => ({ tools: LISTED }));
  server.setRequestHandler(CallToolRequestSchema, ({ params }) =>
    callTimeTool(params.name, params.arguments ?? {}),
  );
  return server;
}

const LISTED: Tool[] = Object.entries(TIME_TOOLS).map(([name, { title, description, args }]) => ({
  name,
  title,
  description,
  inputSchema: { type: "object", ...inputSchema(args) },
  annotations: { title, readOnlyHint: true },
}));

function inputSchema(args: z.ZodType): Record<string, unknown> {
  const schema = z.toJSONSchema(args, { io: "input" });
  return Object.fromEntries(Object.entries(schema).filter(([key]) => key !== "$schema"));
}

/** Calls a tool; a call that fails is an answer too. */
export function callTimeTool(
  name: string,
  args: unknown,
  now: number = Date.now(),
): CallToolResult {
  const tool = Object.hasOwn(TIME_TOOLS, name) ? TIME_TOOLS[name] : undefined;
  try {
    if (tool === undefined) throw new RangeError(`there is no tool '${name}'`);
    return { content: [{ type: "text", text: tool.run(args, now) }] };
  } catch (error) {
    const text = error instanceof z.ZodError ? z.prettifyError(error) : (error as Error).message;
    return { content: [{ type: "text", text: `${name}: ${text}` }], isError: true };
  }
}

function refuse(response: ServerResponse, status: number): void {
  if (!response.headersSent) response.writeHead(status);
  response.end();
}

function closeServer(server: HttpServer): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
