import { closeSync, openSync, readSync, statSync } from "node:fs";
import type { Work } from "../../core/host.ts";

/** Bytes read between two interruptions: about 100 µs of work. */
const CHUNK_BYTES = 8192;

/** Bytes that a file of words may have. */
const MAX_FILE_BYTES = 64 * 2 ** 20;

/**
 * A text that changes with the file.
 *
 * @throws an error that says why this is no file to read
 */
export function stampOf(path: string): string {
  const stat = statSync(path);
  if (!stat.isFile()) throw new Error("it is not a file");
  if (stat.size > MAX_FILE_BYTES)
    throw new Error(`it has more than ${String(MAX_FILE_BYTES)} bytes`);
  return [stat.mtimeMs, stat.size, stat.ino].join();
}

/**
 * The lines of a UTF-8 file that are not blank, in order and without the white space around them.
 *
 * @throws an error that says why the file cannot be read as UTF-8 text
 */
export function* readLines(path: string): Work<string[]> {
  const file = openSync(path, "r");
  try {
    const decoder = new TextDecoder("utf-8", { fatal: true });
    const buffer = new Uint8Array(CHUNK_BYTES);
    const lines: string[] = [];
    let rest = "";
    for (;;) {
      const bytes = readSync(file, buffer);
      const text = rest + decoder.decode(buffer.subarray(0, bytes), { stream: bytes > 0 });
      const parts = text.split("\n");
      rest = bytes > 0 ? (parts.pop() ?? "") : "";
      for (const part of parts) {
        const line = part.trim();
        if (line !== "") lines.push(line);
      }
      if (bytes === 0) return lines;
      yield;
    }
  } finally {
    closeSync(file);
  }
}
