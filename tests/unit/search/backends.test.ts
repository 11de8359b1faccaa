import type { IncomingMessage } from "node:http";
import { afterEach, describe, expect, it } from "vitest";
import { decode, encode } from "../../../src/protocol/codec.ts";
import { GoogleEngine } from "../../../src/search/backends/google.ts";
import { PageReader } from "../../../src/search/backends/pages.ts";
import type { SearchEngine } from "../../../src/search/engine.ts";
import { send, startServer, type TestServer } from "../../fixtures/http-server.ts";
import { never, openInline } from "./corpus-files.ts";
import { readBody, readBytes } from "./request-body.ts";

let server: TestServer | undefined;

afterEach(async () => {
  await server?.close();
  server = undefined;
});

interface Asked {
  readonly path: string;
  readonly headers: IncomingMessage["headers"];
  readonly body: string;
}

/** Starts a server that gives each path its recorded answer, and embeds every text as (1, 2). */
async function start(
  answers: Readonly<Record<string, unknown>>,
  asked: Asked[] = [],
): Promise<string> {
  server = await startServer((url, request, response) => {
    void readBody(request).then((body) => {
      if (url.pathname === "/embed") {
        send(
          response,
          200,
          (JSON.parse(body) as { inputs: [] }).inputs.map(() => [1, 2]),
        );
        return;
      }
      asked.push({ path: url.pathname + url.search, headers: request.headers, body });
      const answer = answers[url.pathname];
      send(response, answer === undefined ? 404 : 200, answer ?? { error: "not found" });
    });
  });
  return server.url;
}

function search(engine: SearchEngine, ...queries: string[]): ReturnType<SearchEngine["search"]> {
  return engine.search(queries, 2, never());
}

const ELASTIC = {
  took: 3,
  responses: [
    {
      hits: {
        total: { value: 1, relation: "eq" },
        max_score: 1.5,
        hits: [
          { _index: "wiki", _id: "a1", _score: 1.5, _source: { title: "Tea", text: "A drink." } },
        ],
      },
      status: 200,
    },
    { hits: { hits: [] }, status: 200 },
  ],
};

describe("elasticsearch and opensearch", () => {
  it("ask for all queries at once, and read the hits", async () => {
    const asked: Asked[] = [];
    const url = await start({ "/base/wiki/_msearch": ELASTIC }, asked);
    const options = { url: `${url}/base/`, collection: "wiki", key: "ApiKey k", fields: ["text"] };
    const engine = await openInline({ method: "elasticsearch", ...options });
    expect(await search(engine, "tea", "x")).toEqual([
      [
        {
          document: { id: "a1", title: "Tea", text: "A drink.", contents: '"Tea"\nA drink.' },
          score: 1.5,
        },
      ],
      [],
    ]);
    expect(asked[0]?.headers).toMatchObject({
      authorization: "ApiKey k",
      "content-type": "application/x-ndjson",
    });
    const lines = asked[0]?.body
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line) as unknown);
    expect(lines).toEqual([
      {},
      { size: 2, query: { multi_match: { query: "tea", fields: ["text"] } } },
      {},
      { size: 2, query: { multi_match: { query: "x", fields: ["text"] } } },
    ]);
  });

  it.each([
    ["opensearch", { query: { knn: { v: { vector: [1, 2], k: 2 } } } }],
    ["elasticsearch", { knn: { field: "v", query_vector: [1, 2], k: 2, num_candidates: 100 } }],
  ] as const)("search vectors in the form of %s", async (method, query) => {
    const asked: Asked[] = [];
    const url = await start({ "/wiki/_msearch": ELASTIC }, asked);
    const embedding = { embeddingUrl: `${url}/embed`, embeddingModel: "dpr" };
    const options = { method, url, collection: "wiki", vectorField: "v", ...embedding };
    await search(await openInline(options), "tea", "x");
    const [, line = ""] = asked[0]?.body.split("\n") ?? [];
    expect(JSON.parse(line)).toEqual({ size: 2, _source: { excludes: ["v"] }, ...query });
  });

  it.each([
    [{ responses: [{ error: { reason: "no such index" }, status: 404 }] }, /no such index/],
    [{ responses: [] }, /1 responses/],
    [{ responses: [{ hits: { hits: [{ _source: { x: 1 } }] } }] }, /without "contents"/],
    ["<html>", /no JSON/],
    [undefined, /status 404/],
  ])("take %j for a fault", async (answer, message) => {
    const url = await start({ "/wiki/_msearch": answer });
    const engine = await openInline({ method: "opensearch", url, collection: "wiki" });
    await expect(search(engine, "tea")).rejects.toThrow(message);
    await expect(search(engine, "tea")).rejects.toMatchObject({ code: "GEM_UNAVAILABLE" });
  });
});

