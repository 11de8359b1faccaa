import { Column } from "../columns/column.ts";
import { Table } from "../columns/table.ts";
import { CheckedFile } from "./checked-file.ts";
import type { Description, PackedChunk } from "./layout.ts";
import { PackedValues, type PackedFile } from "./packed-values.ts";
import { PageWindow } from "./page-window.ts";

/**
 * Opens a table in a packed file; only its description is read.
 *
 * @param title what the rows are, for messages
 * @param columns the columns that are needed; undefined for all
 * @param refuse hears when a value cannot be read later
 * @returns undefined when the file is not there, is damaged, or lacks columns: then the sources have to be read
 */
export function openTable(
  path: string,
  title: string,
  columns: readonly string[] | undefined,
  refuse: PackedFile["refuse"],
): Table | undefined {
  let file: CheckedFile;
  try {
    file = new CheckedFile(path);
  } catch {
    return undefined;
  }
  // Its checksum was right, so this is what a writer of this version wrote.
  const { rows, names, columns: packed } = JSON.parse(file.description) as Description;
  const wanted = columns ?? names;
  if (!wanted.every((name) => names.includes(name))) {
    file.close();
    return undefined;
  }
  const table = wanted.map((name): [string, Column] => {
    const chunks = Object.hasOwn(packed, name) ? (packed[name] ?? []) : [];
    return [name, columnOf({ file, refuse }, chunks)];
  });
  return new Table(title, rows, new Map(table));
}

function columnOf(packed: PackedFile, chunks: readonly PackedChunk[]): Column {
  const window = new PageWindow(packed.file);
  return new Column(chunks.map((chunk) => new PackedValues(packed, chunk, window)));
}
