import { setImmediate as yieldToOthers } from "node:timers/promises";
import { Decompress } from "fzstd";
import { position, zimError, type RandomAccessFile } from "./file.ts";

/** Packed bytes that are read and unpacked at a time; others run in between (law L7). */
const SLICE_BYTES = 32_768;
/** Bytes of an unpacked cluster; writers make them of about 2 MiB. */
const MAX_CLUSTER_BYTES = 128 * 1024 * 1024;

/**
 * Unpacks the Zstandard data of a cluster, which begins with the positions of its parts; the last of them is its length.
 *
 * @param wide whether positions have 8 bytes, not 4
 * @throws GEM_UNAVAILABLE when the data are damaged, or too many
 */
export async function unpackZstandard(
  file: RandomAccessFile,
  start: number,
  wide: boolean,
): Promise<Buffer> {
  const output = new Output(file.path, wide);
  const stream = new Decompress((data) => output.add(data));
  for (let at = start; !output.isWhole(); at += SLICE_BYTES) {
    const slice = await file.readUpTo(at, SLICE_BYTES);
    if (slice.length === 0) throw zimError(file.path, "is damaged: a cluster has no end");
    try {
      stream.push(slice);
    } catch (error) {
      // What follows the cluster is none of its data; the unpacker stumbles over it.
      if (!output.isWhole()) throw zimError(file.path, `is damaged: ${reasonOf(error)}`);
    }
    await yieldToOthers();
  }
  return output.take();
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** Unpacked bytes as they come. */
class Output {
  readonly #path: string;
  readonly #wide: boolean;
  #bytes = Buffer.alloc(0);
  #filled = 0;
  #whole: number | undefined;

  constructor(path: string, wide: boolean) {
    this.#path = path;
    this.#wide = wide;
  }

  isWhole(): boolean {
    return this.#whole !== undefined && this.#filled >= this.#whole;
  }

  add(data: Uint8Array): void {
    if (this.#filled + data.length > MAX_CLUSTER_BYTES) this.#tooLarge();
    if (this.#filled + data.length > this.#bytes.length) {
      const larger = Buffer.alloc(Math.max(2 * this.#bytes.length, this.#filled + data.length));
      this.#bytes.copy(larger, 0, 0, this.#filled);
      this.#bytes = larger;
    }
    this.#bytes.set(data, this.#filled);
    this.#filled += data.length;
    this.#whole ??= this.#length();
  }

  take(): Buffer {
    return this.#bytes.subarray(0, this.#whole);
  }

  /** The length that the positions at the start tell, once they are here. */
  #length(): number | undefined {
    const width = this.#wide ? 8 : 4;
    if (this.#filled < width) return undefined;
    const table = readPosition(this.#bytes, 0, this.#wide);
    if (table < 2 * width || table > MAX_CLUSTER_BYTES) this.#tooLarge();
    if (this.#filled < table) return undefined;
    const length = readPosition(this.#bytes, table - width, this.#wide);
    if (length > MAX_CLUSTER_BYTES) this.#tooLarge();
    return length;
  }

  #tooLarge(): never {
    throw zimError(this.#path, "is damaged: a cluster's positions make no sense");
  }
}

/** A position of 8 or 4 bytes. */
export function readPosition(buffer: Buffer, offset: number, wide: boolean): number {
  return wide ? position(buffer, offset) : buffer.readUInt32LE(offset);
}
