/** Locks that hold between processes, of any language: `flock(2)`, which huggingface_hub's filelock takes as well. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, open, stat, type FileHandle } from "node:fs/promises";
import { dirname } from "node:path";

/**
 * Waits for the lock of a file, which is made when it is not there.
 *
 * @returns a function that gives the lock back; undefined where there are no locks
 * @throws the signal's reason
 */
export async function lockFile(
  path: string,
  signal?: AbortSignal,
): Promise<(() => Promise<void>) | undefined> {
  await mkdir(dirname(path), { recursive: true });
  for (;;) {
    const handle = await open(path, "a", 0o664);
    try {
      if (!(await flock(handle, signal))) {
        await handle.close();
        return undefined;
      }
      // Whoever had the lock may have removed the file: then another file has its name by now, or none.
      const [own, there] = await Promise.all([handle.stat(), stat(path).catch(() => undefined)]);
      if (own.ino === there?.ino) return () => handle.close();
      await handle.close();
    } catch (error) {
      await handle.close();
      throw error;
    }
  }
}

/** Node cannot lock by itself. The command locks what it inherits, which is this process' own, and leaves it locked. */
async function flock(handle: FileHandle, signal?: AbortSignal): Promise<boolean> {
  signal?.throwIfAborted();
  const child = spawn("flock", ["--exclusive", "3"], {
    stdio: ["ignore", "ignore", "ignore", handle.fd],
  });
  const abort = (): void => void child.kill("SIGKILL");
  signal?.addEventListener("abort", abort, { once: true });
  try {
    const [code] = (await once(child, "exit")) as [number | null];
    signal?.throwIfAborted();
    return code === 0;
  } catch (error) {
    signal?.throwIfAborted();
    if (error instanceof Error && "code" in error) return false;
    throw error;
  } finally {
    signal?.removeEventListener("abort", abort);
  }
}
