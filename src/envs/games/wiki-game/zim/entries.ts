import { position, zimError, type RandomAccessFile } from "./file.ts";
import type { ZimHeader } from "./header.ts";

/** What a ZIM file has under one path. */
export interface ZimEntry {
  /** One letter: `C` or `A` for articles. */
  readonly namespace: string;
  readonly path: string;
  readonly title: string;
  /** What it is; undefined for what has no content (deleted, or a link's target). */
  readonly target:
    | { readonly kind: "redirect"; readonly entry: number }
    | { readonly kind: "item"; mimeType: string; cluster: number; blob: number }
    | undefined;
}

const REDIRECT = 0xffff;
const DELETED = 0xfffd;
/** Bytes read for an entry at first, and at most. */
const SHORT = 320;
const LONG = 65_536;

/** A ZIM file's directory. */
export class ZimEntries {
  readonly #file: RandomAccessFile;
  readonly #header: ZimHeader;

  constructor(file: RandomAccessFile, header: ZimHeader) {
    this.#file = file;
    this.#header = header;
  }

  /** The entry with a number, in the order of paths. @throws GEM_UNAVAILABLE when the file is damaged */
  async at(index: number): Promise<ZimEntry> {
    const { pathPointers, entryCount } = this.#header;
    if (index >= entryCount) throw zimError(this.#file.path, `is damaged: no entry ${index}`);
    const start = position(await this.#file.read(pathPointers + index * 8, 8), 0);
    const short = this.#parse(await this.#file.readUpTo(start, SHORT));
    const entry = short ?? this.#parse(await this.#file.readUpTo(start, LONG));
    if (entry === undefined) throw zimError(this.#file.path, `is damaged at entry ${index}`);
    return entry;
  }

  /** The entry with a path. */
  async findPath(namespace: string, path: string): Promise<ZimEntry | undefined> {
    const wanted = Buffer.from(namespace + path);
    const keyOf = (entry: ZimEntry): string => entry.namespace + entry.path;
    const index = await this.#lowerBound(wanted, keyOf, (rank) => Promise.resolve(rank));
    if (index === this.#header.entryCount) return undefined;
    const entry = await this.at(index);
    return Buffer.from(keyOf(entry)).equals(wanted) ? entry : undefined;
  }

  /** The first entry with a title, where the file lists titles. */
  async findTitle(namespace: string, title: string): Promise<ZimEntry | undefined> {
    const { titlePointers, entryCount } = this.#header;
    if (titlePointers === undefined) return undefined;
    const wanted = Buffer.from(namespace + title);
    const keyOf = (entry: ZimEntry): string => entry.namespace + entry.title;
    const numberAt = async (rank: number): Promise<number> =>
      (await this.#file.read(titlePointers + rank * 4, 4)).readUInt32LE(0);
    const rank = await this.#lowerBound(wanted, keyOf, numberAt);
    if (rank === entryCount) return undefined;
    const entry = await this.at(await numberAt(rank));
    return Buffer.from(keyOf(entry)).equals(wanted) ? entry : undefined;
  }

  /** The numbers of a namespace's entries: from `start` to below `end`. */
  async range(namespace: string): Promise<{ readonly start: number; readonly end: number }> {
    const after = String.fromCharCode(namespace.charCodeAt(0) + 1);
    const keyOf = (entry: ZimEntry): string => entry.namespace;
    const itself = (rank: number): Promise<number> => Promise.resolve(rank);
    return {
      start: await this.#lowerBound(Buffer.from(namespace), keyOf, itself),
      end: await this.#lowerBound(Buffer.from(after), keyOf, itself),
    };
  }

  /** The first rank whose entry's key, as bytes, is not below `wanted`; `numberAt` gives the entry's number for a rank. */
  async #lowerBound(
    wanted: Buffer,
    keyOf: (entry: ZimEntry) => string,
    numberAt: (rank: number) => Promise<number>,
  ): Promise<number> {
    let low = 0;
    let high = this.#header.entryCount;
    while (low < high) {
      const middle = Math.floor((low + high) / 2);
      const key = Buffer.from(keyOf(await this.at(await numberAt(middle))));
      if (Buffer.compare(key, wanted) < 0) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** An entry from its bytes, which may go on behind it; undefined when they end too early. */
  #parse(bytes: Buffer): ZimEntry | undefined {
    if (bytes.length < 16) return undefined;
    const type = bytes.readUInt16LE(0);
    const textsAt = type === REDIRECT ? 12 : type >= DELETED ? 8 : 16;
    const pathEnd = bytes.indexOf(0, textsAt);
    const titleEnd = pathEnd < 0 ? -1 : bytes.indexOf(0, pathEnd + 1);
    if (titleEnd < 0) return undefined;
    const path = bytes.toString("utf8", textsAt, pathEnd);
    const title = bytes.toString("utf8", pathEnd + 1, titleEnd);
    return {
      namespace: String.fromCharCode(bytes.readUInt8(3)),
      path,
      title: title === "" ? path : title,
      target: this.#target(type, bytes),
    };
  }

  #target(type: number, bytes: Buffer): ZimEntry["target"] {
    if (type === REDIRECT) return { kind: "redirect", entry: bytes.readUInt32LE(8) };
    if (type >= DELETED) return undefined;
    const mimeType = this.#header.mimeTypes[type] ?? "";
    const cluster = bytes.readUInt32LE(8);
    return { kind: "item", mimeType, cluster, blob: bytes.readUInt32LE(12) };
  }
}
