import { GemError, show } from "../../errors.ts";

/** A server that is a program: it is started, and talks over its standard input and output. */
export interface StdioServer {
  readonly transport: "stdio";
  readonly command: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly cwd?: string | undefined;
}

/** A server with an address. */
export interface HttpServer {
  readonly transport: "http" | "sse";
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** How one MCP server is reached. */
export type ServerSpec = StdioServer | HttpServer;

/** The servers of a tool by name, in the order in which they were given. */
export type Servers = ReadonlyMap<string, ServerSpec>;

/** Name of the only server where none is given. */
export const DEFAULT_SERVER = "default";

type Entry = Readonly<Record<string, unknown>>;

/**
 * Reads the configuration of an `MCPTool`: a URL, one server's map, or `{mcpServers: {name: map, …}}`. What a map leaves out is
 * told from the rest: a server with a command is a program, any other has an address. Nothing that is passed is changed.
 *
 * @param auth a bearer token for a server that is given by its URL
 * @param headers HTTP headers for it
 * @throws GEM_INVALID_OPTION
 */
export function readServers(config: unknown, auth: string | null, headers: Entry | null): Servers {
  if (typeof config === "string") {
    const entry = { url: config, headers: headers ?? {}, auth };
    return new Map([[DEFAULT_SERVER, readServer(DEFAULT_SERVER, entry)]]);
  }
  // Differs from upstream D80: what would be ignored is refused.
  if (auth !== null || headers !== null) {
    throw invalid(
      "auth and headers belong to a server that is given by its URL; write them into the map of the server that they are for",
    );
  }
  if (!isEntry(config)) {
    throw invalid(
      `config must be a URL, a server's map, or {mcpServers: {name: map}}, got ${show(config)}`,
    );
  }
  const { mcpServers: several } = config;
  if (several === undefined) return new Map([[DEFAULT_SERVER, readServer(DEFAULT_SERVER, config)]]);
  if (!isEntry(several) || Object.keys(several).length === 0) {
    throw invalid(`mcpServers must be a map with at least one server, got ${show(several)}`);
  }
  return new Map(Object.entries(several).map(([name, entry]) => [name, readServer(name, entry)]));
}

function readServer(name: string, entry: unknown): ServerSpec {
  if (!isEntry(entry)) throw invalid(`the server "${name}" must be a map, got ${show(entry)}`);
  const isProgram = Object.hasOwn(entry, "command") || Object.hasOwn(entry, "args");
  const transport = entry["transport"] ?? (isProgram ? "stdio" : "http");
  if (transport === "stdio") return readProgram(name, entry);
  if (transport === "http" || transport === "streamable-http" || transport === "streamable_http")
    return readAddress(name, entry, "http");
  if (transport === "sse") return readAddress(name, entry, "sse");
  throw invalid(
    `the transport of the server "${name}" must be stdio, http (streamable HTTP) or sse, got ${show(transport)}`,
  );
}

function readProgram(name: string, entry: Entry): StdioServer {
  const { command, args = [], env = {}, cwd } = entry;
  const wrong = (what: string, got: unknown): GemError =>
    invalid(`${what} of the server "${name}", got ${show(got)}`);
  if (typeof command !== "string" || command === "")
    throw wrong("command must be the program", command);
  if (!Array.isArray(args) || !args.every((part): part is string => typeof part === "string"))
    throw wrong("args must be an array of strings", args);
  if (!isTextMap(env)) throw wrong("env must be a map of strings", env);
  if (cwd !== undefined && cwd !== null && typeof cwd !== "string")
    throw wrong("cwd must be a folder", cwd);
  return { transport: "stdio", command, args, env, cwd: cwd ?? undefined };
}

function readAddress(name: string, entry: Entry, transport: "http" | "sse"): HttpServer {
  const { url, headers = {}, auth } = entry;
  if (typeof url !== "string" || !/^https?:\/\/[^/]/i.test(url) || !URL.canParse(url)) {
    throw invalid(`url of the server "${name}" must be an http or https URL, got ${show(url)}`);
  }
  if (!isTextMap(headers)) {
    throw invalid(`headers of the server "${name}" must be a map of strings`);
  }
  if (auth === undefined || auth === null) return { transport, url, headers };
  if (typeof auth !== "string") throw invalid(`auth of the server "${name}" must be a token`);
  // A header that was given by name counts more.
  const isGiven = Object.keys(headers).some((key) => key.toLowerCase() === "authorization");
  const bearer = isGiven ? {} : { Authorization: `Bearer ${auth}` };
  return { transport, url, headers: { ...bearer, ...headers } };
}

/** The servers in words, for messages. */
export function describeServers(servers: Servers): string {
  const [first] = servers;
  if (first === undefined || servers.size > 1)
    return `the MCP servers ${[...servers.keys()].join(", ")}`;
  return describeServer(...first);
}

/** A server in words: its name where it has one, and where it is; no credentials. */
export function describeServer(name: string, spec: ServerSpec): string {
  const place = spec.transport === "stdio" ? spec.command : withoutSecrets(spec.url);
  return name === DEFAULT_SERVER
    ? `the MCP server ${place}`
    : `the MCP server "${name}" (${place})`;
}

/** An address without user, password, query and fragment. */
function withoutSecrets(text: string): string {
  const url = new URL(text);
  return url.origin + url.pathname;
}

function isEntry(value: unknown): value is Entry {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isTextMap(value: unknown): value is Readonly<Record<string, string>> {
  return isEntry(value) && Object.values(value).every((item) => typeof item === "string");
}

function invalid(what: string): GemError {
  return new GemError("GEM_INVALID_OPTION", `MCPTool: ${what}.`);
}
