/** The entry of a thread that does jobs. */
import { parentPort, workerData } from "node:worker_threads";
import { JobRunner, type Job, type JobContext } from "./jobs.ts";

/** A job's number and how it went. */
export type JobReply =
  | { readonly id: number; readonly value: unknown }
  | { readonly id: number; readonly error: string };

const runner = new JobRunner(workerData as JobContext);

parentPort?.on("message", ({ id, job }: { id: number; job: Job }) => {
  parentPort?.postMessage(reply(id, job));
});

function reply(id: number, job: Job): JobReply {
  try {
    return { id, value: runner.run(job) };
  } catch (error) {
    return { id, error: error instanceof Error ? error.message : String(error) };
  }
}
