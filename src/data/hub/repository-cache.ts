/** A repository in the cache that huggingface_hub keeps: blobs by their hash, snapshots of links to them, refs, listings, locks. */
import { randomBytes } from "node:crypto";
import {
  mkdir,
  readdir,
  readFile,
  rename,
  stat,
  symlink,
  unlink,
  writeFile,
  link,
  copyFile,
} from "node:fs/promises";
import { dirname, join, relative } from "node:path";
import type { HubFile } from "./hub-file.ts";

/** The version of listings that huggingface_hub writes. */
const TREE_VERSION = 1;

/** One repository's part of the cache. */
export class RepositoryCache {
  readonly #folder: string;
  readonly #locks: string;

  /** @param root the folder of all repositories */
  constructor(root: string, repository: string) {
    const name = `datasets--${repository.replaceAll("/", "--")}`;
    this.#folder = join(root, name);
    this.#locks = join(root, ".locks", name);
  }

  blobPath(etag: string): string {
    return join(this.#folder, "blobs", etag);
  }

  lockPath(etag: string): string {
    return join(this.#locks, `${etag}.lock`);
  }

  snapshotPath(sha: string, path: string): string {
    return join(this.#folder, "snapshots", sha, path);
  }

  /** Where a file of a commit lies; undefined when it is not here. */
  async find(sha: string, path: string): Promise<string | undefined> {
    const place = this.snapshotPath(sha, path);
    // A link to a blob that is gone counts as nothing.
    return (await stat(place).catch(() => undefined))?.isFile() === true ? place : undefined;
  }

  /** Gives a blob its name in a commit. */
  async link(sha: string, { path, etag }: HubFile): Promise<string> {
    const place = this.snapshotPath(sha, path);
    const blob = this.blobPath(etag);
    await mkdir(dirname(place), { recursive: true });
    const made = `${place}.${randomBytes(4).toString("hex")}`;
    try {
      await symlink(relative(dirname(place), blob), made);
    } catch {
      // No links in this file system.
      await link(blob, made).catch(() => copyFile(blob, made));
    }
    await rename(made, place).catch(async (error: unknown) => {
      await unlink(made);
      throw error;
    });
    return place;
  }

  /** The commit that a revision was when it was last asked for; a commit is its own. */
  async readRef(revision: string): Promise<string | undefined> {
    if (/^[0-9a-f]{40}$/.test(revision)) return revision;
    const text = await readText(join(this.#folder, "refs", revision));
    return text === undefined || text.trim() === "" ? undefined : text.trim();
  }

  async writeRef(revision: string, sha: string): Promise<void> {
    if (revision === sha || (await this.readRef(revision)) === sha) return;
    await writeWhole(join(this.#folder, "refs", revision), sha);
  }

  /** The listing of a commit; undefined when there is none, or one of another version. */
  async readTree(sha: string): Promise<HubFile[] | undefined> {
    const text = await readText(this.#treePath(sha));
    if (text === undefined) return undefined;
    try {
      return readTree(JSON.parse(text) as unknown);
    } catch {
      return undefined;
    }
  }

  async writeTree(sha: string, files: readonly HubFile[]): Promise<void> {
    const sorted = [...files].sort((a, b) => (a.path < b.path ? -1 : 1));
    const entries = sorted.map(({ path, size, etag, blobId, isLarge, xetHash }) => [
      path,
      {
        size,
        blob_id: blobId,
        ...(isLarge ? { lfs_sha256: etag, lfs_size: size } : {}),
        ...(xetHash === undefined ? {} : { xet_hash: xetHash }),
      },
    ]);
    const tree = { format_version: TREE_VERSION, files: Object.fromEntries(entries) as unknown };
    await writeWhole(this.#treePath(sha), JSON.stringify(tree, null, 1));
  }

  /** The files of a commit that are here, without a listing of all. */
  async listSnapshot(sha: string): Promise<string[]> {
    const top = join(this.#folder, "snapshots", sha);
    const entries = await readdir(top, { recursive: true, withFileTypes: true }).catch(() => []);
    return entries
      .filter((entry) => !entry.isDirectory())
      .map((entry) => relative(top, join(entry.parentPath, entry.name)));
  }

  #treePath(sha: string): string {
    return join(this.#folder, "trees", `${sha}.json`);
  }
}

interface TreeEntry {
  readonly size: number;
  readonly blob_id: string;
  readonly lfs_sha256?: string | null;
  readonly lfs_size?: number | null;
  readonly xet_hash?: string | null;
}

function readTree(tree: unknown): HubFile[] | undefined {
  const { format_version: version, files } = tree as {
    readonly format_version?: unknown;
    readonly files: Readonly<Record<string, TreeEntry>>;
  };
  if (version !== TREE_VERSION) return undefined;
  return Object.entries(files).map(([path, entry]) => {
    const { size, blob_id: blobId, lfs_sha256: sha256, lfs_size: large, xet_hash: xet } = entry;
    const isLarge = typeof sha256 === "string";
    return {
      path,
      size: isLarge ? (large ?? size) : size,
      etag: isLarge ? sha256 : blobId,
      blobId,
      isLarge,
      ...(typeof xet === "string" ? { xetHash: xet } : {}),
    };
  });
}

async function readText(path: string): Promise<string | undefined> {
  return readFile(path, "utf8").catch(() => undefined);
}

/** Writes a file so that others see all of it or nothing. */
async function writeWhole(path: string, text: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  const made = `${path}.${randomBytes(4).toString("hex")}.tmp`;
  try {
    await writeFile(made, text);
    await rename(made, path);
  } catch (error) {
    await unlink(made).catch(() => undefined);
    throw error;
  }
}