describe("qdrant", () => {
  it("asks for the points near the query's vector", async () => {
    const asked: Asked[] = [];
    const points = [
      { id: 4, version: 1, score: 0.9, payload: { contents: "Tea\nA drink.", lang: "en" } },
    ];
    const path = "/collections/wiki/points/query/batch";
    const answer = { result: [{ points }], status: "ok", time: 0.01 };
    const url = await start({ [path]: answer }, asked);
    const engine = await openInline({
      method: "qdrant",
      url,
      collection: "wiki",
      embeddingUrl: `${url}/embed`,
      embeddingModel: "dpr",
      key: "k",
    });
    expect(await search(engine, "tea")).toEqual([
      [{ document: { id: "4", contents: "Tea\nA drink.", lang: "en" }, score: 0.9 }],
    ]);
    expect(asked[0]?.headers["api-key"]).toBe("k");
    expect(JSON.parse(asked[0]?.body ?? "")).toEqual({
      searches: [{ query: [1, 2], limit: 2, with_payload: true }],
    });
  });
});

describe("remote", () => {
  it("speaks MessagePack to upstream's server, one query a request", async () => {
    const asked: unknown[] = [];
    server = await startServer((_, request, response) => {
      void readBytes(request).then((bytes) => {
        asked.push(decode(bytes));
        response.end(encode({ result: [{ document: { contents: "A\nb" }, score: 2.5 }] }));
      });
    });
    const engine = await openInline({ method: "remote", url: `${server.url}/retrieve` });
    const hit = { document: { contents: "A\nb" }, score: 2.5 };
    expect(await search(engine, "x", "y")).toEqual([[hit], [hit]]);
    expect(asked).toEqual([
      { query: "x", topk: 2, return_scores: true },
      { query: "y", topk: 2, return_scores: true },
    ]);
  });

  it("speaks JSON to Search-R1's, all queries at once", async () => {
    const asked: Asked[] = [];
    const result = [[{ document: { id: "1", contents: "A\nb" }, score: 1 }], []];
    const url = await start({ "/retrieve": { result } }, asked);
    const options = { url: `${url}/retrieve`, remoteFormat: "json" } as const;
    const engine = await openInline({ method: "remote", ...options });
    expect(await search(engine, "x", "y")).toEqual(result);
    expect(JSON.parse(asked[0]?.body ?? "")).toEqual({
      queries: ["x", "y"],
      topk: 2,
      return_scores: true,
    });
  });

  it("takes an answer of another form for a fault", async () => {
    const url = await start({ "/retrieve": "what?" });
    const engine = await openInline({ method: "remote", url: `${url}/retrieve` });
    await expect(search(engine, "x")).rejects.toMatchObject({ code: "GEM_UNAVAILABLE" });
  });
});

