import { open, type FileHandle } from "node:fs/promises";
import { GemError } from "../../../../errors.ts";

/** Bytes of a file, read where they are wanted. */
export class RandomAccessFile {
  readonly path: string;
  readonly size: number;
  readonly #handle: FileHandle;

  private constructor(path: string, size: number, handle: FileHandle) {
    this.path = path;
    this.size = size;
    this.#handle = handle;
  }

  /** @throws GEM_UNAVAILABLE when there is no such file, or it cannot be read */
  static async open(path: string): Promise<RandomAccessFile> {
    try {
      const handle = await open(path, "r");
      const { size } = await handle.stat();
      return new RandomAccessFile(path, size, handle);
    } catch (error) {
      throw zimError(path, `cannot be opened: ${String(error)}`);
    }
  }

  /** `length` bytes at `offset`. @throws GEM_UNAVAILABLE when the file is shorter, or reading fails */
  async read(offset: number, length: number): Promise<Buffer> {
    if (offset < 0 || offset + length > this.size) {
      throw zimError(this.path, `is damaged: it points to byte ${offset + length} of ${this.size}`);
    }
    const buffer = Buffer.alloc(length);
    let filled = 0;
    while (filled < length) {
      const { bytesRead } = await this.#handle
        .read(buffer, filled, length - filled, offset + filled)
        .catch((error: unknown) => {
          throw zimError(this.path, `cannot be read: ${String(error)}`);
        });
      if (bytesRead === 0) throw zimError(this.path, "has become shorter while it was read");
      filled += bytesRead;
    }
    return buffer;
  }

  /** At most `length` bytes at `offset`: fewer at the file's end. */
  readUpTo(offset: number, length: number): Promise<Buffer> {
    return this.read(offset, Math.min(length, Math.max(0, this.size - offset)));
  }

  /** Closes the file. */
  close(): Promise<void> {
    return this.#handle.close();
  }
}

/** The error for a ZIM file that cannot be used. */
export function zimError(path: string, what: string): GemError {
  return new GemError("GEM_UNAVAILABLE", `The ZIM file ${path} ${what}.`, {
    path,
    retryable: false,
  });
}

/** An unsigned 64-bit number that a file position fits in. */
export function position(buffer: Buffer, offset: number): number {
  return buffer.readUInt32LE(offset) + buffer.readUInt32LE(offset + 4) * 2 ** 32;
}
