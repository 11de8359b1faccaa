import { createHash } from "node:crypto";
import { existsSync, readFileSync, statSync, truncateSync } from "node:fs";
import { open, rename, type FileHandle } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { GemError } from "../../errors.ts";
import type { Embedder } from "../embedding/embedder.ts";
import { replaceFile, type BuildOptions, type OpenedIndex } from "../index/index-folder.ts";
import { parseDocument } from "../index/passage.ts";
import { StoreReader } from "../index/store.ts";

const STAMP = z.object({
  model: z.string(),
  dimensions: z.int().min(1),
  rows: z.int().min(0),
});

/** A file of vectors, one for each passage of an index: little-endian float32, row after row. */
export interface VectorFile {
  readonly path: string;
  readonly dimensions: number;
  readonly rows: number;
}

const FLOAT_BYTES = 4;
/** Requests to the model that run at once. */
const AT_ONCE = 4;

/**
 * The vectors of an index by a model; what is missing is computed. A build that was stopped goes on where it was.
 *
 * @throws GEM_UNAVAILABLE, or the signal's reason
 */
export async function openVectors(
  index: OpenedIndex,
  embedder: Embedder,
  options: BuildOptions,
): Promise<VectorFile> {
  const key = createHash("sha256").update(embedder.model).digest("hex").slice(0, 16);
  const path = join(index.folder, `vectors-${key}.f32`);
  const known = readStamp(`${path}.json`);
  if (known?.rows === index.passages && existsSync(path)) return { path, ...known };
  const dimensions = await compute(index, embedder, `${path}.partial`, options);
  await rename(`${path}.partial`, path);
  const stamp = { model: embedder.model, dimensions, rows: index.passages };
  await replaceFile(`${path}.json`, `${JSON.stringify(stamp)}\n`);
  return { path, ...stamp };
}

function readStamp(path: string): z.infer<typeof STAMP> | undefined {
  if (!existsSync(path)) return undefined;
  try {
    return STAMP.parse(JSON.parse(readFileSync(path, "utf8")));
  } catch {
    return undefined;
  }
}

async function compute(
  index: OpenedIndex,
  embedder: Embedder,
  path: string,
  { signal, onProgress }: BuildOptions,
): Promise<number> {
  const [probe] = await embedder.embed(["dimensions"], "passage", signal);
  const dimensions = probe?.length ?? 0;
  const rowBytes = dimensions * FLOAT_BYTES;
  const reader = new StoreReader(index.store);
  const file = await open(path, "a");
  try {
    let row = Math.min(index.passages, Math.floor(statSync(path).size / rowBytes));
    truncateSync(path, row * rowBytes);
    while (row < index.passages) {
      const page = reader.page(row, embedder.batch * AT_ONCE);
      const texts = page.map((json) => parseDocument(json).contents);
      await append(file, await embedAll(embedder, texts, signal), dimensions);
      row += page.length;
      onProgress?.({ phase: "embed", done: row, total: index.passages, passages: row });
      signal.throwIfAborted();
    }
    await file.sync();
    return dimensions;
  } finally {
    await file.close();
    reader.close();
  }
}

async function embedAll(
  embedder: Embedder,
  texts: readonly string[],
  signal: AbortSignal,
): Promise<readonly Float32Array[]> {
  const starts = Array.from({ length: Math.ceil(texts.length / embedder.batch) }, (_, i) => i);
  const parts = await Promise.all(
    starts.map((i) => {
      const batch = texts.slice(i * embedder.batch, (i + 1) * embedder.batch);
      return embedder.embed(batch, "passage", signal);
    }),
  );
  return parts.flat();
}

async function append(
  file: FileHandle,
  vectors: readonly Float32Array[],
  dimensions: number,
): Promise<void> {
  for (const { length } of vectors) {
    if (length === dimensions) continue;
    const message = `The embedding model gave a vector of ${length} numbers after one of ${dimensions}.`;
    throw new GemError("GEM_UNAVAILABLE", message);
  }
  const bytes = vectors.map(
    (vector) => new Uint8Array(vector.buffer, vector.byteOffset, vector.byteLength),
  );
  await file.appendFile(Buffer.concat(bytes));
}
