import { Readable } from "node:stream";
import { readBlocks } from "./bytes.ts";
import type { DataFile } from "./format.ts";
import type { Sink } from "./sink.ts";

/** What pandas reads as missing. */
const MISSING = new Set(
  " #N/A #N/A|N/A #NA -1.#IND -1.#QNAN -NaN -nan 1.#IND 1.#QNAN <NA> N/A NA NULL NaN None n/a nan null"
    .split(" ")
    .map((word) => word.replace("|", " ")),
);
const TRUE = new Set(["True", "TRUE", "true"]);
const FALSE = new Set(["False", "FALSE", "false"]);
const INTEGER = /^\s*[+-]?\d+\s*$/;
const NUMBER = /^\s*[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:e[+-]?\d+)?\s*$/i;
const INFINITY = /^\s*([+-]?)inf(?:inity)?\s*$/i;

/**
 * Reads a CSV file as pandas does: the first line has the names, a column is numeric or boolean when all its values are.
 *
 * @throws Error that says which line is wrong
 */
export async function readCsv(file: DataFile, sink: Sink): Promise<void> {
  const { parse } = await import("csv-parse");
  const parser = Readable.from(readBlocks(file)).pipe(
    parse({
      delimiter: file.format === "tsv" ? "\t" : ",",
      bom: true,
      skip_empty_lines: true,
      relax_column_count_less: true,
      relax_quotes: true,
    }),
  );
  let names: string[] | undefined;
  const columns: string[][] = [];
  let rows = 0;
  for await (const record of parser as AsyncIterable<string[]>) {
    if (names === undefined) {
      names = unique(record);
      columns.push(...names.map(() => []));
      continue;
    }
    columns.forEach((column, i) => column.push(record[i] ?? ""));
    rows += 1;
  }
  names?.forEach((name, i) => {
    const builder = sink.column(name);
    const values = columns[i] ?? [];
    if (builder === undefined) return;
    const read = readerFor(values);
    for (const value of values) builder.push(MISSING.has(value) ? null : read(value));
  });
  sink.rows += rows;
}

/** Names that come again get .1, .2 and so on. */
function unique(names: readonly string[]): string[] {
  const seen = new Map<string, number>();
  return names.map((name, i) => {
    const base = name === "" ? `Unnamed: ${i}` : name;
    const count = seen.get(base) ?? 0;
    seen.set(base, count + 1);
    return count === 0 ? base : `${base}.${count}`;
  });
}

function readerFor(values: readonly string[]): (text: string) => unknown {
  const present = values.filter((value) => !MISSING.has(value));
  if (present.every((value) => TRUE.has(value) || FALSE.has(value))) {
    return (text) => TRUE.has(text);
  }
  if (present.every((value) => INTEGER.test(value)))
    return (text) => BigInt(text.trim().replace(/^\+/, ""));
  if (present.every((value) => NUMBER.test(value) || INFINITY.test(value))) return readNumber;
  return (text) => text;
}

function readNumber(text: string): number {
  const sign = INFINITY.exec(text)?.[1];
  if (sign !== undefined) return sign === "-" ? -Infinity : Infinity;
  return Number(text);
}
