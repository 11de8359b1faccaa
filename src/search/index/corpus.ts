import { createHash, type Hash } from "node:crypto";
import { createReadStream, statSync, type Stats } from "node:fs";
import { resolve } from "node:path";
import { pipeline, Readable } from "node:stream";
import { createGunzip } from "node:zlib";
import { GemError, show } from "../../errors.ts";
import type { PassageDocument } from "../engine.ts";
import { passageOf } from "./passage.ts";

/** Which version of a corpus an index was made from. */
export interface CorpusStamp {
  readonly path: string;
  readonly bytes: number;
  readonly mtime_ms: number;
  /** SHA-256 of the file, hexadecimal. */
  readonly sha256: string;
}

const LONGEST_LINE_BYTES = 16 * 1024 * 1024;
const CHUNK_BYTES = 1024 * 1024;
const NEW_LINE = 0x0a;
const LARGEST_BATCH = 500;

/** The corpus' size and age. @throws GEM_INVALID_OPTION when it is no file */
export function statCorpus(path: string): Stats {
  const stats = statSync(path, { throwIfNoEntry: false });
  if (stats?.isFile() === true) return stats;
  throw new GemError(
    "GEM_INVALID_OPTION",
    `--corpus must name a file of JSON lines, got ${show(path)}.`,
  );
}

/** The SHA-256 of a file, hexadecimal. @throws the signal's reason */
export async function hashFile(path: string, signal: AbortSignal): Promise<string> {
  const hash = createHash("sha256");
  for await (const chunk of chunksOf(path)) {
    signal.throwIfAborted();
    hash.update(chunk);
  }
  return hash.digest("hex");
}

/** Reads a corpus from its first row to its last, in little memory; a name that ends in `.gz` is unpacked. */
export class CorpusReader {
  readonly path: string;
  readonly totalBytes: number;
  /** Bytes of the file that have been read. */
  bytes = 0;
  /** Rows that have been read. */
  rows = 0;
  readonly #mtimeMs: number;
  readonly #hash: Hash = createHash("sha256");

  /** @throws GEM_INVALID_OPTION when it is no file */
  constructor(path: string) {
    this.path = resolve(path);
    const stats = statCorpus(path);
    this.totalBytes = stats.size;
    this.#mtimeMs = stats.mtimeMs;
  }

  /**
   * The passages, some at a time.
   *
   * @throws GEM_INVALID_OPTION at a row that is none; GEM_LIMIT; GEM_UNAVAILABLE when the file cannot be read
   */
  async *batches(): AsyncGenerator<readonly PassageDocument[]> {
    let batch: PassageDocument[] = [];
    for await (const line of this.#lines()) {
      if (line === "") continue;
      batch.push(passageOf(this.#parse(line), this.rows));
      this.rows += 1;
      if (batch.length < LARGEST_BATCH) continue;
      yield batch;
      batch = [];
    }
    if (batch.length > 0) yield batch;
  }

  /** What was read, once it has been read to its end. @throws GEM_UNAVAILABLE when it changed meanwhile */
  stamp(): CorpusStamp {
    const now = statCorpus(this.path);
    if (this.bytes !== now.size || this.#mtimeMs !== now.mtimeMs) {
      throw new GemError(
        "GEM_UNAVAILABLE",
        `The corpus ${this.path} changed while it was read. Start again when it is complete.`,
      );
    }
    return {
      path: this.path,
      bytes: now.size,
      mtime_ms: now.mtimeMs,
      sha256: this.#hash.digest("hex"),
    };
  }

  #parse(line: string): unknown {
    try {
      return JSON.parse(line);
    } catch (error) {
      throw new GemError(
        "GEM_INVALID_OPTION",
        `Row ${this.rows + 1} of ${this.path} is no JSON: ${textOf(error)}.`,
        { row: this.rows + 1 },
      );
    }
  }

  async *#lines(): AsyncGenerator<string> {
    let parts: Buffer[] = [];
    let partBytes = 0;
    for await (const chunk of this.#unpacked()) {
      let from = 0;
      for (let end = chunk.indexOf(NEW_LINE); end >= 0; end = chunk.indexOf(NEW_LINE, from)) {
        parts.push(chunk.subarray(from, end));
        yield lineOf(parts);
        parts = [];
        partBytes = 0;
        from = end + 1;
      }
      parts.push(chunk.subarray(from));
      partBytes += chunk.length - from;
      if (partBytes > LONGEST_LINE_BYTES) throw tooLong(this.rows + 1);
    }
    yield lineOf(parts);
  }

  async *#unpacked(): AsyncGenerator<Buffer> {
    try {
      if (this.path.endsWith(".gz")) {
        const unzip = createGunzip({ chunkSize: CHUNK_BYTES });
        // Whoever reads the last stage gets the failures of all.
        pipeline(Readable.from(this.#counted()), unzip, () => undefined);
        yield* unzip as AsyncIterable<Buffer>;
      } else {
        yield* this.#counted();
      }
    } catch (error) {
      if (error instanceof GemError) throw error;
      throw new GemError("GEM_UNAVAILABLE", `${this.path} cannot be read: ${textOf(error)}.`);
    }
  }

  async *#counted(): AsyncGenerator<Buffer> {
    for await (const chunk of chunksOf(this.path)) {
      this.bytes += chunk.length;
      this.#hash.update(chunk);
      yield chunk;
    }
  }
}

function chunksOf(path: string): AsyncIterable<Buffer> {
  return createReadStream(path, { highWaterMark: CHUNK_BYTES });
}

function lineOf(parts: readonly Buffer[]): string {
  const [first = Buffer.alloc(0), ...others] = parts;
  return (others.length === 0 ? first : Buffer.concat(parts)).toString("utf8").trim();
}

function tooLong(row: number): GemError {
  const message = `Row ${row} of the corpus has more than ${LONGEST_LINE_BYTES} bytes.`;
  return new GemError("GEM_LIMIT", message, { row });
}

function textOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
