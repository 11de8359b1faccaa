/** The formats that files of rows are read in. */
export type Format = "parquet" | "json" | "csv" | "tsv" | "arrow" | "text";

/** A file to read, and its format. */
export interface DataFile {
  /** Where it lies. */
  readonly path: string;
  /** What it is called in messages, and what tells whether it is packed: a path of the cache says nothing. */
  readonly name: string;
  readonly format: Format;
}
