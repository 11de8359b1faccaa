import { afterEach, describe, expect, it } from "vitest";
import { startServer, send, type TestServer } from "../../../fixtures/http-server.ts";
import {
  everything,
  everythingAt,
  freePort,
  rude,
  timeAt,
  timeProgram,
} from "../../../fixtures/mcp-peers.ts";
import { endAll, endLater, peerOf, run, said, toolFor } from "../../../fixtures/mcp-tools.ts";
import { groupMembers } from "../../../fixtures/processes.ts";

afterEach(endAll);

describe("MCPTool with a third party's server", () => {
  it("runs it as a program", async () => {
    const tool = toolFor(everything());
    expect(await said(tool, "echo", { message: "hi" })).toBe("Echo: hi");
    expect(await said(tool, "get-sum", { a: 1, b: 2 })).toBe("The sum of 1 and 2 is 3.");
    const weather = await said(tool, "get-structured-content", { location: "New York" });
    expect(weather).toBe("{'temperature': 33, 'conditions': 'Cloudy', 'humidity': 82}");
    const [, hasError, text] = await run(tool, "echo", {});
    expect(hasError).toBe(true);
    expect(text).toMatch(/^\[Tool execution error: /);
  });

  it.each(["streamableHttp", "sse"] as const)(
    "reaches it by %s, and again after it was restarted",
    async (kind) => {
      const port = await freePort();
      const first = await peerOf(everythingAt(port, kind));
      const transport = kind === "sse" ? "sse" : "http";
      const tool = toolFor({ transport, url: first.url }, { max_retries: 1 });
      expect(await said(tool, "echo", { message: "a" })).toBe("Echo: a");
      await first.end();
      const [, , text, , fault] = await run(tool, "echo", { message: "b" });
      expect(text).toMatch(/cannot be reached|broke|died/);
      expect(fault?.cause).toBe("GEM_UNAVAILABLE");
      await peerOf(everythingAt(port, kind));
      const again = toolFor({ transport, url: first.url }, { max_retries: 2 });
      expect(await said(again, "echo", { message: "c" })).toBe("Echo: c");
      expect((await run(tool, "echo", { message: "d" }))[2]).toBe("Echo: d");
    },
  );

  it("begins a new session where the server has forgotten ours", async () => {
    const port = await freePort();
    const first = await peerOf(everythingAt(port, "streamableHttp"));
    const tool = toolFor(first.url);
    expect(await said(tool, "echo", { message: "a" })).toBe("Echo: a");
    await first.end();
    await peerOf(everythingAt(port, "streamableHttp"));
    expect(await said(tool, "echo", { message: "b" })).toBe("Echo: b");
  });

  it.each(["streamableHttp", "sse"] as const)(
    "notices over %s that it is killed during a call",
    async (kind) => {
      const peer = await peerOf(everythingAt(await freePort(), kind));
      const tool = toolFor({ transport: kind === "sse" ? "sse" : "http", url: peer.url });
      await tool.validate();
      const running = run(tool, "trigger-long-running-operation", { duration: 600, steps: 6000 });
      await run(tool, "echo", { message: "a" });
      await peer.end();
      const [, , text, , fault] = await running;
      expect(text).toMatch(/died during the call/);
      expect(fault?.cause).toBe("GEM_UNAVAILABLE");
    },
  );
});

describe("MCPTool with the time server", () => {
  it.each(["stdio", "streamable-http", "http", "sse"])("reaches it by %s", async (transport) => {
    const config =
      transport === "stdio"
        ? timeProgram()
        : {
            transport: transport === "sse" ? "sse" : "http",
            url: (await peerOf(timeAt(transport))).url,
          };
    const tool = toolFor(config);
    const names = (await tool.availableTools()).map(({ name }) => name);
    expect(names).toEqual([
      "current_time",
      "relative_time",
      "days_in_month",
      "get_timestamp",
      "convert_time",
      "get_week_year",
    ]);
    expect(await said(tool, "days_in_month", { date: "2024-02-10" })).toBe("29");
    const [, hasError, text] = await run(tool, "days_in_month", { day: 1 });
    expect(hasError).toBe(true);
    expect(text).toMatch(/^\[Tool execution error: days_in_month: .*"day"/);
  });
});

describe("MCPTool with several servers", () => {
  it("puts the server's name before a tool's, and into its description", async () => {
    const tool = toolFor({ mcpServers: { one: rude(), two: rude() } });
    const text = await tool.instructionString();
    expect(text).toContain('"name": "one_echo", "description": "[one] Says ');
    expect(text).toContain('"name": "two_pid", "description": "[two] A tool of the server two"');
    expect(await said(tool, "two_echo", { text: "a" })).toBe("a");
    expect(await said(tool, "one_pid")).not.toBe(await said(tool, "two_pid"));
    expect((await run(tool, "echo"))[2]).toContain("There is no tool");
  });

  it("offers the tools of those that are there, and tells of the others when they are called", async () => {
    const tool = toolFor({ mcpServers: { one: rude(), two: rude("quit") } }, { max_retries: 1 });
    expect(await tool.instructionString()).not.toContain("two_");
    expect(await said(tool, "one_echo", { text: "a" })).toBe("a");
    const [, , text, , fault] = await run(tool, "two_echo");
    expect(text).toContain('the MCP server "two"');
    expect(fault?.cause).toBe("GEM_UNAVAILABLE");
  });

  it("shares sessions between tools that ask for it", async () => {
    const a = toolFor(rude(), { session: "s" });
    const b = toolFor(rude(), { session: "s" });
    const c = toolFor(rude(), { session: "t" });
    const pid = await said(a, "pid");
    expect(await said(b, "pid")).toBe(pid);
    expect(await said(c, "pid")).not.toBe(pid);
    await a.close();
    expect(await said(b, "pid")).toBe(pid);
    await b.close();
    expect(groupMembers(Number(pid))).toEqual([]);
  });
});

describe("MCPTool over HTTP", () => {
  /** A server that answers every request in the same way. */
  async function serve(
    status: number,
    body: unknown,
    type = "application/json",
  ): Promise<TestServer> {
    const server = await startServer((_, request, response) => {
      authorizations.push(request.headers.authorization ?? "");
      send(response, status, body, { "content-type": type });
    });
    endLater(() => server.close());
    return server;
  }
  let authorizations: string[] = [];

  it.each([
    [200, "<html>", "text/html", true, /cannot be read: .*content type/],
    [200, "<html>", "application/json", true, /cannot be read/],
    [200, { a: 1 }, "application/json", true, /cannot be read/],
    [200, "data: garbage\n\n", "text/event-stream", true, /cannot be used|did not answer|closed/],
    [503, "", "text/plain", true, /status 503/],
    [403, "", "text/plain", false, /status 403/],
  ])("tells of a server that answers %j", async (status, body, type, retryable, why) => {
    const { url } = await serve(status, body, type);
    const tool = toolFor(url, { execution_timeout: 1, max_retries: 1 });
    const [, , text, , fault] = await run(tool, "echo");
    expect(text).toMatch(why);
    expect(fault).toMatchObject({ outcome: "fault", retryable });
  });

  it.each([
    [{ auth: "token" }, "Bearer token"],
    [{ headers: { Authorization: "Basic x" } }, "Basic x"],
    [{ auth: "token", headers: { authorization: "Basic y" } }, "Basic y"],
  ])("sends the credentials %j", async (options, header) => {
    authorizations = [];
    const { url } = await serve(403, "");
    await run(toolFor(url, { ...options, max_retries: 1 }), "echo");
    expect(authorizations).toEqual([header]);
  });
});
