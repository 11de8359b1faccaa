/** Where packed files are kept, and what they are called. */
import { createHash } from "node:crypto";
import { endianness, homedir } from "node:os";
import { join, resolve } from "node:path";
import { serialize } from "node:v8";
import type { DataFile } from "../formats/format.ts";
import { crc32 } from "./checksum.ts";
import type { Stamp } from "./stamp.ts";

/** Grows when the same sources are read to other values, or packed otherwise. */
const FORMAT_VERSION = 1;
/** The version of V8's form of values; an older Node cannot read a newer one. */
const V8_VERSION = serialize(null)[1];
/** Bytes of sources below which a file more is not worth the start of a thread. */
const LEAST_BYTES = 100_000;

/** What the name of a packed file ends with. */
export const EXTENSION = ".gempack";

/** Whether and where packed files are kept. */
export interface PackedSettings {
  /** undefined: nowhere. */
  readonly folder: string | undefined;
  /** Bytes that sources have at least that are worth it. */
  readonly leastBytes: number;
}

/** The settings of the environment: `GEM_DATA_CACHE` names the folder, or is `off`; else it is `gem/data` in the user's cache folder. */
export function packedSettings(
  environment: Readonly<Record<string, string | undefined>> = process.env,
): PackedSettings {
  const { GEM_DATA_CACHE: given = "", XDG_CACHE_HOME: cache = "" } = environment;
  const leastBytes = LEAST_BYTES;
  if (given === "off" || crc32 === undefined) return { folder: undefined, leastBytes };
  if (given !== "") return { folder: resolve(given), leastBytes };
  const folder = join(cache === "" ? join(homedir(), ".cache") : cache, "gem", "data");
  return { folder, leastBytes };
}

/**
 * The path of the packed file of some columns of some files; undefined when it is not worth one, or none may be kept.
 *
 * @param columns the columns that are packed; undefined for all
 */
export function packedPath(
  { folder, leastBytes }: PackedSettings,
  files: readonly DataFile[],
  stamps: readonly Stamp[],
  columns: readonly string[] | undefined,
): string | undefined {
  const bytes = stamps.reduce((sum, { size }) => sum + size, 0);
  if (folder === undefined || bytes < leastBytes) return undefined;
  const what = files.map(({ format, name }, i) => [stamps[i]?.of, format, name.endsWith(".gz")]);
  const family = hash([what, columns?.toSorted()]);
  const versions = stamps.map(({ size, version }) => [size, version]);
  const own = hash([FORMAT_VERSION, V8_VERSION, endianness(), versions]);
  return join(folder, `${family}-${own}${EXTENSION}`);
}

/** The part of a name that stays the same when sources change. */
export function familyOf(name: string): string {
  return name.slice(0, name.indexOf("-") + 1);
}

function hash(value: unknown): string {
  return createHash("sha256").update(JSON.stringify(value)).digest("hex").slice(0, 32);
}
