import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { make } from "../../../../src/make.ts";
import { MCPTool } from "../../../../src/tools/mcp/mcp-tool.ts";
import { ToolEnvWrapper } from "../../../../src/wrappers/tool-env.ts";
import { call, rude } from "../../../fixtures/mcp-peers.ts";
import { endAll, run, said, toolFor } from "../../../fixtures/mcp-tools.ts";
import { groupMembers } from "../../../fixtures/processes.ts";
import { until } from "../../../fixtures/until.ts";

afterEach(endAll);

describe("MCPTool", () => {
  it("lists tools sorted by name, a line of JSON each as Python writes it", async () => {
    const text = await toolFor(rude()).instructionString();
    const lines = text.slice(text.indexOf("<tools>\n") + 8, text.indexOf("</tools>")).split("\n");
    expect(lines).toHaveLength(17);
    expect(lines).toEqual([...lines.slice(0, -1)].sort().concat(""));
    expect(lines).toContain(
      '{"type": "function", "function": {"name": "echo", "description": "Says \\u201cit\\u201d again", "parameters": {"$schema": "x", "type": "object", "properties": {"text": {"type": "string"}}}}}',
    );
    expect(text).toContain("<tool_call>");
    expect(text.endsWith("</tools>")).toBe(true);
  });

  it.each([
    ["echo", { text: "a ☃" }, "a ☃"],
    ["data", {}, "{'b': [None, True], 'a': 2.0}"],
    ["own", {}, '{"it\'s": 1.5}'],
    ["wrapped", {}, "7.0"],
    ["nothing", {}, "The tool ran and returned nothing."],
    [
      "blocks",
      {},
      "one\nBinary data: 4 bytes\ninside\n{'type': 'resource_link', 'uri': 'a:b', 'name': 'n'}",
    ],
    ["echo", "", "undefined"],
    ["echo", "null", "undefined"],
  ])("shows what %s answers to %j", async (name, args, text) => {
    expect(await said(toolFor(rude()), name, args)).toBe(text);
  });

  it.each([
    ["fail", {}, "[Tool execution error: it is broken]"],
    ["unlike", {}, "[Tool execution error: not one]"],
    ["refuse", {}, "[Tool execution error: not like that]"],
    ["echo", "[1]", "[Tool execution failed: arguments must be a JSON object, got [1]]"],
    ["nope", {}, 'There is no tool "nope". The tools are: echo, count, pid'],
  ])("counts %s with %j as a failed use", async (name, args, text) => {
    const [parsed, hasError, shown, action, fault] = await run(toolFor(rude()), name, args);
    expect([parsed, hasError, action, fault]).toEqual([true, true, call(name, args), undefined]);
    expect(shown.startsWith(text)).toBe(true);
  });

  it("counts of the action what stands between the tags of the first call", async () => {
    const tool = toolFor(rude());
    const first = call("echo", { text: "</arguments>" });
    const result = await tool.executeAction(`so ${first} then ${call("echo", { text: "b" })}`);
    expect(result).toEqual([true, false, "</arguments>", first]);
  });

  it.each(["no call", "<tool_call>", call("echo", "{bad"), call("a<b"), call("")])(
    "finds no call in %j, and starts nothing for it",
    (action) => {
      expect(new MCPTool().executeAction(action)).toEqual([false, true, "", ""]);
    },
  );

  it("keeps one session, runs calls over it at the same time, and begins anew when it has died", async () => {
    const tool = toolFor(rude());
    const pids = await Promise.all(Array.from({ length: 20 }, () => said(tool, "pid")));
    expect(new Set(pids).size).toBe(1);
    expect(await said(tool, "count")).toBe("1");
    expect(await said(tool, "count")).toBe("2");
    process.kill(Number(pids[0]), "SIGKILL");
    await until(() => groupMembers(Number(pids[0])).length === 0);
    expect(await said(tool, "count")).toBe("1");
  });

  it("tells of a server that dies during a call, and does not make the call again", async () => {
    const tool = toolFor(rude());
    const [parsed, hasError, text, , fault] = await run(tool, "die");
    expect([parsed, hasError]).toEqual([true, true]);
    const why =
      /the MCP server \S*node died during the call: it ended with status 3: something broke inside/i;
    expect(text).toMatch(/^\[Tool execution failed: .*\]$/);
    expect(text).toMatch(why);
    expect(fault).toMatchObject({ outcome: "fault", cause: "GEM_UNAVAILABLE", retryable: true });
    expect(fault?.message).toMatch(why);
    expect(await said(tool, "count")).toBe("1");
  });

  it("gives up on a call in time, while others over the same session go on", async () => {
    const tool = toolFor(rude(), { execution_timeout: 0.4 });
    const [late, quick] = await Promise.all([run(tool, "slow"), run(tool, "echo", { text: "a" })]);
    expect(quick[2]).toBe("a");
    expect(late[2]).toMatch(/did not answer within 0.4 seconds; it sent what is no message: Rude/);
    expect(late[4]).toMatchObject({ cause: "GEM_DEADLINE" });
    // The server lives, so the session goes on.
    expect(await said(tool, "count")).toBe("1");
    expect(await said(tool, "count")).toBe("2");
  });

  it("leaves a server that hangs for a new one", async () => {
    const tool = toolFor(rude(), { execution_timeout: 0.4 });
    const pid = Number(await said(tool, "pid"));
    expect((await run(tool, "hang"))[4]?.cause).toBe("GEM_DEADLINE");
    expect(Number(await said(tool, "pid"))).not.toBe(pid);
    await until(() => groupMembers(pid).length === 0);
  });

  it("tells of an answer that cannot be read", async () => {
    const [, , text, , fault] = await run(toolFor(rude()), "misshapen");
    expect(text).toContain("gave an answer that cannot be read");
    expect(fault?.cause).toBe("GEM_UNAVAILABLE");
  });

  it.each([
    [rude("quit"), /cannot be used: it ended with status 1: no key was given/],
    [{ command: "/no/such/program" }, /no\/such\/program/],
    ["http://127.0.0.1:9/mcp", /cannot be reached: bad port/],
    ["http://127.0.0.1:1023/mcp", /cannot be reached: ECONNREFUSED/],
  ])("tells of a server that does not start: %j", async (config, why) => {
    const tool = toolFor(config, { max_retries: 2 });
    const [, , text, , fault] = await run(tool, "echo");
    expect(text).toMatch(why);
    expect(fault?.cause).toBe("GEM_UNAVAILABLE");
    await expect(tool.instructionString()).rejects.toMatchObject({ code: "GEM_UNAVAILABLE" });
    await expect(tool.validate()).rejects.toMatchObject({ code: "GEM_UNAVAILABLE" });
  });

  it("ends a server that does not end by itself, when it is closed", async () => {
    const tool = toolFor(rude("stubborn"));
    const pid = Number(await said(tool, "pid"));
    await tool.close();
    expect(groupMembers(pid)).toEqual([]);
    expect(Number(await said(tool, "pid"))).not.toBe(pid);
  });

  it("gives a server its variables and none of our own secrets", async () => {
    process.env["MY_SECRET"] = "s";
    const tool = toolFor({ ...rude(), env: { MY_OPTION: "o" } });
    const environment = JSON.parse(await said(tool, "environment")) as Record<string, string>;
    delete process.env["MY_SECRET"];
    expect(environment["MY_OPTION"]).toBe("o");
    expect(environment["MY_SECRET"]).toBeUndefined();
    expect(environment["PATH"]).toBe(process.env["PATH"]);
  });

  it("earns nothing and uses nothing up in an environment when the server faults", async () => {
    const tool = toolFor(rude());
    const env = new ToolEnvWrapper(make("game:GuessTheNumber-v0-easy"), {
      tools: [tool],
      tool_reward: 0.5,
    });
    const [observation] = await env.reset(1);
    expect(observation).toContain("<tools>");
    const [, reward, , , info] = await env.step(call("die"));
    expect([reward, info["tool_use_counter"]]).toEqual([0, 0]);
    expect(info["gem"]).toMatchObject({ cause: "GEM_UNAVAILABLE", tool_type: "mcp" });
    const unknown = await env.step(call("nope"));
    expect([unknown[1], unknown[4]["tool_use_counter"]]).toEqual([0.5, 1]);
    expect(unknown[0]).toContain("There is no tool");
  });
});

