import { closeSync, createReadStream, openSync, readFileSync, readSync } from "node:fs";
import type * as Arrow from "apache-arrow";
import type { Data, RecordBatch, Vector } from "apache-arrow";
import { plainIntegers, type ColumnBuilder } from "../columns/column-builder.ts";
import type { Chunk } from "../columns/column.ts";
import type { DataFile } from "./format.ts";
import type { Sink } from "./sink.ts";

const FILE_MAGIC = "ARROW1";
/** Bytes that the offsets of a chunk can tell apart. */
const MOST_BYTES = 2 ** 32 - 1;

/** Reads an Arrow file, in its stream or its file form, batch by batch. */
export async function readArrow({ path }: DataFile, sink: Sink): Promise<void> {
  const arrow = await import("apache-arrow");
  // The file form has its table of contents at its end.
  const reader = isFileForm(path)
    ? arrow.RecordBatchReader.from(readFileSync(path))
    : await arrow.RecordBatchReader.from(createReadStream(path));
  await reader.open();
  const { fields } = reader.schema;
  for await (const batch of reader as AsyncIterable<RecordBatch>) {
    fields.forEach(({ name }, i) => {
      const builder = sink.column(name);
      const vector = batch.getChildAt(i);
      if (builder !== undefined && vector !== null) addValues(arrow, vector, builder);
    });
    sink.rows += batch.numRows;
  }
  for (const { name } of fields) sink.column(name);
}

function addValues(arrow: typeof Arrow, vector: Vector, builder: ColumnBuilder): void {
  const [data] = vector.data as readonly Data[];
  const chunk = vector.data.length === 1 && data !== undefined ? packed(arrow, data) : undefined;
  if (chunk !== undefined) {
    builder.pushChunk(chunk);
    return;
  }
  const { DataType } = arrow;
  const isTime = DataType.isDate(vector.type) || DataType.isTimestamp(vector.type);
  for (let i = 0; i < vector.length; i++) {
    const value = plain(arrow, vector.get(i) as unknown);
    builder.push(isTime && typeof value === "number" ? new Date(value) : value);
  }
}

/** Text and bytes lie in Arrow as they do in a chunk; undefined for everything else. */
function packed({ DataType }: typeof Arrow, data: Data): Chunk | undefined {
  const { type, length } = data;
  const isText = DataType.isUtf8(type) || DataType.isLargeUtf8(type);
  if (!isText && !DataType.isBinary(type) && !DataType.isLargeBinary(type)) return undefined;
  const ends = Array.from(data.valueOffsets as ArrayLike<number | bigint>, Number);
  const start = ends[0] ?? 0;
  const end = ends[length] ?? start;
  if (end - start > MOST_BYTES) return undefined;
  const missing = new Uint8Array(data.nullCount > 0 ? length : 0);
  for (let i = 0; i < missing.length; i++) missing[i] = data.getValid(i) ? 0 : 1;
  return {
    encoding: isText ? "text" : "bytes",
    length,
    bytes: Uint8Array.from((data.values as Uint8Array).subarray(start, end)),
    offsets: Uint32Array.from({ length: length + 1 }, (_, i) => (ends[i] ?? end) - start),
    numbers: new Float64Array(0),
    missing,
  };
}

/** A value of Arrow's as plain data. */
function plain(arrow: typeof Arrow, value: unknown): unknown {
  if (value instanceof arrow.Vector) return Array.from(value, (item) => plain(arrow, item));
  if (value instanceof Uint8Array) return Uint8Array.from(value);
  if (ArrayBuffer.isView(value))
    return Array.from(value as unknown as ArrayLike<unknown>, plainIntegers);
  if (value instanceof arrow.StructRow || value instanceof arrow.MapRow) {
    const entries = [...(value as Iterable<[string, unknown]>)];
    return Object.fromEntries(entries.map(([key, item]) => [key, plain(arrow, item)]));
  }
  return plainIntegers(value);
}

function isFileForm(path: string): boolean {
  const start = Buffer.alloc(FILE_MAGIC.length);
  const descriptor = openSync(path, "r");
  try {
    readSync(descriptor, start, 0, start.length, 0);
  } finally {
    closeSync(descriptor);
  }
  return start.toString("latin1") === FILE_MAGIC;
}
