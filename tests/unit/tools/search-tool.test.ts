import { once } from "node:events";
import type { IncomingMessage } from "node:http";
import { createServer, type AddressInfo } from "node:net";
import { pack, unpack } from "msgpackr";
import { afterEach, describe, expect, it } from "vitest";
import { SearchTool, type SearchOptions } from "../../../src/tools/search/search-tool.ts";
import type { ToolResult } from "../../../src/tools/tool.ts";
import { startServer, type Answer, type TestServer } from "../../fixtures/http-server.ts";

const servers: TestServer[] = [];

/** A search server that answers each body with what `answer` gives. */
async function serve(answer: (body: Buffer, request: IncomingMessage) => unknown): Promise<string> {
  const handler: Answer = (_, request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const value = answer(Buffer.concat(chunks), request);
      if (typeof value === "number") response.writeHead(value).end();
      else response.end(Buffer.isBuffer(value) ? value : pack(value));
    });
  };
  const server = await startServer(handler);
  servers.push(server);
  return `${server.url}/retrieve`;
}

function passages(...contents: string[]): unknown {
  return { result: contents.map((text) => ({ document: { contents: text }, score: 0.5 })) };
}

async function run(tool: SearchTool, action = "<search>q</search>"): Promise<ToolResult> {
  return tool.executeAction(action);
}

afterEach(async () => {
  delete process.env["SEARCH_URL"];
  await Promise.all(servers.splice(0).map((server) => server.close()));
});

