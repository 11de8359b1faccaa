/**
 * Where an index lies: a folder with `index.json`, which names the generation in use, and one folder for each generation.
 *
 * `index.json` is replaced in one step, so whoever stops a build at whatever moment leaves the previous index or none, never half of one.
 */
import { randomBytes } from "node:crypto";
import { existsSync, readdirSync, readFileSync, renameSync, rmSync } from "node:fs";
import { mkdir, open } from "node:fs/promises";
import { join } from "node:path";
import { setImmediate as turn } from "node:timers/promises";
import { z } from "zod";
import { GemError } from "../../errors.ts";
import { CorpusReader, hashFile, statCorpus, type CorpusStamp } from "./corpus.ts";
import { StoreWriter } from "./store.ts";

const INDEX_VERSION = 1;
const GENERATION = /^generation-(\d+)-[0-9a-f]+$/;

const MANIFEST = z.object({
  version: z.literal(INDEX_VERSION),
  generation: z.string().regex(GENERATION),
  passages: z.int().min(0),
  corpus: z.object({
    path: z.string(),
    bytes: z.number(),
    mtime_ms: z.number(),
    sha256: z.string(),
  }),
});

type Manifest = z.infer<typeof MANIFEST>;

/** An index that can be read. */
export interface OpenedIndex {
  /** The generation's folder. */
  readonly folder: string;
  /** The SQLite file with passages and words. */
  readonly store: string;
  readonly passages: number;
}

/** How far a long job is. */
export interface IndexProgress {
  readonly phase: "index" | "merge" | "embed";
  /** Bytes of the corpus, or passages that have vectors. */
  readonly done: number;
  readonly total: number;
  readonly passages: number;
}

/** How a build is watched and stopped. */
export interface BuildOptions {
  readonly signal: AbortSignal;
  readonly onProgress?: (progress: IndexProgress) => void;
}

/**
 * Opens the index in `folder`; makes it first where it is missing or was made from another version of the corpus.
 *
 * @param corpus undefined: the index is used as it is
 * @throws GEM_INVALID_OPTION, GEM_LIMIT, GEM_UNAVAILABLE, or the signal's reason
 */
export async function openIndex(
  folder: string,
  corpus: string | undefined,
  options: BuildOptions,
): Promise<OpenedIndex> {
  const known = readManifest(folder);
  if (corpus === undefined) {
    if (known !== undefined) return opened(folder, known);
    throw new GemError(
      "GEM_INVALID_OPTION",
      `${folder} holds no search index of this version. Name the corpus too (--corpus), and the index is made there.`,
    );
  }
  if (known !== undefined && (await isCurrent(folder, known, corpus, options.signal)))
    return opened(folder, known);
  return await build(folder, corpus, options);
}

/** Writes a file such that whoever reads it finds what was there before, or all of this. */
export async function replaceFile(path: string, text: string): Promise<void> {
  const draft = `${path}.${process.pid}.draft`;
  const file = await open(draft, "w");
  try {
    await file.writeFile(text);
    await file.sync();
  } finally {
    await file.close();
  }
  renameSync(draft, path);
}

function opened(folder: string, { generation, passages }: Manifest): OpenedIndex {
  const inner = join(folder, generation);
  return { folder: inner, store: join(inner, "passages.sqlite"), passages };
}

function readManifest(folder: string): Manifest | undefined {
  const path = join(folder, "index.json");
  if (!existsSync(path)) return undefined;
  try {
    const manifest = MANIFEST.parse(JSON.parse(readFileSync(path, "utf8")));
    return existsSync(opened(folder, manifest).store) ? manifest : undefined;
  } catch {
    return undefined;
  }
}

function writeManifest(folder: string, manifest: Manifest): Promise<void> {
  return replaceFile(join(folder, "index.json"), `${JSON.stringify(manifest, undefined, 2)}\n`);
}

/** Whether the corpus is what the index was made from; one that was only touched is compared by its content. */
async function isCurrent(
  folder: string,
  manifest: Manifest,
  corpus: string,
  signal: AbortSignal,
): Promise<boolean> {
  const stats = statCorpus(corpus);
  const { bytes, mtime_ms: mtimeMs, sha256 } = manifest.corpus;
  if (stats.size !== bytes) return false;
  if (stats.mtimeMs === mtimeMs) return true;
  if ((await hashFile(corpus, signal)) !== sha256) return false;
  const touched = { ...manifest.corpus, mtime_ms: stats.mtimeMs };
  await writeManifest(folder, { ...manifest, corpus: touched });
  return true;
}

async function build(folder: string, corpus: string, options: BuildOptions): Promise<OpenedIndex> {
  const reader = new CorpusReader(corpus);
  const generation = `generation-${process.pid}-${randomBytes(4).toString("hex")}`;
  const inner = join(folder, generation);
  await makeFolder(inner);
  try {
    const stamp = await fill(join(inner, "passages.sqlite"), reader, options);
    const manifest = { version: INDEX_VERSION, generation, passages: reader.rows, corpus: stamp };
    await writeManifest(folder, MANIFEST.parse(manifest));
    removeAbandoned(folder, generation);
    return opened(folder, MANIFEST.parse(manifest));
  } catch (error) {
    rmSync(inner, { recursive: true, force: true });
    throw error;
  }
}

async function fill(
  path: string,
  reader: CorpusReader,
  { signal, onProgress }: BuildOptions,
): Promise<CorpusStamp> {
  const pause = async (phase: "index" | "merge"): Promise<void> => {
    const { bytes: done, totalBytes: total, rows: passages } = reader;
    onProgress?.({ phase, done, total, passages });
    await turn(); // A signal to stop is heard here.
    signal.throwIfAborted();
  };
  const writer = new StoreWriter(path);
  try {
    for await (const batch of reader.batches()) {
      writer.add(batch);
      await pause("index");
    }
    writer.commit();
    while (writer.merge()) await pause("merge");
  } finally {
    writer.close();
  }
  const file = await open(path, "r+");
  await file.sync().finally(() => file.close());
  return reader.stamp();
}

async function makeFolder(folder: string): Promise<void> {
  try {
    await mkdir(folder, { recursive: true });
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new GemError("GEM_INVALID_OPTION", `The index cannot be made in ${folder}: ${why}.`);
  }
}

/**
 * Removes generations that are neither in use nor being made by a process that lives.
 * A server that still reads one keeps its open files.
 */
function removeAbandoned(folder: string, current: string): void {
  for (const name of readdirSync(folder)) {
    const pid = Number(GENERATION.exec(name)?.[1]);
    if (Number.isNaN(pid) || name === current) continue;
    if (pid === process.pid || !isRunning(pid))
      rmSync(join(folder, name), { recursive: true, force: true });
  }
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
}
