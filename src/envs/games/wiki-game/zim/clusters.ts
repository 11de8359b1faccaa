import { position, zimError, type RandomAccessFile } from "./file.ts";
import type { ZimHeader } from "./header.ts";
import { readPosition, unpackZstandard } from "./unpack.ts";

/** Bytes of unpacked clusters that a file's readers keep. */
const KEPT_BYTES = 32 * 1024 * 1024;
/** Bytes of one article. */
const MAX_BLOB_BYTES = 16 * 1024 * 1024;
const WIDE = 0x10;

/** How a cluster's byte names its packing. */
const PACKING = {
  plain: [0, 1],
  zstandard: [5],
  old: new Map([
    [2, "zlib"],
    [3, "bzip2"],
    [4, "LZMA"],
  ]),
};

/** The contents of a ZIM file. */
export class ZimClusters {
  readonly #file: RandomAccessFile;
  readonly #header: ZimHeader;
  /** Unpacked clusters, the longest unused first. */
  readonly #kept = new Map<number, Promise<Buffer>>();
  #keptBytes = 0;

  constructor(file: RandomAccessFile, header: ZimHeader) {
    this.#file = file;
    this.#header = header;
  }

  /** One part of a cluster. @throws GEM_UNAVAILABLE when the file is damaged, or packed in a way that cannot be read */
  async blob(cluster: number, blob: number): Promise<Buffer> {
    const { clusterCount, clusterPointers } = this.#header;
    if (cluster >= clusterCount) throw this.#damaged(`no cluster ${cluster}`);
    const start = position(await this.#file.read(clusterPointers + cluster * 8, 8), 0);
    const info = (await this.#file.read(start, 1)).readUInt8(0);
    const packing = info & 0xf;
    const wide = (info & WIDE) !== 0;
    if (PACKING.plain.includes(packing)) {
      const read = (offset: number, length: number): Promise<Buffer> =>
        this.#file.read(start + 1 + offset, length);
      return this.#part(read, blob, wide);
    }
    if (!PACKING.zstandard.includes(packing)) throw this.#unknownPacking(packing);
    const bytes = await this.#unpacked(cluster, start + 1, wide);
    const read = (offset: number, length: number): Promise<Buffer> => {
      if (offset + length > bytes.length) throw this.#damaged("a part lies outside its cluster");
      return Promise.resolve(bytes.subarray(offset, offset + length));
    };
    return this.#part(read, blob, wide);
  }

  /** Cuts a part out of a cluster, which begins with the positions of its parts and of its end. */
  async #part(
    read: (offset: number, length: number) => Promise<Buffer>,
    blob: number,
    wide: boolean,
  ): Promise<Buffer> {
    const width = wide ? 8 : 4;
    const table = readPosition(await read(0, width), 0, wide);
    if ((blob + 2) * width > table) throw this.#damaged(`no part ${blob} in a cluster`);
    const positions = await read(blob * width, 2 * width);
    const from = readPosition(positions, 0, wide);
    const length = readPosition(positions, width, wide) - from;
    if (from < table || length < 0) throw this.#damaged("a cluster's positions make no sense");
    if (length > MAX_BLOB_BYTES) {
      throw zimError(
        this.#file.path,
        `has an article of ${length} bytes; ${MAX_BLOB_BYTES} can be read`,
      );
    }
    return read(from, length);
  }

  async #unpacked(cluster: number, start: number, wide: boolean): Promise<Buffer> {
    const kept = this.#kept.get(cluster);
    if (kept !== undefined) {
      this.#kept.delete(cluster);
      this.#kept.set(cluster, kept);
      return kept;
    }
    const unpacking = unpackZstandard(this.#file, start, wide);
    this.#kept.set(cluster, unpacking);
    try {
      this.#keptBytes += (await unpacking).length;
    } catch (error) {
      this.#kept.delete(cluster);
      throw error;
    }
    await this.#dropOldest();
    return unpacking;
  }

  async #dropOldest(): Promise<void> {
    for (const [cluster, bytes] of this.#kept) {
      if (this.#keptBytes <= KEPT_BYTES || this.#kept.size === 1) return;
      this.#kept.delete(cluster);
      this.#keptBytes -= (await bytes).length;
    }
  }

  #unknownPacking(packing: number): Error {
    const name = PACKING.old.get(packing);
    if (name === undefined) return this.#damaged(`a cluster has packing ${packing}`);
    return zimError(
      this.#file.path,
      `is packed with ${name}, as files from before 2020 are, and cannot be read; take a newer file, or serve this one with kiwix-serve`,
    );
  }

  #damaged(what: string): Error {
    return zimError(this.#file.path, `is damaged: ${what}`);
  }
}
