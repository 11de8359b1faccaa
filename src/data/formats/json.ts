import { readLines, readText, withoutMark } from "./bytes.ts";
import type { DataFile } from "./format.ts";
import type { Sink } from "./sink.ts";

/**
 * Reads a JSON file: an object in each line, one object, or an array of objects (or of other values, which make a column `text`).
 *
 * @throws Error that says what is wrong where
 */
export async function readJson(file: DataFile, sink: Sink): Promise<void> {
  let line = 0;
  let isFirst = true;
  for await (const bytes of readLines(file)) {
    line += 1;
    const text = line === 1 ? withoutMark(bytes.toString("utf8")) : bytes.toString("utf8");
    if (text.trim() === "") continue;
    const value = parse(text);
    if (isObject(value)) {
      sink.row(value);
    } else if (isFirst) {
      // A line that is no row begins a value that fills the file.
      readWhole(await readText(file), sink);
      return;
    } else {
      throw new Error(`line ${line} is no JSON object: ${text.slice(0, 60)}`);
    }
    isFirst = false;
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

function readWhole(text: string, sink: Sink): void {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new Error(`it is neither JSON nor lines of JSON: ${why}`, { cause: error });
  }
  for (const item of Array.isArray(value) ? (value as unknown[]) : [value]) {
    sink.row(isObject(item) ? item : { text: item });
  }
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
