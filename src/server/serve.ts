import { availableParallelism } from "node:os";
import { PROTOCOL_VERSION } from "../protocol/version.ts";
import { chooseEndpoints, type Place } from "./endpoints.ts";
import { sweepIpcFolders } from "./ipc-folder.ts";
import { errorFields, stderrLog } from "./log.ts";
import { watchParent } from "./parent.ts";
import { WorkerThread } from "./worker-thread.ts";

const MOST_DEFAULT_WORKERS = 8;

/** How a server runs. */
export interface ServeOptions extends Place {
  /** Worker threads, at least 1. */
  readonly workers: number;
  /** The process that it lives for; it must hold the other end of our standard input. */
  readonly parentPid?: number | undefined;
  /** Whether clients may have it run programs of theirs; default: a private server does, a shared one does not. */
  readonly allowPrograms?: boolean | undefined;
}

/** What a server says once it accepts connections. */
export interface Announcement {
  readonly version: number;
  readonly pid: number;
  readonly endpoints: readonly string[];
}

/** One worker for each core, at most 8. */
export function defaultWorkers(): number {
  return Math.min(availableParallelism(), MOST_DEFAULT_WORKERS);
}

/**
 * Serves until a signal (SIGTERM, SIGINT), the parent's end, or a worker's crash.
 *
 * @param announce called once, when the first worker accepts connections
 * @returns the exit code: 0, or 1 after a crash
 */
export async function serve(
  options: ServeOptions,
  announce: (announcement: Announcement) => void,
): Promise<number> {
  const log = stderrLog({});
  const end = endOf(options);
  const endpoints = await chooseEndpoints(options, options.workers);
  process.once("exit", endpoints.remove);
  const threads: WorkerThread[] = [];
  const start = (index: number): WorkerThread => {
    const runsPrograms = options.allowPrograms ?? options.parentPid !== undefined;
    const data = { index, endpoints: endpoints.addresses, runsPrograms };
    const thread = new WorkerThread(data, (error) => {
      log("error", `Worker ${index} crashed; the server ends.`, errorFields(error));
      end.now(1);
    });
    threads.push(thread);
    return thread;
  };
  const first = start(0).ready.then(
    () => true,
    () => false,
  );
  const isReady = await Promise.race([first, end.code.then(() => false)]);
  if (isReady) {
    announce({ version: PROTOCOL_VERSION, pid: process.pid, endpoints: endpoints.addresses });
    for (let index = 1; index < options.workers; index++) start(index);
    sweepIpcFolders().catch((error: unknown) =>
      log("error", "Old sockets could not be removed.", errorFields(error)),
    );
  }
  const code = await end.code;
  await Promise.all(threads.map((thread) => thread.close()));
  endpoints.remove();
  return code;
}

interface End {
  readonly code: Promise<number>;
  readonly now: (code: number) => void;
}

/** When the server ends, and with which code; the first reason counts. */
function endOf({ parentPid }: ServeOptions): End {
  let now: (code: number) => void = () => undefined;
  const code = new Promise<number>((resolve) => {
    now = resolve;
  });
  process.once("SIGTERM", () => now(0));
  process.once("SIGINT", () => now(0));
  if (parentPid !== undefined) watchParent(parentPid, process.stdin, () => now(0));
  return { code, now };
}
