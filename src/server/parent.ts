import type { Readable } from "node:stream";
import { isAlive } from "./ipc-folder.ts";

const CHECK_MS = 500;

/**
 * Calls `onGone` once when the parent process ends: at once when its end of our standard input closes, else within half a second.
 *
 * @param parentPid the process that we live for
 * @param input our standard input, a pipe from the parent
 * @returns stops watching
 */
export function watchParent(
  parentPid: number,
  input: Readable,
  onGone: (how: string) => void,
): () => void {
  const firstParent = process.ppid;
  const stop = (): void => {
    clearInterval(timer);
    input.removeAllListeners();
    input.pause();
  };
  const gone = (how: string): void => {
    stop();
    onGone(how);
  };
  const timer = setInterval(() => {
    if (process.ppid !== firstParent || !isAlive(parentPid)) gone(`process ${parentPid} ended`);
  }, CHECK_MS);
  timer.unref();
  const closed = (): void => gone("standard input was closed");
  input.once("end", closed);
  input.once("close", closed);
  input.once("error", closed);
  input.resume();
  return stop;
}
