import { pack } from "msgpackr";
import { beforeEach, describe, expect, it } from "vitest";
import { ClientRef, Tuple } from "../../../src/protocol/values.ts";
import { send, startServer } from "../../fixtures/http-server.ts";
import { TestServer, type Answerer, type WireClient } from "./wire-client.ts";

const DICE = "test:Dice-v0";

let server: TestServer;
let client: WireClient;

beforeEach(async () => {
  server = new TestServer();
  client = await server.connect();
});

/** Finds calls of the form `echo …`. */
const echo: Answerer = ([, method, args]) => {
  if (method === "instruction_string") return "Write echo.";
  const action = String(args[0]);
  return new Tuple([action.startsWith("echo"), false, `heard ${action}`, action]);
};

async function makeWith(...tools: unknown[]): Promise<number> {
  return client.make(DICE, {}, [["ToolEnvWrapper", { tools, tool_reward: 0.5 }]]);
}

describe("a tool of the client", () => {
  it("instructs the agent and answers its calls", async () => {
    client.answerer = echo;
    const handle = await makeWith({ object: new ClientRef(4), tool_type: "echo" });
    const [observation] = (await client.call("reset", handle, 0, 1, {})) as [string];
    expect(observation).toMatch(/^start \d\nWrite echo\.$/);
    expect(await client.call("step", handle, 0, "echo a")).toEqual([
      "heard echo a",
      0.5,
      false,
      false,
      {
        parsed_action: "echo a",
        tool_type: "echo",
        use_tool: true,
        tool_use_counter: 1,
        tool_success_counter: 1,
      },
    ]);
    expect(await client.call("step", handle, 0, "roll")).toMatchObject({
      4: { use_tool: false, tool_use_counter: 1 },
    });
    expect(await client.call("get", handle, 0, "tool_use_counter")).toBe(1);
  });

  it("may stand as a bare reference, beside tools of the server", async () => {
    client.answerer = echo;
    const handle = await makeWith(new ClientRef(4), { tool: "python_code", options: {} });
    const [observation] = (await client.call("reset", handle, 0, 1, {})) as [string];
    expect(observation).toMatch(/Available tools:\nWrite echo\.\n.*<python>/);
    expect(await client.call("step", handle, 0, "echo")).toMatchObject({
      4: { tool_type: "base" },
    });
  });

  const wrong: readonly (readonly [string, Answerer, string])[] = [
    ["instruction_string", () => 7, "must return a string, it returned 7"],
    [
      "execute_action",
      ([, method]) => (method === "instruction_string" ? "" : [true, 0, "", ""]),
      "must return (bool, bool, str, str), it returned [true,0",
    ],
  ];
  it.each(wrong)("whose %s gives something else is named", async (method, answerer, message) => {
    client.answerer = answerer;
    const handle = await makeWith(new ClientRef(4));
    const play = async (): Promise<void> => {
      await client.call("reset", handle, 0, 1, {});
      await client.call("step", handle, 0, "x");
    };
    await expect(play()).rejects.toMatchObject({
      code: "GEM_OBJECT_FAULT",
      details: { method },
      message: expect.stringContaining(message) as string,
    });
  });

  it("goes along when its environment is forked", async () => {
    client.answerer = echo;
    const handle = await makeWith(new ClientRef(4));
    await client.call("reset", handle, 0, 1, {});
    await client.call("step", handle, 0, "echo");
    const [, fork] = (await client.call("spawn", handle, 0, true, {})) as [unknown, number];
    expect(await client.call("step", fork, 0, "echo")).toMatchObject({
      4: { tool_use_counter: 2 },
    });
  });

  it.each([[7], [{ tool: "serach" }], [{ tool: "search", options: { topk: 0 } }], ["none"]])(
    "%j is refused when the environment is made",
    async (tool) => {
      await expect(makeWith(tool)).rejects.toMatchObject({ code: "GEM_INVALID_OPTION" });
    },
  );

  it("tools that are no list are refused", async () => {
    const wrappers = [["ToolEnvWrapper", { tools: "search" }]];
    await expect(client.call("make", [[DICE, {}]], wrappers)).rejects.toMatchObject({
      code: "GEM_INVALID_OPTION",
    });
  });
});

