import { readFileSync } from "node:fs";
import { z } from "zod";
import { chain, type MaybePromise } from "../../core/maybe-promise.ts";
import { parseOptions, type OptionValues } from "../../core/options.ts";
import { GemError, show } from "../../errors.ts";
import { Tool, type ToolResult } from "../tool.ts";
import { DEFAULT_SERVER, describeServers, readServers, type Servers } from "./config.ts";
import { McpFailure, McpRefusal } from "./failure.ts";
import { findCall, type McpCall } from "./grammar.ts";
import { instruction } from "./instruction.ts";
import { answerText, ERROR_MARK, errorText, FAILED_MARK, failedText } from "./result-text.ts";
import type { Limits } from "./server-link.ts";
import type { McpTool, ServerSet } from "./server-set.ts";
import { leaseServers, type Lease } from "./shared-servers.ts";

/** A server's entry, several of them, or a URL; see `readServers`. */
export type McpConfig = string | Readonly<Record<string, unknown>>;

const config = z.custom<McpConfig | null>(
  (value) => value === null || typeof value === "string" || isMap(value),
);
const seconds = z.number().max(86_400);

/** What each option of `MCPTool` may be, with its default. */
export const MCP_OPTIONS: {
  readonly config: z.ZodType<McpConfig | null>;
  readonly auth: z.ZodType<string | null>;
  readonly headers: z.ZodType<Readonly<Record<string, string>> | null>;
  readonly max_retries: z.ZodType<number>;
  readonly delay_between_retries: z.ZodType<number>;
  readonly execution_timeout: z.ZodType<number>;
  readonly validate_on_init: z.ZodType<boolean>;
  readonly num_workers: z.ZodType<number>;
  readonly session: z.ZodType<string | null>;
} = {
  config: config.default(null).describe("a URL, a server's map, or {mcpServers: {name: map}}"),
  auth: z.string().nullable().default(null).describe("a bearer token, or null"),
  headers: z
    .record(z.string(), z.string())
    .nullable()
    .default(null)
    .describe("a map of strings, or null"),
  max_retries: z.int().min(1).max(100).default(3).describe("an integer from 1 to 100"),
  delay_between_retries: seconds
    .min(0)
    .default(1)
    .describe("a number of seconds, at least 0 and at most 86400"),
  execution_timeout: seconds
    .positive()
    .default(30)
    .describe("a number of seconds above 0, at most 86400"),
  validate_on_init: z.boolean().default(true).describe("true or false"),
  num_workers: z.int().min(1).default(1).describe("a positive integer (it changes nothing)"),
  session: z.string().nullable().default(null).describe("a name, or null"),
};

/**
 * Options of `MCPTool`, under upstream's names; all but `config` may be left out. Tools with the same `session` and the same
 * servers share their connections. `validate_on_init` is for `MCPTool.connect`: a constructor cannot wait.
 */
export type McpOptions = Partial<OptionValues<typeof MCP_OPTIONS>>;

/** Lets an agent call the tools of MCP servers. Sessions begin at the first use and are kept until the tool is closed. */
export class MCPTool extends Tool {
  override readonly toolType = "mcp";
  #options: OptionValues<typeof MCP_OPTIONS>;
  #servers: Servers | undefined;
  #lease: Lease | undefined;

  /** Makes a tool and starts nothing. @throws GEM_UNKNOWN_OPTION, GEM_INVALID_OPTION */
  constructor(options: McpOptions = {}) {
    super();
    this.#options = parseOptions("MCPTool", MCP_OPTIONS, options);
    this.#servers = serversOf(this.#options);
  }

  /**
   * Makes a tool and, unless `validate_on_init` is false, looks whether there are tools.
   *
   * @throws GEM_UNAVAILABLE, GEM_DEADLINE without any; what the constructor throws
   */
  static async connect(options: McpOptions): Promise<MCPTool> {
    const tool = new MCPTool(options);
    if (tool.options.validate_on_init) await tool.validate();
    return tool;
  }

  /** A tool for one server with an address. @throws GEM_INVALID_OPTION */
  static fromUrl(url: string, options: Omit<McpOptions, "config"> = {}): MCPTool {
    return new MCPTool({ ...options, config: url });
  }

  /** A tool for the servers of a JSON file, as other clients of MCP have it. @throws GEM_INVALID_OPTION */
  static fromConfigFile(path: string, options: Omit<McpOptions, "config"> = {}): MCPTool {
    return new MCPTool({ ...options, config: readConfigFile(path) });
  }

  /** A tool for a program: `{command, args, env, cwd}`. @throws GEM_INVALID_OPTION */
  static fromLocalCommand(
    server: Readonly<Record<string, unknown>>,
    name: string = DEFAULT_SERVER,
    options: Omit<McpOptions, "config"> = {},
  ): MCPTool {
    return new MCPTool({ ...options, config: { mcpServers: { [name]: server } } });
  }

  /** A tool for servers with addresses, by name. @throws GEM_INVALID_OPTION */
  static fromMultiServer(
    urls: Readonly<Record<string, string>>,
    options: Omit<McpOptions, "config"> = {},
  ): MCPTool {
    const entries = Object.entries(urls).map(([name, url]) => [name, { transport: "http", url }]);
    return new MCPTool({ ...options, config: { mcpServers: Object.fromEntries(entries) } });
  }

