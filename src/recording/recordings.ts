/** The files that this thread records into. */
import { join, resolve } from "node:path";
import { Output, outputCounts, threadName, type Complain } from "./output.ts";
import { packageVersion } from "./package-version.ts";
import { Recording } from "./recording.ts";

/** Where to record, and how much. */
export interface RecordOptions {
  /** The file; what is there stays, and more is appended. */
  readonly path: string;
  /** Whether observations are written whole, and not their hashes alone. */
  readonly withObservations?: boolean;
}

/** Who records in this thread. */
interface Recorder {
  readonly worker: string;
  readonly complain: Complain;
}

const files = new Map<string, Output>();
const recordings = new Map<string, Recording>();
let recorder: Recorder = { worker: threadName(), complain: warn };
let isWatchingExit = false;

/** Says who records in this thread, for headers, and who is told when writing fails. */
export function introduceRecorder(worker: string, complain: Complain): void {
  recorder = { worker, complain };
}

/**
 * The recording into a file, the same one for the same file.
 *
 * @throws GEM_INVALID_ARGUMENT when the file cannot be written
 */
export function recordingAt({ path, withObservations = false }: RecordOptions): Recording {
  const file = resolve(path);
  const key = `${withObservations ? "whole" : "hashes"}:${file}`;
  const known = recordings.get(key);
  if (known !== undefined) return known;
  let output = files.get(file);
  if (output === undefined) {
    output = new Output(file, recorder.worker, packageVersion(), recorder.complain);
    files.set(file, output);
  }
  const recording = new Recording(output, withObservations);
  recordings.set(key, recording);
  watchExit();
  return recording;
}

/**
 * Where everything is recorded: a file of this thread's own in the folder that `GEM_RECORD` names, with whole observations when
 * `GEM_RECORD_OBSERVATIONS` is 1; undefined without it.
 */
export function recordFromEnvironment(): RecordOptions | undefined {
  const folder = process.env["GEM_RECORD"] ?? "";
  if (folder === "") return undefined;
  const name = `${String(process.pid)}-${recorder.worker.replaceAll(/\W+/g, "-")}.jsonl`;
  const withObservations = process.env["GEM_RECORD_OBSERVATIONS"] === "1";
  return { path: join(folder, name), withObservations };
}

/** Settles when all that this thread noted is in its files. */
export async function flushRecordings(): Promise<void> {
  await Promise.all([...recordings.values()].map((recording) => recording.flush()));
}

/** Bytes that this thread's recordings have written, and writes that failed. */
export function recordingCounts(): { readonly bytes: number; readonly errors: number } {
  return { ...outputCounts };
}

function watchExit(): void {
  if (isWatchingExit) return;
  isWatchingExit = true;
  process.once("exit", () => {
    for (const recording of recordings.values()) recording.flushNow();
  });
}

function warn(path: string, error: Error): void {
  process.emitWarning(`Nothing more is recorded in ${path}: ${error.message}`, {
    type: "RecordingWarning",
    code: "GEM_RECORDING",
  });
}
