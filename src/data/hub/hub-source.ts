/** From a repository of the hub to files on this machine, over the network or from the caches. */
import { readFile } from "node:fs/promises";
import { GemError } from "../../errors.ts";
import type { DatasetRequest } from "../dataset.ts";
import type { DataFile } from "../formats/format.ts";
import type { LoadOptions, Source } from "../source.ts";
import { resolveFiles, type Listing, type Resolved } from "../repository/resolve.ts";
import { ensureFile, type Download } from "./download.ts";
import { cannotKeep, isFileError } from "./file-error.ts";
import { findPrepared } from "./prepared.ts";
import type { HubFile } from "./hub-file.ts";
import { isUnreachable, readCommit } from "./repository.ts";
import { RepositoryCache } from "./repository-cache.ts";
import type { HubSettings } from "./settings.ts";

/** Files that come at once. */
const PARALLEL = 4;

/**
 * The files of a split of a repository.
 *
 * @throws GEM_UNAVAILABLE when they cannot be had, GEM_INVALID_OPTION for an unknown configuration or split
 */
export async function hubSource(
  request: DatasetRequest,
  settings: HubSettings,
  options: LoadOptions = {},
): Promise<Source> {
  const repository = request.name;
  const cache = new RepositoryCache(settings.hubCache, repository);
  if (settings.isOffline) return cachedSource(request, settings, cache);
  try {
    return await freshSource(request, settings, cache, options);
  } catch (error) {
    if (!isUnreachable(error)) throw error;
    try {
      return await cachedSource(request, settings, cache);
    } catch (inner) {
      // A wrong split is wrong whatever the network does.
      throw inner instanceof GemError && inner.code === "GEM_INVALID_OPTION" ? inner : error;
    }
  }
}

async function freshSource(
  request: DatasetRequest,
  settings: HubSettings,
  cache: RepositoryCache,
  { signal, onProgress }: LoadOptions,
): Promise<Source> {
  const { name: repository, revision = "main" } = request;
  const title = `Dataset "${repository}"`;
  const { sha, files } = await readCommit(settings, repository, revision, cache);
  const byPath = new Map(files.map((file) => [file.path, file]));
  const came = new Map<string, number>();
  let total = 0;
  const download: Download = {
    settings,
    repository,
    sha,
    cache,
    signal,
    onBytes: (path, bytes) => {
      came.set(path, bytes);
      const done = [...came.values()].reduce((sum, one) => sum + one, 0);
      onProgress?.({ done, total: Math.max(total, done) });
    },
  };
  const ensure = (path: string): Promise<string> => {
    const file = byPath.get(path);
    if (file === undefined) throw new Error(`"${path}" is not listed`);
    return ensureFile(download, file);
  };
  const listing: Listing = {
    title,
    files: [...byPath.keys()],
    read: async (path) => readFile(await ensure(path), "utf8"),
  };
  refuseScript(request, listing.files);
  const resolved = await resolveFiles(listing, request.config, request.split);
  const missing = await missingFiles(cache, sha, resolved, byPath);
  if (missing.length > 0) {
    const { config, split } = resolved;
    const query = { title, repository, config, split, sha };
    const prepared = await findPrepared(settings.datasetsCache, query);
    if (prepared !== undefined && prepared.length > 0) return preparedSource(title, prepared);
  }
  total = missing.reduce((sum, { size }) => sum + size, 0);
  came.clear();
  const paths = await eachOf(resolved.files, PARALLEL, ({ path }) => ensure(path));
  // Last, so that nobody finds a commit without files.
  try {
    await cache.writeTree(sha, files);
    await cache.writeRef(revision, sha);
  } catch (error) {
    throw isFileError(error) ? cannotKeep(title, settings.hubCache, error) : error;
  }
  return { title, files: dataFiles(resolved, paths) };
}

async function missingFiles(
  cache: RepositoryCache,
  sha: string,
  { files }: Resolved,
  byPath: ReadonlyMap<string, HubFile>,
): Promise<HubFile[]> {
  const missing: HubFile[] = [];
  for (const { path } of files) {
    const file = byPath.get(path);
    if (file !== undefined && (await cache.find(sha, path)) === undefined) missing.push(file);
  }
  return missing;
}

