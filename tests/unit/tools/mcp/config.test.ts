import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { MCPTool, type McpOptions } from "../../../../src/tools/mcp/mcp-tool.ts";
import { rude } from "../../../fixtures/mcp-peers.ts";
import { endAll, endLater, run, said } from "../../../fixtures/mcp-tools.ts";
import { groupMembers } from "../../../fixtures/processes.ts";

afterEach(endAll);

describe("the configuration of MCPTool", () => {
  it.each([
    [{ config: "ftp://a" }, /http or https/],
    [{ config: {} }, /url of the server/],
    [{ config: { mcpServers: {} } }, /at least one/],
    [{ config: { transport: "carrier-pigeon" } }, /carrier-pigeon/],
    [{ config: { command: "x", args: [1] } }, /args/],
    [{ config: { url: "http://a", headers: { a: 1 } } }, /headers/],
    [{ config: { url: "http://a" }, auth: "t" }, /auth and headers/],
    [{ config: 7 }, /URL/],
    [{ max_retries: 0 }, /from 1 to 100/],
    [{ execution_timeout: 0 }, /above 0/],
    [{ timeout: 5 }, /no option "timeout"/],
  ])("is checked when it is made: %j", (options, message) => {
    expect(() => new MCPTool(options as McpOptions)).toThrow(message);
  });

  it("may come later, but not after the first use", async () => {
    const tool = new MCPTool();
    await expect(tool.instructionString()).rejects.toMatchObject({ code: "GEM_INVALID_OPTION" });
    await expect(async () => run(tool, "echo")).rejects.toMatchObject({
      code: "GEM_INVALID_OPTION",
    });
  });

  it("is left as it was given", () => {
    const config = { mcpServers: { a: { command: "x" }, b: { url: "http://u/" } } };
    const before = structuredClone(config);
    new MCPTool({ config });
    expect(config).toEqual(before);
  });

  it("can be read from a file, and exchanged", async () => {
    const folder = await mkdtemp(join(tmpdir(), "gem-mcp-"));
    const path = join(folder, "servers.json");
    await writeFile(path, JSON.stringify({ mcpServers: { one: rude() } }));
    const tool = MCPTool.fromConfigFile(path);
    endLater(() => tool.close());
    await rm(folder, { recursive: true });
    const pid = await said(tool, "pid");
    await tool.reconfigure({ mcpServers: { a: rude(), b: rude() } });
    expect(groupMembers(Number(pid))).toEqual([]);
    expect(await said(tool, "b_echo", { text: "x" })).toBe("x");
    await expect(tool.reconfigure({ command: "" })).rejects.toMatchObject({
      code: "GEM_INVALID_OPTION",
    });
    expect(await said(tool, "a_echo", { text: "y" })).toBe("y");
    expect(() => MCPTool.fromConfigFile(path)).toThrow(/cannot read/);
  });

  it("has a short form for each kind of server", async () => {
    expect(MCPTool.fromUrl("http://a/mcp").options.config).toBe("http://a/mcp");
    const local = MCPTool.fromLocalCommand(rude(), "mine");
    endLater(() => local.close());
    expect(await local.callMethod("get_available_tools", [])).toContainEqual({
      name: "count",
      description: "",
      parameters: { $schema: "x", type: "object", properties: { text: { type: "string" } } },
      server: "mine",
    });
    expect(MCPTool.fromMultiServer({ a: "http://a", b: "http://b" }).options.config).toEqual({
      mcpServers: {
        a: { transport: "http", url: "http://a" },
        b: { transport: "http", url: "http://b" },
      },
    });
  });
});
