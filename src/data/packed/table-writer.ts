import type { Chunk } from "../columns/column.ts";
import { bytesOf, CheckedWriter } from "./checked-writer.ts";
import type { Description, PackedChunk } from "./layout.ts";

/** Writes the columns of a table to a packed file, chunk by chunk. */
export class TableWriter {
  /** Why it cannot be written. */
  failure: Error | undefined;
  readonly #columns = new Map<string, PackedChunk[]>();
  readonly #path: string;
  #writer: CheckedWriter | undefined;

  constructor(path: string) {
    this.#path = path;
  }

  /** Adds a chunk to a column. @throws the failure */
  add(name: string, chunk: Chunk): void {
    this.#guard(() => {
      const writer = (this.#writer ??= new CheckedWriter(this.#path));
      const { encoding, length, offsets, numbers, missing } = chunk;
      // What lies after the last value is room that was not needed.
      const bytes = chunk.bytes.subarray(0, offsets.at(-1) ?? 0);
      const start = writer.length;
      for (const section of [bytes, numbers, offsets, missing]) writer.append(bytesOf(section));
      const hasMissing = missing.byteLength > 0 ? 1 : 0;
      const packed: PackedChunk = [encoding, length, start, bytes.byteLength, hasMissing];
      const packedChunks = this.#columns.get(name);
      if (packedChunks === undefined) this.#columns.set(name, [packed]);
      else packedChunks.push(packed);
    });
  }

  /** Completes the file. @throws the failure */
  finish(description: Omit<Description, "columns">): void {
    this.#guard(() => {
      const writer = (this.#writer ??= new CheckedWriter(this.#path));
      const columns = Object.fromEntries(this.#columns);
      this.#writer = undefined;
      writer.finish(JSON.stringify({ ...description, columns } satisfies Description));
    });
  }

  /** Leaves nothing of it. */
  discard(): void {
    this.#writer?.discard();
    this.#writer = undefined;
  }

  #guard(write: () => void): void {
    try {
      write();
    } catch (error) {
      this.failure = error instanceof Error ? error : new Error(String(error));
      this.discard();
      throw error;
    }
  }
}
