import { open } from "node:fs/promises";
import type { Ranked } from "../index/store.ts";
import { TopK } from "./top-k.ts";

/** Vectors that threads share: rows one after the other, in pieces of at most 1 GiB. */
export interface Segments {
  readonly dimensions: number;
  readonly rows: number;
  readonly rowsEach: number;
  readonly pieces: readonly SharedArrayBuffer[];
}

const PIECE_BYTES = 1024 ** 3;
const READ_BYTES = 16 * 1024 * 1024;
const FLOAT_BYTES = 4;
/** Rows that are compared with all queries before the next ones: they stay in the processor's cache. */
const BLOCK_BYTES = 256 * 1024;

/** Reads a file of little-endian float32 into memory that threads share. @throws the signal's reason */
export async function readSegments(
  path: string,
  dimensions: number,
  rows: number,
  signal: AbortSignal,
): Promise<Segments> {
  const rowsEach = Math.max(1, Math.floor(PIECE_BYTES / (dimensions * FLOAT_BYTES)));
  const pieces: SharedArrayBuffer[] = [];
  const file = await open(path, "r");
  try {
    for (let first = 0; first < rows; first += rowsEach) {
      const bytes = Math.min(rowsEach, rows - first) * dimensions * FLOAT_BYTES;
      const piece = new SharedArrayBuffer(bytes);
      const start = first * dimensions * FLOAT_BYTES;
      for (let offset = 0; offset < bytes;) {
        signal.throwIfAborted();
        const length = Math.min(READ_BYTES, bytes - offset);
        const part = new Uint8Array(piece, offset, length);
        const { bytesRead } = await file.read(part, 0, length, start + offset);
        if (bytesRead === 0) throw new Error(`${path} is shorter than ${rows} vectors.`);
        offset += bytesRead;
      }
      pieces.push(piece);
    }
  } finally {
    await file.close();
  }
  return { dimensions, rows, rowsEach, pieces };
}

/**
 * Compares queries with the vectors of some rows, one by one: nothing is missed.
 *
 * @param queries vectors one after the other
 * @param begin the first row, from 0
 * @param end the row after the last
 * @returns for each query its best rows, numbered from 1, by inner product
 */
export function scan(
  segments: Segments,
  queries: Float32Array,
  topk: number,
  begin: number,
  end: number,
): Ranked[][] {
  const { dimensions, rowsEach, pieces } = segments;
  const count = queries.length / dimensions;
  const best = Array.from({ length: count }, () => new TopK(topk));
  const block = Math.max(1, Math.floor(BLOCK_BYTES / (dimensions * FLOAT_BYTES)));
  const views = pieces.map((piece) => new Float32Array(piece));
  for (let from = begin; from < end;) {
    const index = Math.floor(from / rowsEach);
    const view = views[index];
    if (view === undefined) break;
    const to = Math.min(end, from + block, (index + 1) * rowsEach);
    for (const [query, top] of best.entries()) {
      for (let row = from; row < to; row++) {
        const at = (row - index * rowsEach) * dimensions;
        top.offer(row + 1, product(view, at, queries, query * dimensions, dimensions));
      }
    }
    from = to;
  }
  return best.map((top) => top.ranked());
}

/** The inner product of two stretches. Four sums at once are what the processor can overlap. */
function product(a: Float32Array, i: number, b: Float32Array, j: number, length: number): number {
  let first = 0;
  let second = 0;
  let third = 0;
  let fourth = 0;
  let k = 0;
  for (; k + 3 < length; k += 4) {
    first += (a[i + k] ?? 0) * (b[j + k] ?? 0);
    second += (a[i + k + 1] ?? 0) * (b[j + k + 1] ?? 0);
    third += (a[i + k + 2] ?? 0) * (b[j + k + 2] ?? 0);
    fourth += (a[i + k + 3] ?? 0) * (b[j + k + 3] ?? 0);
  }
  for (; k < length; k++) first += (a[i + k] ?? 0) * (b[j + k] ?? 0);
  return first + second + third + fourth;
}
