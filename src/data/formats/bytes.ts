import { createReadStream } from "node:fs";
import { createGunzip } from "node:zlib";
import type { DataFile } from "./format.ts";

const BLOCK_BYTES = 1024 * 1024;

/** The bytes of a file in blocks, unpacked when its name ends in .gz. */
export async function* readBlocks({ path, name }: DataFile): AsyncGenerator<Buffer> {
  const file = createReadStream(path, { highWaterMark: BLOCK_BYTES });
  if (!name.endsWith(".gz")) {
    yield* file as AsyncIterable<Buffer>;
    return;
  }
  const unpacked = createGunzip({ chunkSize: BLOCK_BYTES });
  file.on("error", (error) => unpacked.destroy(error));
  file.pipe(unpacked);
  try {
    yield* unpacked as AsyncIterable<Buffer>;
  } finally {
    file.destroy();
  }
}

const NEWLINE = 0x0a;

/** The lines of a file as bytes, without their line feeds; a file without any byte has no line. */
export async function* readLines(file: DataFile): AsyncGenerator<Buffer> {
  let rest: Buffer[] = [];
  for await (const block of readBlocks(file)) {
    let start = 0;
    for (;;) {
      const end = block.indexOf(NEWLINE, start);
      if (end < 0) break;
      const tail = block.subarray(start, end);
      yield rest.length === 0 ? tail : Buffer.concat([...rest, tail]);
      rest = [];
      start = end + 1;
    }
    if (start < block.length) rest.push(block.subarray(start));
  }
  if (rest.length > 0) yield Buffer.concat(rest);
}

/** The whole file as text, without a byte order mark. @throws Error when it is longer than a string may be */
export async function readText(file: DataFile): Promise<string> {
  const blocks: Buffer[] = [];
  for await (const block of readBlocks(file)) blocks.push(block);
  return withoutMark(Buffer.concat(blocks).toString("utf8"));
}

/** Text without the byte order mark that it may begin with. */
export function withoutMark(text: string): string {
  return text.startsWith("\uFEFF") ? text.slice(1) : text;
}
