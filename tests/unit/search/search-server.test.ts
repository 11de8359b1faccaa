import { connect } from "node:net";
import { once } from "node:events";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { GemError } from "../../../src/errors.ts";
import { decode, encode } from "../../../src/protocol/codec.ts";
import type { Hit, SearchEngine } from "../../../src/search/engine.ts";
import { startSearchServer, type RunningServer } from "../../../src/search/http/search-server.ts";

/** Finds the query itself, with the numbers of places as scores; some words fail. */
class EchoEngine implements SearchEngine {
  readonly name = "echo";
  readonly passages = 5;
  readonly asked: { queries: readonly string[]; topk: number }[] = [];
  isClosed = false;
  release: (() => void) | undefined;

  async search(
    queries: readonly string[],
    topk: number,
    signal: AbortSignal,
  ): Promise<readonly (readonly Hit[])[]> {
    this.asked.push({ queries, topk });
    const [first] = queries;
    if (first === "bug") throw new Error("secret");
    if (first === "remote") throw new GemError("GEM_UNAVAILABLE", "It is down.");
    if (first === "busy") throw new GemError("GEM_LIMIT", "Too many.", { retryable: true });
    if (first === "never") await once(signal, "abort").then(() => signal.throwIfAborted());
    if (first === "hold") await new Promise<void>((resolve) => (this.release = resolve));
    return queries.map((contents) =>
      Array.from({ length: topk }, (_, index) => ({ document: { contents }, score: index + 0.5 })),
    );
  }

  close(): Promise<void> {
    this.isClosed = true;
    return Promise.resolve();
  }
}

let engine: EchoEngine;
let server: RunningServer;
let faults: unknown[];

beforeEach(async () => {
  engine = new EchoEngine();
  faults = [];
  const onFault = (error: unknown): void => void faults.push(error);
  const options = { host: "127.0.0.1", port: 0, topk: 3, timeoutMs: 20_000, onFault };
  server = await startSearchServer(engine, options);
});

afterEach(async () => {
  await server.close();
});

async function post(
  body: string | Uint8Array,
  type?: string,
): Promise<{ status: number; type: string | null; bytes: Buffer }> {
  const headers: Record<string, string> = type === undefined ? {} : { "content-type": type };
  // Bytes carry no type of their own.
  const init = { method: "POST", headers, body: Uint8Array.from(Buffer.from(body)) };
  const response = await fetch(`${server.url}/retrieve`, init);
  const bytes = Buffer.from(await response.arrayBuffer());
  return { status: response.status, type: response.headers.get("content-type"), bytes };
}

async function postJson(body: unknown): Promise<{ status: number; value: unknown }> {
  const { status, bytes } = await post(JSON.stringify(body), "application/json");
  return { status, value: JSON.parse(bytes.toString()) };
}