  /** The options with their defaults. */
  get options(): OptionValues<typeof MCP_OPTIONS> {
    return this.#options;
  }

  /** @throws GEM_UNAVAILABLE, GEM_DEADLINE when no server can be reached */
  override async instructionString(): Promise<string> {
    return instruction(await this.availableTools(), this.#set().isMulti);
  }

  /** The tools that agents can call. @throws GEM_UNAVAILABLE, GEM_DEADLINE when no server can be reached */
  async availableTools(): Promise<readonly McpTool[]> {
    try {
      return await this.#set().tools(this.#limits());
    } catch (error) {
      // Differs from upstream D81: no server is a fault, not an empty list of tools.
      throw error instanceof McpFailure ? error.toError() : error;
    }
  }

  /** Looks whether there are tools. @throws GEM_UNAVAILABLE, GEM_DEADLINE without any */
  async validate(): Promise<void> {
    const tools = await this.availableTools();
    if (tools.length > 0) return;
    const where = describeServers(this.#set().servers);
    throw new GemError("GEM_UNAVAILABLE", `There are no tools: ${where} offers none.`);
  }

  override executeAction(action: string): MaybePromise<ToolResult> {
    const call = findCall(action);
    return call === undefined ? [false, true, "", ""] : this.#execute(call);
  }

  override methodNames(): readonly string[] {
    return ["get_available_tools", "validate", "disconnect"];
  }

  override callMethod(name: string, args: readonly unknown[]): unknown {
    if (name === "get_available_tools") return chain(this.availableTools(), toRecords);
    if (name === "validate") return this.validate();
    if (name === "disconnect") return this.#set().close();
    return super.callMethod(name, args);
  }

  /** Goes on with other servers; sessions with the ones before end. @throws GEM_INVALID_OPTION and keeps the ones before */
  async reconfigure(
    config: McpConfig,
    { auth = null, headers = null }: Pick<McpOptions, "auth" | "headers"> = {},
  ): Promise<void> {
    const options = parseOptions("MCPTool", MCP_OPTIONS, {
      ...this.#options,
      config,
      auth,
      headers,
    });
    const servers = serversOf(options);
    await this.close();
    this.#options = options;
    this.#servers = servers;
  }

  /** Ends the sessions, unless another tool shares them; a later use begins new ones. */
  override async close(): Promise<void> {
    const lease = this.#lease;
    this.#lease = undefined;
    await lease?.release();
  }

  async #execute(call: McpCall): Promise<ToolResult> {
    // Upstream quirk Q62: what counts of the action is the call alone, without the text before it.
    const { name, args, text } = call;
    const failed = (observation: string): ToolResult => [true, true, observation, text];
    const set = this.#set();
    const limits = this.#limits();
    try {
      const tools = await set.tools(limits);
      const tool = tools.find((candidate) => candidate.name === name);
      if (tool === undefined) {
        await set.checkServerOf(name, limits);
        // Differs from upstream D82: a call of no tool is a failed use; upstream hands it to the environment.
        const names = tools.map((known) => known.name).join(", ");
        return failed(`There is no tool ${show(name)}. The tools are: ${names}`);
      }
      // Upstream quirk Q63: null stands for no arguments.
      const given = args ?? {};
      if (!isMap(given)) {
        return failed(failedText(`arguments must be a JSON object, got ${show(given)}`));
      }
      const observation = answerText(await set.call(tool, given, limits), tool.isWrapped);
      // Upstream quirk Q60: an answer that begins like an error counts as one.
      const hasError = observation.startsWith(ERROR_MARK) || observation.startsWith(FAILED_MARK);
      return [true, hasError, observation, text];
    } catch (error) {
      if (error instanceof McpRefusal) return failed(errorText(error.message));
      if (!(error instanceof McpFailure)) throw error;
      return [true, true, failedText(error.message), text, error.toFault()];
    }
  }

  #limits(): Limits {
    const { execution_timeout, max_retries, delay_between_retries } = this.#options;
    return {
      timeoutMs: execution_timeout * 1000,
      attempts: max_retries,
      delayMs: delay_between_retries * 1000,
    };
  }

  /** @throws GEM_INVALID_OPTION without a configuration */
  #set(): ServerSet {
    if (this.#servers === undefined) {
      throw new GemError(
        "GEM_INVALID_OPTION",
        "MCPTool does not know a server. Pass config: a URL, a server's map, or {mcpServers: {name: map}}.",
      );
    }
    this.#lease ??= leaseServers(this, this.#servers, this.#options.session);
    return this.#lease.set;
  }
}

function serversOf(options: OptionValues<typeof MCP_OPTIONS>): Servers | undefined {
  if (options.config === null) return undefined;
  return readServers(options.config, options.auth, options.headers);
}

function readConfigFile(path: string): McpConfig {
  try {
    const value: unknown = JSON.parse(readFileSync(path, "utf8"));
    if (typeof value === "string" || isMap(value)) return value;
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new GemError("GEM_INVALID_OPTION", `MCPTool cannot read ${path}: ${why}.`, {}, error);
  }
  throw new GemError("GEM_INVALID_OPTION", `${path} must hold a JSON object with mcpServers.`);
}

/** What the trainer gets to know of each tool, under upstream's names. */
function toRecords(tools: readonly McpTool[]): readonly unknown[] {
  return tools.map(({ name, server, description, parameters }) => ({
    name,
    description,
    parameters,
    server,
  }));
}

function isMap(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
