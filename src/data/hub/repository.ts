/** What a repository of the hub consists of: its commit and its files. */
import { GemError } from "../../errors.ts";
import type { HubFile } from "./hub-file.ts";
import { askHub, HubUnreachable } from "./hub-request.ts";
import type { HubSettings } from "./settings.ts";
import type { RepositoryCache } from "./repository-cache.ts";

/** A commit and its files. */
export interface Commit {
  readonly sha: string;
  readonly files: readonly HubFile[];
}

/** The address of a revision in the API. */
function api({ endpoint }: HubSettings, repository: string, rest: string): string {
  return `${endpoint}/api/datasets/${repository}/${rest}`;
}

/** The address of a file's content. */
export function contentUrl(
  settings: HubSettings,
  repository: string,
  sha: string,
  path: string,
): string {
  const escaped = path.split("/").map(encodeURIComponent).join("/");
  return `${settings.endpoint}/datasets/${repository}/resolve/${sha}/${escaped}`;
}

/**
 * The commit that a revision is now, and its files. A listing that the cache has is not asked for again.
 *
 * @throws HubUnreachable, GEM_UNAVAILABLE when there is no such repository or revision
 */
export async function readCommit(
  settings: HubSettings,
  repository: string,
  revision: string,
  cache: RepositoryCache,
): Promise<Commit> {
  const about = `Dataset "${repository}"${revision === "main" ? "" : ` at revision "${revision}"`}`;
  const url = api(settings, repository, `revision/${encodeURIComponent(revision)}`);
  const info = await askHub(settings, { url, about }, (response) => response.json());
  const sha = isRecord(info) && typeof info["sha"] === "string" ? info["sha"] : "";
  if (!/^[0-9a-f]{40}$/.test(sha)) throw noHub(settings, url);
  const known = await cache.readTree(sha);
  if (known !== undefined) return { sha, files: known };
  const files: HubFile[] = [];
  let next: string | undefined = api(
    settings,
    repository,
    `tree/${sha}?recursive=true&expand=false`,
  );
  while (next !== undefined) {
    const page: { entries: unknown; next: string | undefined } = await askHub(
      settings,
      { url: next, about },
      async (response) => ({
        entries: await response.json(),
        next: nextPage(response.headers.get("link"), response.url),
      }),
    );
    if (!Array.isArray(page.entries)) throw noHub(settings, next);
    for (const entry of page.entries as readonly unknown[]) {
      const file = readEntry(entry);
      if (file !== undefined) files.push(file);
    }
    next = page.next;
  }
  return { sha, files };
}

/** Whether an error says only that the hub cannot be reached. */
export function isUnreachable(error: unknown): error is HubUnreachable {
  return error instanceof HubUnreachable;
}

function readEntry(entry: unknown): HubFile | undefined {
  if (!isRecord(entry) || entry["type"] !== "file") return undefined;
  const { path, size, oid, lfs, xetHash } = entry as Readonly<Record<string, unknown>> & {
    readonly lfs?: unknown;
    readonly xetHash?: unknown;
  };
  if (typeof path !== "string" || typeof oid !== "string" || !isSafePath(path)) return undefined;
  const large = isRecord(lfs) && typeof lfs["oid"] === "string" ? lfs : undefined;
  return {
    path,
    size: Number(large?.["size"] ?? size ?? 0),
    etag: large === undefined ? oid : String(large["oid"]),
    blobId: oid,
    isLarge: large !== undefined,
    ...(typeof xetHash === "string" ? { xetHash } : {}),
  };
}

/** Whether a path stays within its folder: it becomes one of this machine. */
export function isSafePath(path: string): boolean {
  return !path.includes("\\") && path.split("/").every((part) => !["", ".", ".."].includes(part));
}

function nextPage(link: string | null, base: string): string | undefined {
  const target = link === null ? undefined : /^<([^<>]+)>; rel="next"/.exec(link)?.[1];
  return target === undefined ? undefined : new URL(target, base).href;
}

function noHub({ endpoint }: HubSettings, url: string): GemError {
  const message = `${endpoint} does not answer as a hub does. Check HF_ENDPOINT.`;
  return new GemError("GEM_UNAVAILABLE", message, { url, retryable: false });
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
