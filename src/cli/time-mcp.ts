import { GemError, show } from "../errors.ts";
import { watchParent } from "../server/parent.ts";
import { serveTimeOverHttp, serveTimeOverStdio } from "../tools/mcp-time/time-server.ts";
import { readInteger } from "./environment.ts";

/** The options of `gem time-mcp`, as written. */
export interface TimeMcpArguments {
  readonly transport: string;
  readonly host: string;
  readonly port: string;
  readonly path: string;
  readonly parentPid?: string;
}

/**
 * `gem time-mcp`: an MCP server that knows the time. With an address it prints one line of JSON when it accepts connections, and
 * serves until a signal ends it.
 */
export async function runTimeMcp(given: TimeMcpArguments): Promise<void> {
  const { transport, host } = given;
  if (transport === "stdio") {
    await serveTimeOverStdio();
    return;
  }
  if (transport !== "http" && transport !== "streamable-http" && transport !== "sse") {
    throw new GemError(
      "GEM_INVALID_OPTION",
      `--transport must be stdio, streamable-http, http or sse, got ${show(transport)}.`,
    );
  }
  const parentPid =
    given.parentPid === undefined
      ? undefined
      : readInteger("--parent-pid", given.parentPid, 1, 2 ** 31);
  const port = readInteger("--port", given.port, 0, 65_535);
  const path = given.path.startsWith("/") ? given.path : `/${given.path}`;
  const kind = transport === "sse" ? "sse" : "http";
  const server = await serveTimeOverHttp({ host, port, path }, kind);
  process.stdout.write(`${JSON.stringify({ url: server.url, pid: process.pid })}\n`);
  await new Promise<void>((resolve) => {
    for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => resolve());
    if (parentPid !== undefined) watchParent(parentPid, process.stdin, () => resolve());
  });
  await server.close();
}