describe("a search tool whose address the client knows", () => {
  it("asks the client for it until it is there, and no more", async () => {
    const engine = await startServer((_, __, response) => {
      response.end(pack({ result: [{ document: { contents: "T\nbody" }, score: 1 }] }));
    });
    const asked: unknown[] = [];
    let url: string | null = null;
    client.answerer = (item) => {
      asked.push(item.slice(0, 3));
      return url;
    };
    const handle = await makeWith({ tool: "search", options: { search_url: new ClientRef(8) } });
    await client.call("reset", handle, 0, 1, {});
    await expect(client.call("step", handle, 0, "<search>a</search>")).rejects.toMatchObject({
      code: "GEM_INVALID_OPTION",
    });
    url = engine.url;
    for (const query of ["a", "b"]) {
      const step = await client.call("step", handle, 0, `<search>${query}</search>`);
      expect(step).toMatchObject({ 0: "Doc 1(Title: T) body\n", 1: 0.5 });
    }
    const question = [8, "getattr", ["search_url"]];
    expect(asked).toEqual([question, question]);
    await engine.close();
  });
});

describe("make_tool and call_tool", () => {
  it("serve a tool on its own", async () => {
    const engine = await startServer((_, __, response) => send(response, 503));
    const options = { search_url: engine.url };
    const made = (await client.call("make_tool", "search", options)) as [string, string[], number];
    expect(made.slice(0, 2)).toEqual(["search", []]);
    const handle = made[2];
    expect(await client.call("call_tool", handle, "instruction_string", [])).toContain("<search>");
    expect(await client.call("call_tool", handle, "execute_action", ["nothing"])).toEqual([
      false,
      true,
      "",
      "",
      null,
    ]);
    const action = "<search>q</search>";
    expect(await client.call("call_tool", handle, "execute_action", [action])).toEqual([
      true,
      true,
      "[SearchTool Error: the search server answered with status 503]",
      action,
      {
        outcome: "fault",
        cause: "GEM_UNAVAILABLE",
        message: `The search server at ${engine.url} answered with status 503.`,
        retryable: true,
      },
    ]);
    await engine.close();
  });

  it("refuse what is not there", async () => {
    const [, , tool] = (await client.call("make_tool", "search", {})) as [string, [], number];
    const env = await client.make(DICE);
    const refused: readonly (readonly [string, unknown[], string])[] = [
      ["make_tool", ["serach", {}], "GEM_INVALID_OPTION"],
      ["make_tool", ["search", { k: 1 }], "GEM_UNKNOWN_OPTION"],
      ["make_tool", ["search"], "GEM_INVALID_ARGUMENT"],
      ["call_tool", [tool, "close", []], "GEM_UNKNOWN_METHOD"],
      ["call_tool", [tool, "execute_action", [7]], "GEM_INVALID_ACTION"],
      ["call_tool", [env, "execute_action", ["a"]], "GEM_UNKNOWN_HANDLE"],
      ["step", [tool, 0, "a"], "GEM_UNKNOWN_HANDLE"],
    ];
    for (const [method, params, code] of refused)
      await expect(client.call(method, ...params)).rejects.toMatchObject({ code });
  });

  it("give the handle back like any other", async () => {
    const [, , tool] = (await client.call("make_tool", "search", {})) as [string, [], number];
    await client.call("close", [tool, tool]);
    await client.call("release", [tool]);
    await expect(client.call("call_tool", tool, "instruction_string", [])).rejects.toMatchObject({
      code: "GEM_UNKNOWN_HANDLE",
    });
  });
});
