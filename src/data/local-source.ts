/** Datasets in files of this machine. */
import { readdir, readFile, stat } from "node:fs/promises";
import { join, relative, resolve, sep } from "node:path";
import { GemError, show } from "../errors.ts";
import type { DatasetRequest } from "./dataset.ts";
import type { Format } from "./formats/format.ts";
import { extensionsOf } from "./repository/glob.ts";
import { chooseSplit, resolveFiles } from "./repository/resolve.ts";
import type { Source } from "./source.ts";

const FORMATS: Readonly<Record<string, Format>> = {
  parquet: "parquet",
  jsonl: "json",
  ndjson: "json",
  json: "json",
  csv: "csv",
  tsv: "tsv",
  arrow: "arrow",
  txt: "text",
};

/** Whether a name is surely meant as a path, although nothing is there. */
export function looksLikePath(name: string): boolean {
  const isRooted = /^(?:[./~]|[a-z]:[\\/])/i.test(name);
  return isRooted || name.split("/").length > 2 || formatOf(name) !== undefined;
}

/**
 * The files of a path; undefined when nothing is there.
 *
 * @throws GEM_UNSUPPORTED for a file of another kind, and what the folder's files lead to
 */
export async function localSource(request: DatasetRequest): Promise<Source | undefined> {
  const path = resolve(request.name);
  const found = await stat(path).catch(() => undefined);
  const title = `"${request.name}"`;
  if (found?.isFile() === true) {
    const format = formatOf(path);
    if (format === undefined) {
      const known = Object.keys(FORMATS).map((extension) => `.${extension}`);
      const message = `${title} is no file of data that is read; such are ${known.join(", ")}, and these with .gz.`;
      throw new GemError("GEM_UNSUPPORTED", message);
    }
    // A file is one table, and has no splits.
    return { title, files: [{ path, name: path, format }] };
  }
  if (found?.isDirectory() !== true) return undefined;
  return (await savedSource(title, path, request.split)) ?? folderSource(title, path, request);
}

/** The format that a file's name says. */
function formatOf(path: string): Format | undefined {
  const extension = extensionsOf(path).findLast((part) => part !== "gz") ?? "";
  return Object.hasOwn(FORMATS, extension) ? FORMATS[extension] : undefined;
}

/** What `save_to_disk` wrote: one table, or a folder for each split. */
async function savedSource(
  title: string,
  folder: string,
  split: string | undefined,
): Promise<Source | undefined> {
  const splits = await readJson(join(folder, "dataset_dict.json"));
  if (splits !== undefined) {
    const names = (splits as { readonly splits?: readonly string[] }).splits ?? [];
    const name = chooseSplit(title, names, split);
    return savedSource(title, join(folder, name), undefined);
  }
  const state = await readJson(join(folder, "state.json"));
  if (state === undefined) return undefined;
  const { _data_files: files = [] } = state as {
    readonly _data_files?: readonly { readonly filename: string }[];
  };
  return {
    title,
    files: files.map(({ filename }) => {
      const path = join(folder, filename);
      return { path, name: path, format: "arrow" };
    }),
  };
}

async function folderSource(
  title: string,
  folder: string,
  { config, split }: DatasetRequest,
): Promise<Source> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries
    .filter((entry) => !entry.isDirectory())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)).split(sep).join("/"));
  const read = (path: string): Promise<string> => readFile(join(folder, path), "utf8");
  const resolved = await resolveFiles({ title, files, read }, config, split);
  return {
    title,
    files: resolved.files.map(({ path, format }) => {
      const whole = join(folder, path);
      return { path: whole, name: whole, format };
    }),
  };
}

/** A file of JSON; undefined when there is none. @throws GEM_UNAVAILABLE when it cannot be read */
async function readJson(path: string): Promise<object | undefined> {
  const text = await readFile(path, "utf8").catch(() => undefined);
  if (text === undefined) return undefined;
  try {
    const value = JSON.parse(text) as unknown;
    if (typeof value === "object" && value !== null) return value;
  } catch {
    // It is told below.
  }
  throw new GemError("GEM_UNAVAILABLE", `${show(path)} is no JSON object; save the dataset again.`);
}
