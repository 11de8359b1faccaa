import { GemError, show } from "../errors.ts";
import { View } from "./columns/view.ts";
import type { Dataset, DatasetRequest } from "./dataset.ts";
import { hubSource } from "./hub/hub-source.ts";
import { hubSettings } from "./hub/settings.ts";
import { localSource, looksLikePath } from "./local-source.ts";
import { packedSettings } from "./packed/place.ts";
import { stampOf, type Stamp } from "./packed/stamp.ts";
import { readTable, type TableRequest } from "./read-table.ts";
import type { LoadOptions, Source } from "./source.ts";

/** ms in which the hub is not asked again what it has just been asked: environments of a vector are made one after another. */
const FRESH_MS = 60_000;
/** `name` or `owner/name`, as the hub allows them. */
const REPOSITORY = /^[\w.-]+(?:\/[\w.-]+)?$/;

interface Resolution {
  readonly source: Promise<Source>;
  readonly since: number;
}

const resolutions = new Map<string, Resolution>();
/** What is loaded, as long as somebody uses it. */
const views = new Map<string, Promise<View> | WeakRef<View>>();
/** The last one is kept although nobody may use it just now. */
const kept: [View?] = [];

/**
 * Loads a split of a dataset. What is loaded once is shared by everything in this thread.
 *
 * Files are read by another thread. A path comes before a repository of the same name.
 *
 * @throws GEM_INVALID_OPTION for an unknown configuration, split or column, or one that must be named; GEM_UNSUPPORTED for data
 *   that is not read; GEM_UNAVAILABLE when the data cannot be had: no network, no such repository, a wrong token, a broken
 *   file, a full disk
 */
export async function loadDataset(
  request: DatasetRequest,
  options: LoadOptions = {},
): Promise<Dataset> {
  const { title, files } = await findSource(request, options);
  const { columns } = request;
  const wanted = columns === undefined || columns.length === 0 ? undefined : [...new Set(columns)];
  const stamps = await Promise.all(files.map(stampOf));
  const key = JSON.stringify([files, stamps.map(versionOf), wanted?.toSorted()]);
  const known = views.get(key);
  const loaded = known instanceof WeakRef ? known.deref() : await known;
  const view = loaded ?? (await load(key, { title, files, stamps, columns: wanted }));
  kept[0] = view;
  return view;
}

/** Reads a table once, also when several ask for it meanwhile. */
async function load(key: string, request: TableRequest): Promise<View> {
  const loading = readTable(request, packedSettings()).then((table) => new View(table));
  views.set(key, loading);
  try {
    const view = await loading;
    for (const [other, ref] of views) {
      if (ref instanceof WeakRef && ref.deref() === undefined) views.delete(other);
    }
    views.set(key, new WeakRef(view));
    return view;
  } catch (error) {
    views.delete(key);
    throw error;
  }
}

/**
 * The files of a dataset on this machine; what is missing is downloaded.
 *
 * @throws as `loadDataset`
 */
export async function findSource(
  request: DatasetRequest,
  options: LoadOptions = {},
): Promise<Source> {
  const { name } = request;
  if (name === "") throw new GemError("GEM_INVALID_OPTION", "The dataset has no name.");
  const local = await localSource(request);
  if (local !== undefined) return local;
  if (looksLikePath(name) || !REPOSITORY.test(name)) {
    const message = `There is no file or folder ${show(name)}. Give an existing path, or a dataset of the hub as "owner/name".`;
    throw new GemError("GEM_UNAVAILABLE", message, { retryable: false });
  }
  const settings = hubSettings();
  const { config, split, revision } = request;
  const key = JSON.stringify([name, config, split, revision, settings]);
  const now = performance.now();
  const known = resolutions.get(key);
  if (known !== undefined && now - known.since < FRESH_MS) return known.source;
  const source = hubSource(request, settings, options);
  resolutions.set(key, { source, since: now });
  source.catch(() => resolutions.delete(key));
  return source;
}

/** What differs when a file does. */
function versionOf({ of, size, version }: Stamp): readonly unknown[] {
  return [of, size, version];
}
