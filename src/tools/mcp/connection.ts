import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import type { Transport } from "@modelcontextprotocol/sdk/shared/transport.js";
import { McpError, type JSONRPCMessage } from "@modelcontextprotocol/sdk/types.js";
import { CALL_ANSWER, TOOL_LIST, type CallAnswer, type ListedTool } from "./answers.ts";
import { describeServer, type ServerSpec } from "./config.ts";
import {
  errorOfConnecting,
  errorOfRequest,
  isTimeout,
  lateFailure,
  type Circumstances,
} from "./errors-of.ts";
import { serverSentEvents, streamableHttp } from "./http-transport.ts";
import { StdioTransport } from "./stdio-transport.ts";

const CLIENT = { name: "gem", version: "1" };
/** How long a server that owes an answer may take to show that it lives. */
const PING_MS = 2000;
const MOST_PAGES = 1000;

/** An open session with one server, over which any number of requests run at the same time. */
export class Connection {
  /** Whether a request has timed out since the server was last heard of. */
  isSuspect = false;
  readonly #server: string;
  readonly #client = new Client(CLIENT);
  readonly #transport: Transport;
  readonly #leave: () => Promise<void>;
  readonly #pending = new Set<unknown>();
  #phase: "opening" | "open" | "gone" = "opening";
  #lost: string | undefined;
  #inFlight = 0;
  #isRetired = false;
  #ping: Promise<boolean> | undefined;

  private constructor(name: string, spec: ServerSpec) {
    this.#server = describeServer(name, spec);
    if (spec.transport === "stdio") {
      this.#transport = new StdioTransport(name, spec);
      this.#leave = () => Promise.resolve();
    } else {
      const onStreamEnd = (request: unknown): void => {
        setImmediate(() => void this.#checkAnswer(request));
      };
      const isLegacy = spec.transport === "sse";
      const made = isLegacy ? serverSentEvents(spec) : streamableHttp(spec, onStreamEnd);
      this.#transport = made.transport;
      this.#leave = made.leave;
      // A broken stream of events would be opened again by itself, and be another session.
      if (isLegacy) {
        this.#transport.onerror = () => {
          if (this.#phase === "open") this.#lose("the stream of events broke");
        };
      }
    }
    this.#watch();
  }

  /** Connects and begins a session. @throws McpFailure */
  static async open(name: string, spec: ServerSpec, timeoutMs: number): Promise<Connection> {
    const connection = new Connection(name, spec);
    await connection.#open(timeoutMs);
    return connection;
  }

  /** Whether requests can be made. */
  get isOpen(): boolean {
    return this.#phase === "open" && !this.#isRetired;
  }

  /** The server's tools. @throws McpFailure, McpRefusal */
  async listTools(timeoutMs: number): Promise<readonly ListedTool[]> {
    const found: ListedTool[] = [];
    let cursor: string | undefined;
    for (let page = 0; page < MOST_PAGES; page++) {
      const params = cursor === undefined ? {} : { cursor };
      const { tools, nextCursor } = await this.#ask(timeoutMs, (timeout) =>
        this.#client.request({ method: "tools/list", params }, TOOL_LIST, { timeout }),
      );
      found.push(...tools);
      cursor = nextCursor;
      if (cursor === undefined) break;
    }
    return found;
  }

  /** Calls a tool. @throws McpFailure, McpRefusal */
  async callTool(
    name: string,
    args: Record<string, unknown>,
    timeoutMs: number,
  ): Promise<CallAnswer> {
    const params = { name, arguments: args };
    return this.#ask(timeoutMs, (timeout) =>
      this.#client.request({ method: "tools/call", params }, CALL_ANSWER, { timeout }),
    );
  }

  /** Whether the server answers at all; asked once at a time. */
  answersPing(): Promise<boolean> {
    this.#ping ??= this.#client.ping({ timeout: PING_MS }).then(
      () => true,
      // A refusal is an answer too.
      (error: unknown) => error instanceof McpError && !isTimeout(error) && this.#phase === "open",
    );
    return this.#ping.then((answers) => {
      this.#ping = undefined;
      this.isSuspect &&= !answers;
      return answers;
    });
  }

  /** Takes no more requests, and closes when those that run have ended. */
  retire(): void {
    this.#isRetired = true;
    if (this.#inFlight === 0) void this.close();
  }

  /** Ends the session; requests that run fail. Twice is fine. */
  async close(): Promise<void> {
    this.#isRetired = true;
    if (this.#phase === "gone") return;
    this.#lost ??= "the tool was closed";
    this.#phase = "gone";
    await this.#leave();
    await this.#client.close();
  }

  async #open(timeoutMs: number): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(lateFailure(this.#circumstances(timeoutMs))), timeoutMs);
    });
    try {
      await Promise.race([this.#client.connect(this.#transport, { timeout: timeoutMs }), late]);
      if (this.#phase === "opening") this.#phase = "open";
    } catch (error) {
      const failure = errorOfConnecting(error, this.#circumstances(timeoutMs));
      this.#phase = "gone";
      if (this.#transport instanceof StdioTransport) this.#transport.kill();
      void this.#client.close().catch(() => undefined);
      throw error instanceof Error && error.name === failure.name ? error : failure;
    } finally {
      clearTimeout(timer);
    }
  }

  async #ask<T>(timeoutMs: number, request: (timeoutMs: number) => Promise<T>): Promise<T> {
    this.#inFlight += 1;
    try {
      return await request(timeoutMs);
    } catch (error) {
      const failure = errorOfRequest(error, this.#circumstances(timeoutMs));
      if ("code" in failure && failure.code === "GEM_DEADLINE") this.isSuspect = true;
      else if (failure.name === "McpFailure") this.retire();
      throw failure;
    } finally {
      this.#inFlight -= 1;
      if (this.#isRetired) this.retire();
    }
  }

  #circumstances(timeoutMs: number): Circumstances {
    const transport = this.#transport;
    const garbage = transport instanceof StdioTransport ? transport.garbage : undefined;
    return { server: this.#server, timeoutMs, lost: this.#lost, garbage };
  }

  /** Follows which requests have no answer, and notices the end. */
  #watch(): void {
    const transport = this.#transport;
    const send = transport.send.bind(transport);
    transport.send = (message, options) => {
      if ("method" in message && "id" in message) this.#pending.add(message.id);
      return send(message, options);
    };
    transport.onmessage = (message: JSONRPCMessage) => {
      if (!("method" in message) && "id" in message) this.#pending.delete(message.id);
    };
    this.#client.onclose = () => {
      if (transport instanceof StdioTransport) this.#lost ??= transport.ending;
      // The library hangs up by itself when a session cannot begin; then the reason is the error.
      else if (this.#phase === "open") this.#lost ??= "it hung up";
      this.#phase = "gone";
    };
  }

  /** Looks whether a server lives whose answer did not come though its stream has ended. */
  async #checkAnswer(request: unknown): Promise<void> {
    if (!this.#pending.has(request) || this.#phase === "gone") return;
    if (this.#phase === "opening") this.#lose("it closed the stream without an answer");
    else if (!(await this.answersPing())) this.#lose("it closed the connection");
  }

  #lose(why: string): void {
    if (this.#phase === "gone") return;
    this.#lost ??= why;
    this.#phase = "gone";
    void this.#client.close().catch(() => undefined);
  }
}
