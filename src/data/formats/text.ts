import { readLines, withoutMark } from "./bytes.ts";
import type { DataFile } from "./format.ts";
import type { Sink } from "./sink.ts";

/** Reads a text file: its lines are the column `text`. */
export async function readPlainText(file: DataFile, sink: Sink): Promise<void> {
  let isFirst = true;
  for await (const bytes of readLines(file)) {
    const text = bytes.toString("utf8").replace(/\r$/, "");
    sink.row({ text: isFirst ? withoutMark(text) : text });
    isFirst = false;
  }
}
