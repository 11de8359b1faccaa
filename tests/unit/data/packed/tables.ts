/** Tables read with and without packed files, whatever the size and age of their sources. */
import { basename } from "node:path";
import type { Table } from "../../../../src/data/columns/table.ts";
import type { Format } from "../../../../src/data/formats/format.ts";
import { stampOf } from "../../../../src/data/packed/stamp.ts";
import { readTable } from "../../../../src/data/read-table.ts";

const FORMATS: Readonly<Record<string, Format>> = { jsonl: "json", gz: "json", txt: "text" };

/**
 * A file as a table.
 *
 * @param folder where packed files are; undefined for nowhere
 */
export async function tableOf(
  path: string,
  folder: string | undefined,
  columns?: readonly string[],
): Promise<Table> {
  const extension = path.slice(path.lastIndexOf(".") + 1);
  const format = FORMATS[extension] ?? (extension as Format);
  const files = [{ path, name: basename(path), format }];
  const stamps = await Promise.all(files.map(stampOf));
  const settled = stamps.map((stamp) => ({ ...stamp, isSettled: true }));
  const request = { title: `"${basename(path)}"`, files, stamps: settled, columns };
  return readTable(request, { folder, leastBytes: 0 });
}

/** All values of a table, by column. */
export function valuesOf(table: Table): Readonly<Record<string, readonly unknown[]>> {
  const rows = Array.from({ length: table.length }, (_, row) => row);
  const columns = table.names.map((name) => {
    const column = table.column(name);
    return [name, rows.map((row) => column.at(row))] as const;
  });
  return Object.fromEntries(columns);
}
