/** The entry of the thread that reads files, so that whoever serves environments is not held up. */
import { parentPort } from "node:worker_threads";
import type { Chunk } from "./columns/column.ts";
import { readFiles } from "./formats/read-files.ts";
import { packFiles } from "./packed/pack-files.ts";
import type { ReadJob, ReadMessage } from "./reading.ts";

const port = parentPort;

port?.on("message", (job: ReadJob) => {
  void run(job);
});

async function run({ id, files, columns, pack }: ReadJob): Promise<void> {
  try {
    const packed = pack && (await packFiles(files, columns, pack));
    if (packed !== undefined && "rows" in packed) {
      post({ id, ...packed, isPacked: true });
      return;
    }
    const result = await readFiles(files, columns, (name, chunk) => postChunk(id, name, chunk));
    post({ id, ...result, isPacked: false, failure: packed?.failure });
  } catch (error) {
    post({ id, error: error instanceof Error ? error.message : String(error) });
  }
}

function postChunk(id: number, name: string, chunk: Chunk): void {
  const { bytes, offsets, numbers, missing } = chunk;
  const buffers = [bytes, offsets, numbers, missing].map(({ buffer }) => buffer);
  // The shared empty arrays must stay here.
  const own = buffers.filter((buffer) => buffer.byteLength > 0) as ArrayBuffer[];
  post({ id, name, chunk }, own);
}

function post(message: ReadMessage, transfer: readonly ArrayBuffer[] = []): void {
  port?.postMessage(message, [...transfer]);
}
