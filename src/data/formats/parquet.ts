import { closeSync, fstatSync, openSync, readSync } from "node:fs";
import type { AsyncBuffer, FileMetaData, SchemaElement } from "hyparquet";
import { plainIntegers } from "../columns/column-builder.ts";
import type { DataFile } from "./format.ts";
import type { Sink } from "./sink.ts";
import { TextStore } from "./text-store.ts";

/** Reads a parquet file: only the columns that are wanted, one row group and column at a time. */
export async function readParquet({ path }: DataFile, sink: Sink): Promise<void> {
  const { parquetMetadataAsync } = await import("hyparquet");
  const descriptor = openSync(path, "r");
  try {
    const file = bufferOf(descriptor);
    const metadata = await parquetMetadataAsync(file);
    const columns = topLevel(metadata.schema);
    let rowStart = 0;
    for (const group of metadata.row_groups) {
      const rows = Number(group.num_rows);
      for (const column of columns) {
        await readColumn({ file, metadata, column, rowStart, rowEnd: rowStart + rows }, sink);
      }
      rowStart += rows;
      sink.rows += rows;
    }
    for (const { name } of columns) sink.column(name);
  } finally {
    closeSync(descriptor);
  }
}

interface Part {
  readonly file: AsyncBuffer;
  readonly metadata: FileMetaData;
  readonly column: SchemaElement;
  readonly rowStart: number;
  readonly rowEnd: number;
}

async function readColumn(part: Part, sink: Sink): Promise<void> {
  const { file, metadata, column, rowStart, rowEnd } = part;
  const builder = sink.column(column.name);
  if (builder === undefined) return;
  const { parquetRead } = await import("hyparquet");
  const { compressors } = await import("hyparquet-compressors");
  // Text is copied as the bytes that it comes as, so that a page can go as soon as it is read. Only what is nested is decoded.
  const texts = isString(column) ? new TextStore(sizeOf(part)) : undefined;
  const parsers = texts && { stringFromBytes: (bytes: Uint8Array) => texts.add(bytes) };
  const values: Iterable<unknown>[] = [];
  await parquetRead({
    file,
    metadata,
    columns: [column.name],
    rowStart,
    rowEnd,
    compressors,
    utf8: false,
    geoparquet: false,
    ...(parsers === undefined ? {} : { parsers }),
    onChunk: ({ columnData }) => values.push(columnData as Iterable<unknown>),
  });
  if (texts !== undefined) {
    const numbers = values.flatMap((block) => Array.from(block, textNumber));
    builder.pushChunk(texts.chunk(numbers));
    return;
  }
  for (const block of values) for (const value of block) builder.push(plainIntegers(value));
}

function textNumber(value: unknown): number | null {
  return typeof value === "number" ? value : null;
}

/** Bytes of a column in its row group, unpacked. */
function sizeOf({ metadata, column, rowStart }: Part): number {
  let start = 0;
  for (const { num_rows: rows, columns } of metadata.row_groups) {
    if (start === rowStart) {
      const own = columns.find(({ meta_data: data }) => data?.path_in_schema[0] === column.name);
      return Number(own?.meta_data?.total_uncompressed_size ?? 0);
    }
    start += Number(rows);
  }
  return 0;
}

/** The children of the root, in order. */
function topLevel(schema: readonly SchemaElement[]): SchemaElement[] {
  const columns: SchemaElement[] = [];
  let place = 1;
  const skip = (): void => {
    const children = schema[place]?.num_children ?? 0;
    place += 1;
    for (let i = 0; i < children; i++) skip();
  };
  while (place < schema.length) {
    const element = schema[place];
    if (element !== undefined) columns.push(element);
    skip();
  }
  return columns;
}

function isString({ type, converted_type, logical_type, repetition_type }: SchemaElement): boolean {
  const isMarked = converted_type === "UTF8" || logical_type?.type === "STRING";
  return type === "BYTE_ARRAY" && isMarked && repetition_type !== "REPEATED";
}

function bufferOf(descriptor: number): AsyncBuffer {
  const byteLength = fstatSync(descriptor).size;
  return {
    byteLength,
    slice(start, end = byteLength) {
      const bytes = new Uint8Array(end - start);
      let done = 0;
      while (done < bytes.length) {
        const read = readSync(descriptor, bytes, done, bytes.length - done, start + done);
        if (read === 0) throw new Error("the file ends too early");
        done += read;
      }
      return bytes.buffer;
    },
  };
}