describe("POST /retrieve", () => {
  it("answers MessagePack with MessagePack, as upstream's client sends it", async () => {
    const body = encode({ query: "tea", topk: 2, return_scores: true });
    const { status, type, bytes } = await post(body);
    expect([status, type]).toEqual([200, "application/msgpack"]);
    expect(decode(bytes)).toEqual({
      result: [
        { document: { contents: "tea" }, score: 0.5 },
        { document: { contents: "tea" }, score: 1.5 },
      ],
    });
  });

  it("answers JSON with JSON: a list for each of several queries", async () => {
    const asked = { queries: ["a", "b"], topk: 1, return_scores: true };
    expect((await postJson(asked)).value).toEqual({
      result: [
        [{ document: { contents: "a" }, score: 0.5 }],
        [{ document: { contents: "b" }, score: 0.5 }],
      ],
    });
  });

  it("tells JSON by its first byte where no content type does", async () => {
    const { type } = await post(' {"query": "a"}');
    expect(type).toBe("application/json");
  });

  it.each([undefined, null, 0])("takes topk %s for the server's", async (topk) => {
    await postJson({ query: "a", topk });
    expect(engine.asked).toEqual([{ queries: ["a"], topk: 3 }]);
  });

  it("gives the score null unless scores are asked for", async () => {
    const { value } = await postJson({ query: "a", topk: 1, return_scores: false });
    expect(value).toEqual({ result: [{ document: { contents: "a" }, score: null }] });
  });

  it("keeps each request's own topk and scores, however many come at once", async () => {
    const answers = await Promise.all(
      Array.from({ length: 64 }, (_, i) =>
        postJson({ query: `q${i}`, topk: (i % 5) + 1, return_scores: i % 2 === 0 }),
      ),
    );
    for (const [i, { value }] of answers.entries()) {
      const { result } = value as { result: { document: unknown; score: unknown }[] };
      expect(result).toHaveLength((i % 5) + 1);
      expect(result[0]).toEqual({ document: { contents: `q${i}` }, score: i % 2 ? null : 0.5 });
    }
  });

  it("finds nothing for a query without words, and does not ask for it", async () => {
    expect((await postJson({ query: "  " })).value).toEqual({ result: [] });
    const { value } = await postJson({ queries: ["", "a", " "], topk: 1 });
    expect(value).toEqual({ result: [[], [{ document: { contents: "a" }, score: null }], []] });
    expect(engine.asked).toEqual([{ queries: ["a"], topk: 1 }]);
  });

  it.each([
    [{}, /one of "query"/],
    [{ query: "a", queries: ["b"] }, /one of "query"/],
    [{ query: 5 }, /must be a string, got 5/],
    [{ queries: "a" }, /must be a list/],
    [{ query: "a", topk: 1.5 }, /"topk" must be a positive integer, got 1\.5/],
    [{ query: "a", topk: -1 }, /got -1/],
    [{ query: "a", topk: 1001 }, /1000 at most/],
    [{ query: "a", return_scores: 1 }, /true or false/],
    [[], /must be a map/],
  ])("refuses %j with status 400", async (body, message) => {
    const { status, value } = await postJson(body);
    expect(status).toBe(400);
    expect((value as { error: string }).error).toMatch(message);
    expect(engine.asked).toEqual([]);
  });

  it("refuses queries that are too long or too many with status 400", async () => {
    const long = await postJson({ query: "a".repeat(16_385) });
    expect([long.status, long.value]).toMatchObject([400, { code: "GEM_LIMIT" }]);
    const many = await postJson({ queries: Array.from({ length: 1025 }, () => "a") });
    expect([many.status, many.value]).toMatchObject([400, { code: "GEM_LIMIT" }]);
  });

  it("refuses what is neither, each in its own format", async () => {
    const json = await post("{oops", "application/json");
    expect([json.status, json.type]).toEqual([400, "application/json"]);
    const msgpack = await post(Uint8Array.of(0xc1));
    expect([msgpack.status, msgpack.type]).toEqual([400, "application/msgpack"]);
    expect(decode(msgpack.bytes)).toHaveProperty("error");
  });

  it("refuses a body of more than 1 MiB with status 413", async () => {
    const { status, bytes } = await post(Buffer.alloc(1_048_577, 0xc0));
    expect(status).toBe(413);
    expect(decode(bytes)).toHaveProperty("error");
  });

  it.each([
    ["remote", 502, "It is down."],
    ["busy", 503, "Too many."],
    ["bug", 500, "The server failed; its log says more."],
  ])("answers the fault of %s with status %i", async (query, expected, message) => {
    const { status, value } = await postJson({ query });
    expect(status).toBe(expected);
    expect(value).toMatchObject({ error: message });
    expect(faults).toHaveLength(1);
    const packed = await post(encode({ query }));
    expect([packed.status, decode(packed.bytes)]).toEqual([status, value]);
  });

  it("answers a search that takes too long with status 504", async () => {
    await server.close();
    const options = { host: "127.0.0.1", port: 0, topk: 3, timeoutMs: 20 };
    server = await startSearchServer(engine, options);
    const { status, value } = await postJson({ query: "never" });
    expect(status).toBe(504);
    expect(value).toMatchObject({ code: "GEM_DEADLINE" });
  });

  it("outlives clients that go away in the middle of a request or an answer", async () => {
    const { port } = new URL(server.url);
    for (const text of [
      "POST /retrieve HTTP/1.1\r\ncontent-length: 99\r\n\r\n{",
      "nonsense\r\n\r\n",
    ]) {
      const socket = connect(Number(port), "127.0.0.1");
      await once(socket, "connect");
      socket.write(text, () => socket.destroy());
      await once(socket, "close");
    }
    const gone = new AbortController();
    const body = JSON.stringify({ query: "never" });
    const request = fetch(`${server.url}/retrieve`, { method: "POST", body, signal: gone.signal });
    while (engine.asked.length === 0) await new Promise((resolve) => setImmediate(resolve));
    gone.abort();
    await expect(request).rejects.toThrow();
    expect((await postJson({ query: "a" })).status).toBe(200);
  });
});

describe("the other paths", () => {
  it("say that it is well, and what it searches", async () => {
    const health: unknown = await (await fetch(`${server.url}/health`)).json();
    expect(health).toEqual({ status: "ok", method: "echo", passages: 5 });
  });

  it("count for Prometheus", async () => {
    await postJson({ queries: ["a", "b"] });
    await postJson({});
    const text = await (await fetch(`${server.url}/metrics`)).text();
    const lines = text.split("\n");
    expect(lines).toContain('gem_search_requests_total{status="200"} 1');
    expect(lines).toContain('gem_search_requests_total{status="400"} 1');
    expect(lines).toContain("gem_search_queries_total 2");
    expect(lines).toContain("gem_search_in_flight 0");
    expect(lines).toContain('gem_search_seconds_bucket{le="+Inf"} 2');
    expect(lines).toContain("gem_search_passages 5");
  });

  it("are refused by name", async () => {
    expect((await fetch(`${server.url}/`)).status).toBe(404);
    expect((await fetch(`${server.url}/retrieve`)).status).toBe(405);
  });
});

describe("closing", () => {
  it("answers what runs, takes nothing new, and gives the engine up", async () => {
    const answer = postJson({ query: "hold", topk: 1 });
    while (engine.release === undefined) await new Promise((resolve) => setImmediate(resolve));
    const closed = server.close();
    await expect(fetch(`${server.url}/health`)).rejects.toThrow();
    expect(engine.isClosed).toBe(false);
    engine.release();
    expect((await answer).status).toBe(200);
    await closed;
    expect(engine.isClosed).toBe(true);
  });

  it("is told when the address is taken", async () => {
    const port = Number(new URL(server.url).port);
    const options = { host: "127.0.0.1", port, topk: 3, timeoutMs: 1000 };
    await expect(startSearchServer(engine, options)).rejects.toMatchObject({
      code: "GEM_INVALID_OPTION",
    });
  });
});
