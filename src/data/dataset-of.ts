import { ChunkValues } from "./columns/chunk-values.ts";
import { Column, type Chunk } from "./columns/column.ts";
import { ColumnBuilder } from "./columns/column-builder.ts";
import { Table } from "./columns/table.ts";
import { View } from "./columns/view.ts";
import type { Dataset, Row } from "./dataset.ts";

/** A dataset of rows in memory, which are copied. Its columns are the rows' keys, and what a row lacks is null. */
export function datasetOf(rows: readonly Row[], title = "The dataset"): Dataset {
  const chunks = new Map<string, Chunk[]>();
  const builders = new Map<string, ColumnBuilder>();
  rows.forEach((row, index) => {
    for (const [name, value] of Object.entries(row)) {
      let builder = builders.get(name);
      if (builder === undefined) {
        const own: Chunk[] = [];
        builder = new ColumnBuilder((chunk) => own.push(chunk));
        chunks.set(name, own);
        builders.set(name, builder);
      }
      builder.padTo(index);
      builder.push(value);
    }
  });
  const columns = new Map<string, Column>();
  for (const [name, builder] of builders) {
    builder.padTo(rows.length);
    builder.flush();
    columns.set(name, new Column((chunks.get(name) ?? []).map((chunk) => new ChunkValues(chunk))));
  }
  return new View(new Table(title, rows.length, columns));
}
