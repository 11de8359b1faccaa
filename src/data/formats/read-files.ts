import type { Chunk } from "../columns/column.ts";
import { readArrow } from "./arrow.ts";
import { readCsv } from "./csv.ts";
import type { DataFile, Format } from "./format.ts";
import { readJson } from "./json.ts";
import { readParquet } from "./parquet.ts";
import { Sink } from "./sink.ts";
import { readPlainText } from "./text.ts";

type Reader = (file: DataFile, sink: Sink) => Promise<void>;

const READERS: Readonly<Record<Format, Reader>> = {
  parquet: readParquet,
  json: readJson,
  csv: readCsv,
  tsv: readCsv,
  arrow: readArrow,
  text: readPlainText,
};

/**
 * Reads files one after another as the rows of one table.
 *
 * @param columns the columns that are wanted; undefined for all
 * @param emit gets the chunks of each column in order
 * @returns the number of rows and the names of all columns, wanted or not
 * @throws Error that names the file
 */
export async function readFiles(
  files: readonly DataFile[],
  columns: readonly string[] | undefined,
  emit: (name: string, chunk: Chunk) => void,
): Promise<{ readonly rows: number; readonly names: readonly string[] }> {
  const sink = new Sink(columns, emit);
  for (const file of files) {
    try {
      await READERS[file.format](file, sink);
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      throw new Error(`"${file.name}" cannot be read as ${file.format}: ${why}`, { cause: error });
    }
  }
  sink.end();
  return { rows: sink.rows, names: [...sink.names] };
}