/** What the caches have, without the network. */
async function cachedSource(
  request: DatasetRequest,
  settings: HubSettings,
  cache: RepositoryCache,
): Promise<Source> {
  const { name: repository, revision = "main", config, split } = request;
  const title = `Dataset "${repository}"`;
  const sha = await cache.readRef(revision);
  const hub = sha === undefined ? undefined : await cachedFiles(request, cache, sha);
  if (hub !== undefined && "files" in hub) return hub;
  const isCommit = request.revision !== undefined && request.revision !== "main";
  const prepared = await findPrepared(settings.datasetsCache, {
    title,
    repository,
    config,
    split,
    sha: isCommit ? (sha ?? revision) : undefined,
  });
  if (prepared !== undefined && prepared.length > 0) return preparedSource(title, prepared);
  const what = hub === undefined ? `${title} is` : `"${hub.missing}" of dataset "${repository}" is`;
  const where = `"${settings.hubCache}" nor "${settings.datasetsCache}"`;
  const fix = `Unset HF_HUB_OFFLINE, or run \`gem data prefetch ${repository}\` where the hub can be reached.`;
  throw new GemError("GEM_UNAVAILABLE", `${what} in neither cache, ${where}. ${fix}`, {
    retryable: false,
  });
}

/** The files of a snapshot, or the first that is missing; undefined when nothing of it is here. */
async function cachedFiles(
  { name: repository, config, split }: DatasetRequest,
  cache: RepositoryCache,
  sha: string,
): Promise<Source | { readonly missing: string } | undefined> {
  const title = `Dataset "${repository}"`;
  const tree = await cache.readTree(sha);
  const files = tree?.map(({ path }) => path) ?? (await cache.listSnapshot(sha));
  if (files.length === 0) return undefined;
  const listing: Listing = {
    title,
    files,
    read: (path) => readFile(cache.snapshotPath(sha, path), "utf8"),
  };
  let resolved: Resolved;
  try {
    resolved = await resolveFiles(listing, config, split);
  } catch (error) {
    // Of a snapshot without a listing nobody knows what else there is.
    if (tree === undefined) return { missing: "data" };
    if (error instanceof Error && "syscall" in error) return { missing: "README.md" };
    throw error;
  }
  const paths: string[] = [];
  for (const { path } of resolved.files) {
    const found = await cache.find(sha, path);
    if (found === undefined) return { missing: path };
    paths.push(found);
  }
  const absent =
    tree === undefined ? missingShard(resolved.files.map(({ path }) => path)) : undefined;
  if (absent !== undefined) return { missing: absent };
  return { title, files: dataFiles(resolved, paths) };
}

/** The name of a numbered part that should be among the files and is not. */
function missingShard(paths: readonly string[]): string | undefined {
  for (const path of paths) {
    const [, before, count, after] = /^(.*-)\d{5}-of-(\d{5})(.*)$/s.exec(path) ?? [];
    for (let i = 0; i < Number(count ?? 0); i++) {
      const name = `${before ?? ""}${String(i).padStart(5, "0")}-of-${count ?? ""}${after ?? ""}`;
      // The rest of a name may differ from part to part.
      if (
        !paths.some((other) => other.startsWith(name.slice(0, name.length - (after ?? "").length)))
      ) {
        return name;
      }
    }
  }
  return undefined;
}

function dataFiles({ files }: Resolved, paths: readonly string[]): DataFile[] {
  return files.map(({ path, format }, i) => ({ path: paths[i] ?? "", name: path, format }));
}

function preparedSource(title: string, paths: readonly string[]): Source {
  return { title, files: paths.map((path) => ({ path, name: path, format: "arrow" })) };
}

/** @throws GEM_UNSUPPORTED for a dataset that is a Python program, as `datasets` 4 and later do */
function refuseScript({ name, revision }: DatasetRequest, files: readonly string[]): void {
  const script = `${name.slice(name.lastIndexOf("/") + 1)}.py`;
  if (!files.includes(script)) return;
  const fix =
    revision === "refs/convert/parquet"
      ? ""
      : ' The hub may have converted it: try revision "refs/convert/parquet".';
  const message = `Dataset "${name}" is made by a program, ${script}; such datasets are not read.${fix}`;
  throw new GemError("GEM_UNSUPPORTED", message);
}

/** Does something to each item, some at once, with the results in order; after a failure nothing more begins. */
async function eachOf<T, R>(
  items: readonly T[],
  width: number,
  task: (item: T) => Promise<R>,
): Promise<R[]> {
  const results: R[] = [];
  let next = 0;
  let hasFailed = false;
  const work = async (): Promise<void> => {
    while (next < items.length && !hasFailed) {
      const index = next++;
      try {
        results[index] = await task(items[index] as T);
      } catch (error) {
        hasFailed = true;
        throw error;
      }
    }
  };
  const workers = Array.from({ length: Math.min(width, items.length) }, work);
  const outcomes = await Promise.allSettled(workers);
  const failed = outcomes.find((outcome) => outcome.status === "rejected");
  if (failed !== undefined) throw failed.reason as Error;
  return results;
}
