/** Brings files of the hub into the cache: resumed, checked, and visible to others only when they are whole. */
import { createHash, randomBytes, type Hash } from "node:crypto";
import { createReadStream } from "node:fs";
import { mkdir, open, rename, rm, stat, type FileHandle } from "node:fs/promises";
import { dirname } from "node:path";
import { GemError } from "../../errors.ts";
import { cannotKeep, isFileError } from "./file-error.ts";
import { lockFile } from "./file-lock.ts";
import { askHub } from "./hub-request.ts";
import type { HubFile } from "./hub-file.ts";
import { contentUrl } from "./repository.ts";
import type { RepositoryCache } from "./repository-cache.ts";
import type { HubSettings } from "./settings.ts";

/** Where a file comes from, and who wants to know how far it is. */
export interface Download {
  readonly settings: HubSettings;
  readonly repository: string;
  readonly sha: string;
  readonly cache: RepositoryCache;
  readonly signal?: AbortSignal | undefined;
  /** Gets the bytes of each file that have come. */
  readonly onBytes?: ((path: string, bytes: number) => void) | undefined;
}

/** ms without a byte after which a connection counts as dead. */
const STALL_MS = 30_000;

/**
 * The path of a file of a commit, downloaded unless it is here.
 *
 * @throws GEM_UNAVAILABLE when it does not come, or has another hash than the hub says, or does not fit on the disk
 */
export async function ensureFile(download: Download, file: HubFile): Promise<string> {
  const { cache, sha, signal } = download;
  const found = await cache.find(sha, file.path);
  if (found !== undefined) return found;
  try {
    const unlock = await lockFile(cache.lockPath(file.etag), signal);
    try {
      const blob = cache.blobPath(file.etag);
      if ((await sizeOf(blob)) === undefined) {
        // Without a lock somebody else may write what has the shared name.
        const unique = unlock === undefined ? `.${randomBytes(4).toString("hex")}` : "";
        const partial = `${blob}${unique}.incomplete`;
        await mkdir(dirname(blob), { recursive: true });
        await fetchWhole(download, file, partial, unlock !== undefined);
        await rename(partial, blob);
      }
      return await cache.link(sha, file);
    } finally {
      await unlock?.();
    }
  } catch (error) {
    if (!isFileError(error)) throw error;
    const what = `"${file.path}" (${file.size} bytes)`;
    throw cannotKeep(what, download.settings.hubCache, error);
  }
}

/** Fills the partial file, and leaves it only when it is whole, or can be gone on with. */
async function fetchWhole(
  download: Download,
  file: HubFile,
  partial: string,
  isResumable: boolean,
): Promise<void> {
  try {
    for (let round = 1; ; round++) {
      const before = (await sizeOf(partial)) ?? 0;
      const digest = await fetchRest(download, file, partial);
      if (digest === undefined || digest === file.etag) return;
      await rm(partial, { force: true });
      // What was there before may be to blame.
      if (round === 1 && before > 0) continue;
      const message = `${about(download, file)} came with another checksum than the hub says (${digest} instead of ${file.etag}). Try again; if that does not help, something on the way changes it.`;
      throw new GemError("GEM_UNAVAILABLE", message, { path: file.path, retryable: true });
    }
  } catch (error) {
    if (!isResumable || isFileError(error)) await rm(partial, { force: true });
    throw error;
  }
}

/** Gets what is missing of the partial file. @returns its hash; undefined when the hub's is of no known kind */
function fetchRest(
  download: Download,
  file: HubFile,
  partial: string,
): Promise<string | undefined> {
  const { settings, repository, sha, signal } = download;
  const url = contentUrl(settings, repository, sha, file.path);
  let from = 0;
  const start = async (): Promise<void> => {
    from = (await sizeOf(partial)) ?? 0;
    if (from > file.size) {
      await rm(partial);
      from = 0;
    }
  };
  const request = {
    url,
    about: about(download, file),
    signal,
    get from() {
      return from;
    },
  };
  return start().then(async () => {
    if (from < file.size || file.size === 0) {
      await askHub(settings, request, async (response) => {
        const isRest = response.status === 206 && rangeStart(response) === from;
        const handle = await open(partial, isRest ? "a" : "w");
        try {
          await write(download, file, response, handle, isRest ? from : 0);
        } finally {
          await handle.close();
          await start();
        }
        if (from < file.size) throw new Error("the connection ended too early");
      });
    }
    return hashOf(partial, file);
  });
}

async function write(
  { onBytes }: Download,
  { path, size }: HubFile,
  response: Response,
  handle: FileHandle,
  from: number,
): Promise<void> {
  let done = from;
  const reader = response.body?.getReader();
  if (reader === undefined) return;
  let timer: NodeJS.Timeout | undefined;
  try {
    for (;;) {
      const stalled = new Promise<never>((_, reject) => {
        timer = setTimeout(() => reject(new Error("no more bytes come")), STALL_MS);
      });
      const part = await Promise.race([reader.read(), stalled]);
      clearTimeout(timer);
      if (part.done) return;
      const bytes = part.value as Uint8Array;
      done += bytes.byteLength;
      if (done > size) throw new Error("more bytes come than the hub says");
      await handle.writeFile(bytes);
      onBytes?.(path, done);
    }
  } finally {
    clearTimeout(timer);
    await reader.cancel().catch(() => undefined);
  }
}

function rangeStart(response: Response): number {
  const range = /^bytes (\d+)-/.exec(response.headers.get("content-range") ?? "");
  return range === null ? -1 : Number(range[1]);
}

async function hashOf(path: string, { etag, size }: HubFile): Promise<string | undefined> {
  let hash: Hash;
  if (/^[0-9a-f]{64}$/.test(etag)) hash = createHash("sha256");
  else if (/^[0-9a-f]{40}$/.test(etag)) hash = createHash("sha1").update(`blob ${size}\0`);
  else return undefined;
  for await (const block of createReadStream(path) as AsyncIterable<Buffer>) hash.update(block);
  return hash.digest("hex");
}

async function sizeOf(path: string): Promise<number | undefined> {
  return (await stat(path).catch(() => undefined))?.size;
}

function about({ repository }: Download, { path }: HubFile): string {
  return `"${path}" of dataset "${repository}"`;
}
