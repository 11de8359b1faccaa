/** The entry of the thread that reads files, so that whoever serves environments is not held up. */
import { parentPort } from "node:worker_threads";
import type { ReadMessage, ReadJob } from "./reading.ts";
import { readFiles } from "./formats/read-files.ts";

const port = parentPort;

port?.on("message", (job: ReadJob) => {
  void run(job);
});

async function run({ id, files, columns }: ReadJob): Promise<void> {
  const post = (message: ReadMessage, transfer: readonly ArrayBuffer[] = []): void => {
    port?.postMessage(message, [...transfer]);
  };
  try {
    const result = await readFiles(files, columns, (name, chunk) => {
      const { bytes, offsets, numbers, missing } = chunk;
      const buffers = [bytes, offsets, numbers, missing].map(({ buffer }) => buffer);
      // The shared empty arrays must stay here.
      const own = buffers.filter((buffer) => buffer.byteLength > 0) as ArrayBuffer[];
      post({ id, name, chunk }, own);
    });
    post({ id, ...result });
  } catch (error) {
    post({ id, error: error instanceof Error ? error.message : String(error) });
  }
}
