import { createHash } from "node:crypto";
import { readdirSync, rmSync, utimesSync } from "node:fs";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { SearchTool } from "../../../src/tools/search/search-tool.ts";
import { buildSources } from "../cli/build-sources.ts";
import { GemProcess } from "../cli/gem-process.ts";
import { send, startServer, type TestServer } from "../../fixtures/http-server.ts";
import { Scratch } from "./corpus-files.ts";
import { readBody } from "./request-body.ts";

let build: string;
let scratch: Scratch;
let running: GemProcess[];
let embeddings: TestServer | undefined;

beforeAll(() => {
  build = buildSources();
});

afterAll(() => {
  rmSync(build, { recursive: true, force: true });
});

beforeEach(() => {
  scratch = new Scratch();
  running = [];
});

afterEach(async () => {
  for (const server of running) {
    server.child.kill("SIGKILL");
    await server.outcome();
  }
  await embeddings?.close();
  embeddings = undefined;
  scratch.remove();
});

function start(...args: string[]): GemProcess {
  const main = join(build, "cli", "main.js");
  const server = new GemProcess(main, ["search-server", "--port", "0", ...args]);
  running.push(server);
  return server;
}

async function urlOf(server: GemProcess): Promise<string> {
  const { url } = (await server.announcement()) as unknown as { url: string };
  return url;
}

async function idsAt(url: string, queries: readonly string[], topk: number): Promise<unknown[]> {
  const body = JSON.stringify({ queries, topk, return_scores: true });
  const response = await fetch(`${url}/retrieve`, { method: "POST", body });
  expect(response.status).toBe(200);
  const { result } = (await response.json()) as { result: { document: { id: string } }[][] };
  return result.map((hits) => hits.map(({ document }) => document.id));
}

describe("gem search-server", () => {
  it("answers SearchTool, listens on this machine alone, and ends with SIGTERM", async () => {
    const server = start("--corpus", scratch.corpus(), "--topk", "1");
    const url = await urlOf(server);
    expect(new URL(url).hostname).toBe("127.0.0.1");
    const tool = new SearchTool({ search_url: `${url}/retrieve`, topk: 1 });
    expect(await tool.executeAction("I look: <search>capital of France</search>")).toEqual([
      true,
      false,
      'Doc 1(Title: "Paris") Paris is the capital of France.\n',
      "I look: <search>capital of France</search>",
    ]);
    server.child.kill("SIGTERM");
    expect(await server.outcome()).toMatchObject({ code: 0, signal: null });
  });

  it("answers 64 clients at once without an error, each its own question", async () => {
    const rows = Array.from({ length: 2000 }, (_, index) => ({ contents: `common word${index}` }));
    const url = await urlOf(start("--corpus", scratch.corpus(rows), "--threads", "2"));
    const answers = await Promise.all(
      Array.from({ length: 64 }, async (_, client) => {
        const found: unknown[] = [];
        for (let i = 0; i < 5; i++) found.push(...(await idsAt(url, [`word${client * 5 + i}`], 2)));
        return found;
      }),
    );
    for (const [client, found] of answers.entries())
      expect(found).toEqual(Array.from({ length: 5 }, (_, i) => [String(client * 5 + i)]));
  });

  it("searches vectors in several threads, which find what one finds", async () => {
    const hashed = (text: string): number[] =>
      [...createHash("sha256").update(text).digest()].map((byte) => byte - 128);
    embeddings = await startServer((_, request, response) => {
      void readBody(request).then((text) => {
        send(response, 200, (JSON.parse(text) as { inputs: string[] }).inputs.map(hashed));
      });
    });
    const texts = Array.from({ length: 10_000 }, (_, index) => `passage ${index}`);
    const corpus = scratch.corpus(texts.map((contents) => ({ contents })));
    const method = ["--method", "dense", "--embedding-url", `${embeddings.url}/embed`];
    const url = await urlOf(start("--corpus", corpus, ...method, "--threads", "3"));
    const queries = ["passage 17", "passage 9999", "another text"];
    const expected = queries.map((query) => {
      const asked = hashed(query);
      const cosine = (values: number[]): number =>
        values.reduce((sum, value, i) => sum + value * (asked[i] ?? 0), 0) / Math.hypot(...values);
      return texts
        .map((text, index) => ({ id: String(index), score: cosine(hashed(text)) }))
        .sort((a, b) => b.score - a.score)
        .slice(0, 5)
        .map(({ id }) => id);
    });
    expect(await idsAt(url, queries, 5)).toEqual(expected);
  });

  it("leaves no half index when it is stopped or killed while it builds", async () => {
    const rows = Array.from({ length: 60_000 }, (_, index) => {
      return { contents: `${index} ${"some words of a passage ".repeat(8)}` };
    });
    const corpus = scratch.corpus(rows);
    const folder = `${corpus}.index`;
    const hasBegun = (): boolean => {
      try {
        return readdirSync(folder).length > 0;
      } catch {
        return false;
      }
    };
    for (const signal of ["SIGINT", "SIGKILL"] as const) {
      const server = start("--corpus", corpus);
      while (!hasBegun()) await new Promise((resolve) => setImmediate(resolve));
      server.child.kill(signal);
      const outcome = await server.outcome();
      expect(outcome.stdout).toBe("");
      if (signal === "SIGINT") {
        expect(outcome.code).toBe(130);
        expect(readdirSync(folder)).toEqual([]);
      }
    }
    utimesSync(corpus, 1, 1);
    const url = await urlOf(start("--corpus", corpus));
    expect(await idsAt(url, ["59999"], 3)).toEqual([["59999"]]);
    expect(readdirSync(folder)).toHaveLength(2);
  });

  it("says what is wrong in one sentence, with status 2", async () => {
    const cases: readonly [string[], RegExp][] = [
      [["--method", "lucene"], /^gem: --method must be one of bm25, .*, got "lucene"\.\n$/],
      [["--corpus", "none.jsonl"], /^gem: --corpus must name a file/],
      [["--topk", "0"], /^gem: --topk must be an integer from 1 to 1000/],
    ];
    for (const [args, message] of cases) {
      const { code, stderr } = await start(...args).outcome();
      expect(stderr).toMatch(message);
      expect(code).toBe(2);
    }
  });
});