describe("serp", () => {
  const ANSWER = {
    search_metadata: { status: "Success" },
    answer_box: { type: "organic_result", title: "Box", snippet: "The answer." },
    organic_results: [
      { position: 1, title: "One", link: "https://one.example", snippet: "First." },
      { position: 2, title: "Two" },
      { position: 3, title: "Three", snippet: "Third." },
    ],
    related_questions: [{ question: "Why?", snippet: "Because." }],
  };

  it("gives the answer box, the best results and the related questions", async () => {
    const asked: Asked[] = [];
    const url = await start({ "/search": ANSWER }, asked);
    const options = { url: `${url}/search`, key: "k", webEngine: "bing" };
    const engine = await openInline({ method: "serp", ...options });
    const [hits = []] = await search(engine, "what & why");
    expect(hits.map(({ document }) => document.contents)).toEqual([
      '"Box"\nThe answer.',
      '"One"\nFirst.',
      '"Two"\nNo snippet available',
      '"Why?"\nBecause.',
    ]);
    expect(asked[0]?.path).toBe("/search?engine=bing&q=what+%26+why&api_key=k");
  });

  it("never shows the key in an error", async () => {
    const url = await start({});
    const engine = await openInline({ method: "serp", url: `${url}/search`, key: "hidden-key" });
    const error: unknown = await search(engine, "x").catch((reason: unknown) => reason);
    expect(String(error)).toMatch(/SerpAPI at .*\/search answered with status 404/);
    expect(JSON.stringify(error) + String(error)).not.toContain("hidden-key");
  });

  it("takes an error for a fault, unless it says that there are no results", async () => {
    const url = await start({
      "/none": { error: "Google hasn't returned any results for this query." },
      "/key": { error: "Invalid API key." },
    });
    const none = await openInline({ method: "serp", url: `${url}/none`, key: "k" });
    expect(await search(none, "x")).toEqual([[]]);
    const wrong = await openInline({ method: "serp", url: `${url}/key`, key: "k" });
    await expect(search(wrong, "x")).rejects.toThrow("Invalid API key");
  });
});

describe("google", () => {
  const SNIPPET = "Tea is a drink made of leaves ... too short ... It came from China long ago";
  const PAGE = `<html><head><meta charset="iso-8859-1"></head><body><p class="x">Caf\u00e9 &amp; <b>tea</b>.</p>
    <pre>no paragraph</pre><p>Some say: tea is a <i>drink</i> made of leaves, and water.</body></html>`;

  it("gives the stretches of the snippets that have more than five words", async () => {
    const asked: Asked[] = [];
    const items = [{ title: "Tea", link: "https://x.example", snippet: SNIPPET }];
    const url = await start({ "/v1": { items } }, asked);
    const options = { url: `${url}/v1`, key: "k", webEngine: "cx1", isSnippetOnly: true };
    const engine = await openInline({ method: "google", ...options });
    const [hits = []] = await search(engine, 'what "is" tea?');
    expect(hits.map(({ document }) => document.contents)).toEqual([
      '"Tea"\nTea is a drink made of leaves It came from China long ago',
    ]);
    expect(asked[0]?.path).toBe("/v1?q=what+is+tea&cx=cx1&num=2&key=k");
  });

  it("reads the pages for the paragraphs around the snippets, and keeps the snippet where it cannot", async () => {
    server = await startServer((url, _, response) => {
      if (url.pathname === "/page") {
        response.writeHead(200, { "content-type": "text/html" });
        response.end(Buffer.from(PAGE, "latin1"));
        return;
      }
      const items = ["/page", "/missing", "/file.pdf"].map((path) => {
        return { title: path, link: `${server?.url ?? ""}${path}`, snippet: SNIPPET };
      });
      send(response, url.pathname === "/v1" ? 200 : 404, { items });
    });
    const engine = new GoogleEngine({
      url: new URL(`${server.url}/v1`),
      key: "k",
      engineId: "cx1",
      isSnippetOnly: false,
      pages: new PageReader({ allowPrivate: true }),
    });
    const [hits = []] = await engine.search(["tea"], 3, never());
    const kept = "Tea is a drink made of leaves It came from China long ago";
    expect(hits.map(({ document }) => document["text"])).toEqual([
      "Some say: tea is a drink made of leaves, and water.",
      kept,
      kept,
    ]);
  });

  it("reads no page of this machine or its network unless told to", async () => {
    const url = await start({ "/page": "<p>inside</p>" });
    const links = [`${url}/page`, "http://[::ffff:127.0.0.1]/x", "http://169.254.1.1/y"];
    const found = await new PageReader().paragraphs(links, never());
    expect([...found.values()]).toEqual([[], [], []]);
    expect(server?.asked).toEqual([]);
  });
});