describe("MCPTool inside a wrapper", () => {
  it("ends with the wrapper that made it, and not with one that was given it", async () => {
    const given = toolFor(rude());
    const made = { tool: "mcp", options: { config: rude() } };
    for (const [tool, isLeft] of [
      [given, true],
      [made, false],
    ] as const) {
      const env = new ToolEnvWrapper(make("game:GuessTheNumber-v0-easy"), { tools: [tool] });
      await env.reset(1);
      const [observation] = await env.step(call("pid"));
      await env.close();
      expect(groupMembers(Number(observation)).length > 0).toBe(isLeft);
    }
  });
});

describe("the protocol's library", () => {
  it("is not loaded before a server is used", () => {
    const seen = new Set<string>();
    const packages = new Set<string>();
    const visit = (file: string): void => {
      if (seen.has(file)) return;
      seen.add(file);
      const code = readFileSync(file, "utf8");
      for (const [, specifier = ""] of code.matchAll(
        /^(?:import|export) (?!type )[^;]*?from "([^"]+)"/gm,
      )) {
        if (specifier.startsWith(".")) visit(join(file, "..", specifier));
        else packages.add(specifier);
      }
    };
    visit(join(import.meta.dirname, "../../../../src/index.ts"));
    expect([...seen].some((file) => file.endsWith("mcp-tool.ts"))).toBe(true);
    expect([...packages].filter((name) => name.includes("modelcontextprotocol"))).toEqual([]);
  });
});
