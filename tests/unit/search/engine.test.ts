import { createHash } from "node:crypto";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { loadOptional } from "../../../src/search/embedding/optional-package.ts";
import { send, startServer, type TestServer } from "../../fixtures/http-server.ts";
import type { SearchEngine } from "../../../src/search/engine.ts";
import { idsFor, never, openInline, Scratch } from "./corpus-files.ts";
import { readBody } from "./request-body.ts";

let scratch: Scratch;
let engines: SearchEngine[];
let server: TestServer | undefined;

beforeEach(() => {
  scratch = new Scratch();
  engines = [];
});

afterEach(async () => {
  for (const engine of engines) await engine.close();
  await server?.close();
  scratch.remove();
});

async function open(options: Parameters<typeof openInline>[0]): Promise<SearchEngine> {
  const engine = await openInline(options);
  engines.push(engine);
  return engine;
}

describe("bm25", () => {
  it("scores as BM25 says, with k1 1.2 and b 0.75", async () => {
    const rows = [{ contents: "red red blue" }, { contents: "red green" }];
    const more = Array.from({ length: 3 }, () => ({ contents: "grey" }));
    const engine = await open({ method: "bm25", corpus: scratch.corpus([...rows, ...more]) });
    const [hits = []] = await engine.search(["red"], 5, never());
    // 5 passages of 8/5 words on average; 2 have the word.
    const idf = Math.log((5 - 2 + 0.5) / (2 + 0.5));
    const score = (times: number, length: number): number =>
      (idf * times * 2.2) / (times + 1.2 * (0.25 + (0.75 * length) / 1.6));
    expect(hits.map((hit) => hit.document["id"])).toEqual(["0", "1"]);
    expect(hits[0]?.score).toBeCloseTo(score(2, 3), 6);
    expect(hits[1]?.score).toBeCloseTo(score(1, 2), 6);
  });

  it("finds other forms of a word, without its accents, and nothing for no words", async () => {
    const engine = await open({ method: "bm25", corpus: scratch.corpus() });
    expect(await idsFor(engine, "garden cafe")).toEqual(["2"]);
    expect(await idsFor(engine, "drinking")).toEqual([]);
    expect(await idsFor(engine, '" *')).toEqual([]);
  });

  it("gives as many as asked for at most, to each query its own", async () => {
    const engine = await open({ method: "bm25", corpus: scratch.corpus() });
    expect(await idsFor(engine, "capital", 1)).toHaveLength(1);
    const found = await engine.search(["tea", "rome", "nothing"], 3, never());
    expect(found.map((hits) => hits.map((hit) => hit.document["id"]))).toEqual([["2"], ["7"], []]);
  });
});

/** A vector of two numbers: how many times a text has `a`, and `b`. */
function vectorOf(text: string): number[] {
  return ["a", "b"].map((letter) => text.split(letter).length - 1);
}

const LETTERS = ["aaa", "aab", "abb", "bbb"].map((contents) => ({ contents }));

async function startEmbeddings(requests: unknown[]): Promise<string> {
  server = await startServer((url, request, response) => {
    void readBody(request).then((text) => {
      const body = JSON.parse(text) as { input?: string[]; inputs?: string[] };
      requests.push(body);
      const inputs = body.input ?? body.inputs ?? [];
      if (url.pathname === "/embed") {
        send(response, 200, inputs.map(vectorOf));
        return;
      }
      const data = inputs.map((input, index) => ({ index, embedding: vectorOf(input) }));
      send(response, 200, { data: data.reverse() });
    });
  });
  return server.url;
}

