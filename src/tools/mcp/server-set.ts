import type { CallAnswer, ListedTool } from "./answers.ts";
import type { Servers } from "./config.ts";
import { McpFailure, McpRefusal } from "./failure.ts";

import { ServerLink, type Limits } from "./server-link.ts";

/** A tool of one of the servers. */
export interface McpTool {
  /** What agents call it: its own name, behind the server's name where there are several servers. */
  readonly name: string;
  readonly server: string;
  /** What its server calls it. */
  readonly ownName: string;
  readonly description: string;
  /** The JSON schema of its arguments. */
  readonly parameters: Readonly<Record<string, unknown>>;
  /** Whether its structured data is wrapped into `{result}`. */
  readonly isWrapped: boolean;
}

/** How long the tools of a server that could not be reached are not asked for again, while others have theirs. */
const AGAIN_MS = 60_000;

/** The servers of one tool object, and the list of their tools, which is kept once it is known. */
export class ServerSet {
  readonly servers: Servers;
  readonly #links: ReadonlyMap<string, ServerLink>;
  readonly #lists = new Map<string, Promise<readonly McpTool[]>>();

  constructor(servers: Servers) {
    this.servers = servers;
    this.#links = new Map([...servers].map(([name, spec]) => [name, new ServerLink(name, spec)]));
  }

  /** Whether names of tools begin with the server's. */
  get isMulti(): boolean {
    return this.servers.size > 1;
  }

  /**
   * The tools of all servers that can be reached, in the servers' order.
   *
   * @throws McpFailure when no server can be
   */
  async tools(limits: Limits): Promise<readonly McpTool[]> {
    const names = [...this.servers.keys()];
    const outcomes = await Promise.allSettled(names.map((name) => this.#list(name, limits)));
    const tools = new Map<string, McpTool>();
    for (const outcome of outcomes) {
      const listed = outcome.status === "fulfilled" ? outcome.value : [];
      for (const tool of listed) if (!tools.has(tool.name)) tools.set(tool.name, tool);
    }
    const [first] = outcomes;
    if (first?.status === "rejected" && outcomes.every(({ status }) => status === "rejected")) {
      this.#lists.clear();
      throw first.reason;
    }
    return [...tools.values()];
  }

  /** Throws why the server is not there that a tool of this name would belong to. @throws McpFailure */
  async checkServerOf(name: string, limits: Limits): Promise<void> {
    const owners = [...this.servers.keys()].filter((server) => name.startsWith(`${server}_`));
    if (this.isMulti) await Promise.all(owners.map((server) => this.#list(server, limits)));
  }

  /** Calls a tool. @throws McpFailure, McpRefusal */
  call(tool: McpTool, args: Record<string, unknown>, limits: Limits): Promise<CallAnswer> {
    const { ownName } = tool;
    return this.#link(tool.server).use(limits, (connection) =>
      connection.callTool(ownName, args, limits.timeoutMs),
    );
  }

  /** Ends all sessions and forgets the tools; a later use begins anew. */
  async close(): Promise<void> {
    this.#lists.clear();
    await Promise.all([...this.#links.values()].map((link) => link.close()));
  }

  #list(server: string, limits: Limits): Promise<readonly McpTool[]> {
    const known = this.#lists.get(server);
    if (known !== undefined) return known;
    const list = this.#link(server)
      .use(limits, (connection) => connection.listTools(limits.timeoutMs))
      .then(
        (tools) => tools.map((tool) => this.#named(server, tool)),
        (error: unknown) => {
          throw error instanceof McpRefusal ? listsNothing(server, error) : error;
        },
      );
    this.#lists.set(server, list);
    const forget = (): void => {
      if (this.#lists.get(server) === list) this.#lists.delete(server);
    };
    list.catch(() => (this.isMulti ? setTimeout(forget, AGAIN_MS).unref() : forget()));
    return list;
  }

  #named(server: string, tool: ListedTool): McpTool {
    const { name: ownName, inputSchema: parameters, outputSchema } = tool;
    const description = tool.description ?? "";
    const name = this.isMulti ? `${server}_${ownName}` : ownName;
    const isWrapped = outputSchema?.["x-fastmcp-wrap-result"] === true;
    return { name, server, ownName, description, parameters, isWrapped };
  }

  #link(server: string): ServerLink {
    const link = this.#links.get(server);
    if (link === undefined) throw new RangeError(`There is no server ${server}.`);
    return link;
  }
}

/** A server that refuses to list its tools is as good as none. */
function listsNothing(server: string, { message }: McpRefusal): McpFailure {
  return new McpFailure("GEM_UNAVAILABLE", `the MCP server "${server}" lists no tools: ${message}`);
}
