import { ChunkValues } from "./columns/chunk-values.ts";
import { Column } from "./columns/column.ts";
import { refuseColumn, Table } from "./columns/table.ts";
import { GemError } from "../errors.ts";
import type { DataFile } from "./formats/format.ts";
import { openTable } from "./packed/open-table.ts";
import { packedPath, type PackedSettings } from "./packed/place.ts";
import { areSame, type Stamp } from "./packed/stamp.ts";
import { readInThread } from "./reading.ts";

/** Files that make a table. */
export interface TableRequest {
  /** What the rows are, for messages. */
  readonly title: string;
  readonly files: readonly DataFile[];
  /** What the files are now. */
  readonly stamps: readonly Stamp[];
  /** The columns that are needed; undefined for all. */
  readonly columns: readonly string[] | undefined;
}

/** Packed files that turned out to be damaged, until they are made again. */
const distrusted = new Set<string>();
let isNoted = false;

/**
 * Files as one table: from their packed file, or read by another thread, which packs them.
 *
 * @throws GEM_UNAVAILABLE when a file cannot be read, GEM_INVALID_OPTION when there is no such column
 */
export async function readTable(request: TableRequest, settings: PackedSettings): Promise<Table> {
  const { title, files, stamps, columns } = request;
  const path = packedPath(settings, files, stamps, columns);
  const known = openKnown(request, settings, path);
  if (known !== undefined) return known;
  // What may change without notice is not worth keeping.
  const pack = path !== undefined && stamps.every(({ isSettled }) => isSettled);
  const result = await readInThread(files, columns, pack ? { path, stamps } : undefined);
  const { names, rows, chunks, isPacked, failure } = result;
  for (const name of columns ?? []) if (!names.includes(name)) refuseColumn(title, name, names);
  if (isPacked && path !== undefined) {
    distrusted.delete(path);
    // Somebody may have removed it already.
    return open(request, settings, path) ?? readTable(request, { ...settings, folder: undefined });
  }
  if (failure !== undefined) noteOnce(failure);
  const wanted = columns ?? names;
  const table = wanted.map((name): [string, Column] => {
    return [name, new Column((chunks.get(name) ?? []).map((chunk) => new ChunkValues(chunk)))];
  });
  return new Table(title, rows, new Map(table));
}

/** The table from the packed file of its columns, or of all; undefined when there is none. */
function openKnown(
  request: TableRequest,
  settings: PackedSettings,
  path: string | undefined,
): Table | undefined {
  if (path === undefined) return undefined;
  const own = open(request, settings, path);
  if (own !== undefined || request.columns === undefined) return own;
  const whole = packedPath(settings, request.files, request.stamps, undefined);
  return whole === undefined ? undefined : open(request, settings, whole);
}

function open(request: TableRequest, settings: PackedSettings, path: string): Table | undefined {
  if (distrusted.has(path)) return undefined;
  let recovery: Promise<void> | undefined;
  const refuse = (error: unknown): never => {
    distrusted.add(path);
    recovery ??= recover(request, settings, table).finally(() => (recovery = undefined));
    const why = error instanceof Error ? error.message : String(error);
    const message = `The packed copy of ${request.title} in "${path}" cannot be read: ${why}. It is being made again; try again.`;
    throw new GemError("GEM_UNAVAILABLE", message, { retryable: true }, error);
  };
  const table = openTable(path, request.title, request.columns, refuse);
  return table;
}

/** Reads the sources of a damaged packed file again, for all who have its table. */
async function recover(
  request: TableRequest,
  settings: PackedSettings,
  table: Table | undefined,
): Promise<void> {
  try {
    const fresh = await readTable(request, settings);
    if (await areSame(request.files, request.stamps)) table?.moveTo(fresh);
  } catch {
    // Whoever tries again hears of the damage again, and this is tried again.
  }
}

function noteOnce(failure: string): void {
  if (isNoted) return;
  isNoted = true;
  const message = `Data is read anew at each start, as it cannot be kept packed: ${failure}. Set GEM_DATA_CACHE to a folder with room that may be written, or to "off".`;
  process.emitWarning(message, { type: "DataCacheWarning", code: "GEM_DATA_CACHE" });
}