describe("dense", () => {
  it("finds the passages whose vectors point where the query's does", async () => {
    const embeddingUrl = `${await startEmbeddings([])}/v1/embeddings`;
    const corpus = scratch.corpus(LETTERS);
    const engine = await open({ method: "dense", corpus, embeddingUrl, embeddingModel: "m" });
    const [hits = []] = await engine.search(["abbb"], 2, never());
    expect(hits.map((hit) => hit.document.contents)).toEqual(["abb", "bbb"]);
    // (1, 3) and (1, 2), both divided by their lengths.
    expect(hits[0]?.score).toBeCloseTo(7 / Math.sqrt(10 * 5), 6);
  });

  it("speaks to text-embeddings-inference, with the marks that E5 wants", async () => {
    const requests: unknown[] = [];
    const embeddingUrl = `${await startEmbeddings(requests)}/embed`;
    const corpus = scratch.corpus(LETTERS);
    const engine = await open({ method: "dense", corpus, embeddingUrl, embeddingModel: "e5" });
    await idsFor(engine, "b");
    expect(requests[1]).toEqual({
      inputs: ["aaa", "aab", "abb", "bbb"].map((text) => `passage: ${text}`),
      truncate: true,
    });
    expect(requests[2]).toEqual({ inputs: ["query: b"], truncate: true });
  });

  it("computes the vectors once", async () => {
    const requests: unknown[] = [];
    const embeddingUrl = `${await startEmbeddings(requests)}/embed`;
    const options = { method: "dense", corpus: scratch.corpus(LETTERS), embeddingUrl } as const;
    await open(options);
    const before = requests.length;
    await open(options);
    expect(requests.length).toBe(before);
  });

  it("finds what a plain comparison of all finds", async () => {
    // A vector of 16 numbers from a text's hash, the same on both sides.
    const hashed = (text: string): number[] =>
      [...createHash("sha256").update(text).digest()].slice(0, 16).map((byte) => byte - 128);
    server = await startServer((_, request, response) => {
      void readBody(request).then((text) => {
        const { inputs } = JSON.parse(text) as { inputs: string[] };
        send(response, 200, inputs.map(hashed));
      });
    });
    const texts = Array.from({ length: 300 }, (_, index) => `passage number ${index}`);
    const corpus = scratch.corpus(texts.map((contents) => ({ contents })));
    const engine = await open({ method: "dense", corpus, embeddingUrl: `${server.url}/embed` });
    const cosine = (a: number[], b: number[]): number => {
      const dot = a.reduce((sum, x, i) => sum + x * (b[i] ?? 0), 0);
      return dot / (Math.hypot(...a) * Math.hypot(...b));
    };
    const expected = texts
      .map((text, index) => ({ index, score: cosine(hashed(text), hashed("a query")) }))
      .sort((a, b) => b.score - a.score)
      .slice(0, 7);
    expect(await idsFor(engine, "a query", 7)).toEqual(expected.map(({ index }) => String(index)));
  });

  it("says so when the embedding server fails, instead of finding nothing", async () => {
    const embeddingUrl = `${await startEmbeddings([])}/embed`;
    const corpus = scratch.corpus(LETTERS);
    const engine = await open({ method: "dense", corpus, embeddingUrl });
    await server?.close();
    server = undefined;
    await expect(engine.search(["a"], 3, never())).rejects.toMatchObject({
      code: "GEM_UNAVAILABLE",
    });
  });
});

describe("hybrid", () => {
  it("puts first what is high in both lists", async () => {
    const embeddingUrl = `${await startEmbeddings([])}/embed`;
    const rows = ["aab tea", "abb milk", "bbb tea tea tea"].map((contents) => ({ contents }));
    const engine = await open({ method: "hybrid", corpus: scratch.corpus(rows), embeddingUrl });
    const [hits = []] = await engine.search(["tea b"], 3, never());
    // By words: 2, 0. By vectors (0 a and 1 b, and the a of tea): 2, 1, 0.
    expect(hits[0]?.document["id"]).toBe("2");
    expect(hits[0]?.score).toBeCloseTo(2 / 61, 9);
    expect(hits).toHaveLength(3);
  });
});

describe("openEngine", () => {
  it.each([
    [{ method: "bm25" } as const, /--corpus/],
    [{ method: "dense", corpus: "x" } as const, /--embedding-url/],
    [{ method: "serp" } as const, /GEM_SEARCH_KEY/],
    [{ method: "google", key: "k" } as const, /--engine/],
    [{ method: "elasticsearch", url: "ftp://x" } as const, /--url must be an http/],
    [{ method: "qdrant", url: "http://x" } as const, /--collection/],
    [{ method: "remote" } as const, /--url/],
  ])("says what %j lacks", async (options, message) => {
    await expect(openInline(options)).rejects.toThrow(message);
    await expect(openInline(options)).rejects.toMatchObject({ code: "GEM_INVALID_OPTION" });
  });

  it("names the command that installs a package that is missing", async () => {
    await expect(loadOptional("gem-no-such-package", "1.2.3", "A local model")).rejects.toThrow(
      /^A local model needs .* `npm install --ignore-scripts gem-no-such-package@1\.2\.3`\.$/,
    );
  });
});