describe("SearchTool", () => {
  it("posts exactly the bytes that upstream posts", async () => {
    const bodies: string[] = [];
    let type: string | undefined = "not asked";
    const url = await serve((body, request) => {
      bodies.push(`${request.method} ${request.url} ${body.toString("hex")}`);
      type = request.headers["content-type"];
      return passages();
    });
    await run(new SearchTool({ search_url: url, topk: 2 }), "<search> what is x\n</search>");
    const query = Buffer.from("what is x").toString("hex");
    const topk = Buffer.from("topk").toString("hex");
    const scores = Buffer.from("return_scores").toString("hex");
    expect(bodies).toEqual([`POST /retrieve 83a57175657279a9${query}a4${topk}02ad${scores}c3`]);
    expect(type).toBeUndefined();
  });

  it("asks as Search-R1's servers are asked, and reads the first of their lists", async () => {
    const seen: unknown[] = [];
    const url = await serve((body, request) => {
      seen.push(request.headers["content-type"], JSON.parse(body.toString()));
      const document = { id: "7", contents: '"One"\nfirst' };
      return Buffer.from(JSON.stringify({ result: [[{ document, score: 1.5 }]] }));
    });
    const tool = new SearchTool({ search_url: url, topk: 2, message_format: "json" });
    expect((await run(tool))[2]).toBe('Doc 1(Title: "One") first\n');
    expect(seen).toEqual(["application/json", { queries: ["q"], topk: 2, return_scores: true }]);
  });

  it.each(["{}", "[]", '{"result": {}}', '{"result": []}', "{"])(
    "says that it cannot read %s as JSON passages",
    async (text) => {
      const url = await serve(() => Buffer.from(text));
      const [, hasError, told, , fault] = await run(
        new SearchTool({ search_url: url, message_format: "json" }),
      );
      expect([hasError, told.startsWith("[SearchTool Error:"), fault?.cause]).toEqual([
        true,
        true,
        "GEM_UNAVAILABLE",
      ]);
    },
  );

  it("lays passages out with their first line as the title", async () => {
    const url = await serve(() => passages('"One"\nfirst\nsecond', "Two"));
    expect(await run(new SearchTool({ search_url: url }), "I <search>q</search> more")).toEqual([
      true,
      false,
      'Doc 1(Title: "One") first\nsecond\nDoc 2(Title: Two) \n',
      "I <search>q</search>",
    ]);
  });

  it("gives an empty observation without an error when nothing is found", async () => {
    const url = await serve(() => passages());
    expect((await run(new SearchTool({ search_url: url }))).slice(0, 3)).toEqual([true, false, ""]);
  });

  it.each(["no query", "<search>q", "</search>q<search>"])(
    "finds no query in %j",
    async (action) => {
      expect(await run(new SearchTool(), action)).toEqual([false, true, "", ""]);
    },
  );

  it("sends the first query, with line breaks, and asks for the passages it was told to", async () => {
    const asked: unknown[] = [];
    const url = await serve((body) => {
      asked.push(unpack(body));
      return passages();
    });
    const tool = new SearchTool({ search_url: url, topk: 7 });
    await run(tool, "<search>a\nb</search><search>c</search>");
    expect(asked).toEqual([{ query: "a\nb", topk: 7, return_scores: true }]);
  });

  it("counts a passage that holds the mark as an error", async () => {
    const url = await serve(() => passages("[SearchTool Error: not one]"));
    const [, hasError, , , fault] = await run(new SearchTool({ search_url: url }));
    expect([hasError, fault]).toEqual([true, undefined]);
  });

  it("reads SEARCH_URL until it names a server", async () => {
    const tool = new SearchTool();
    expect(() => tool.executeAction("<search>q</search>")).toThrow(
      expect.objectContaining({ code: "GEM_INVALID_OPTION" }),
    );
    process.env["SEARCH_URL"] = await serve(() => passages("T\nfound"));
    expect((await run(tool))[2]).toBe("Doc 1(Title: T) found\n");
    process.env["SEARCH_URL"] = "http://127.0.0.1:1";
    expect((await run(tool))[1]).toBe(false);
  });

  const faults: readonly (readonly [string, () => unknown, string, boolean, RegExp])[] = [
    ["a status", () => 500, "GEM_UNAVAILABLE", true, /status 500/],
    ["a refusal", () => 404, "GEM_UNAVAILABLE", false, /status 404/],
    ["garbage", () => Buffer.from("<html>"), "GEM_UNAVAILABLE", true, /cannot be read/],
    ["another form", () => ({ result: [{ text: "a" }] }), "GEM_UNAVAILABLE", true, /no list/],
    ["no form", () => null, "GEM_UNAVAILABLE", true, /no list/],
  ];
  it.each(faults)(
    "tells the agent and the trainer of %s",
    async (_, answer, cause, retryable, why) => {
      const url = await serve(answer);
      const [parsed, hasError, text, action, fault] = await run(
        new SearchTool({ search_url: url }),
      );
      expect([parsed, hasError, action]).toEqual([true, true, "<search>q</search>"]);
      expect(text).toMatch(/^\[SearchTool Error: .*\]$/);
      expect(text).toMatch(why);
      expect(fault).toMatchObject({ outcome: "fault", cause, retryable });
      expect(fault?.message).toContain(url);
    },
  );

  it("gives up on a server that does not answer in time, wherever it stops", async () => {
    const silent = await startServer((_, __, response) => {
      response.writeHead(200);
      response.write("\x81");
    });
    servers.push(silent);
    const [, , text, , fault] = await run(new SearchTool({ search_url: silent.url, timeout: 0.3 }));
    expect(text).toBe("[SearchTool Error: the search server did not answer within 0.3 seconds]");
    expect(fault).toMatchObject({ cause: "GEM_DEADLINE", retryable: true });
    expect(silent.asked).toHaveLength(1);
  });

  it("tries again when the connection breaks", async () => {
    let connections = 0;
    const answer = pack(passages("T\nat last"));
    const flaky = createServer((socket) => {
      connections += 1;
      if (connections < 3) socket.destroy();
      else {
        const head = `HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: ${answer.length}\r\n\r\n`;
        socket.once("data", () => socket.end(Buffer.concat([Buffer.from(head), answer])));
      }
    });
    flaky.listen(0, "127.0.0.1");
    await once(flaky, "listening");
    const { port } = flaky.address() as AddressInfo;
    const url = `http://127.0.0.1:${port}`;
    expect((await run(new SearchTool({ search_url: url })))[2]).toContain("at last");
    flaky.close();
    await once(flaky, "close");
    const [, , text, , fault] = await run(new SearchTool({ search_url: url }));
    expect(text).toMatch(/cannot be reached: ECONNREFUSED/);
    expect(fault?.cause).toBe("GEM_UNAVAILABLE");
  });

  it.each([
    [{ search_url: "ftp://a" }, /http or https/],
    [{ topk: 0 }, /from 1 to 1000/],
    [{ timeout: -1 }, /seconds above 0/],
    [{ k: 1 }, /no option "k"/],
  ])("refuses %o when it is made", (options, message) => {
    expect(() => new SearchTool(options as SearchOptions)).toThrow(message);
  });

  it("tells the agent the tags", () => {
    const text = new SearchTool().instructionString();
    for (const word of ["<search>", "</search>", "<think>", "<answer>"])
      expect(text).toContain(word);
    expect(text).not.toContain("<information>");
  });
});
