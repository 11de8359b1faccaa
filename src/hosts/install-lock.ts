import { randomUUID } from "node:crypto";
import {
  linkSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { hostname } from "node:os";
import { setTimeout as after } from "node:timers/promises";

const LOOK_MS = 100;
const BEAT_MS = 5000;
/** A holder on another machine, or one whose process number belongs to somebody else now, is gone when it was silent so long. */
const STALE_MS = 60_000;

/** How to wait for a lock. */
export interface LockOptions {
  /** Called once, when somebody else holds the lock. */
  readonly onWait?: (() => void) | undefined;
  /** Ends the waiting. */
  readonly signal?: AbortSignal | undefined;
}

/** Works while no other process works under the same path. What a killed process held is taken over. */
export async function withLock<T>(
  path: string,
  work: () => Promise<T>,
  options: LockOptions = {},
): Promise<T> {
  const owner = JSON.stringify({ pid: process.pid, host: hostname(), id: randomUUID() });
  await acquire(path, owner, options);
  const beat = setInterval(touch, BEAT_MS, path).unref();
  try {
    return await work();
  } finally {
    clearInterval(beat);
    if (read(path) === owner) rmSync(path);
  }
}

async function acquire(
  path: string,
  owner: string,
  { onWait, signal }: LockOptions,
): Promise<void> {
  let isToldOf = false;
  while (!take(path, owner)) {
    const holder = read(path);
    if (holder === undefined) continue;
    if (isStale(path, holder)) {
      takeAway(path, holder);
      continue;
    }
    if (!isToldOf) onWait?.();
    isToldOf = true;
    await after(LOOK_MS, undefined, { signal });
  }
}

function take(path: string, owner: string): boolean {
  return isDone("EEXIST", () => {
    writeFileSync(path, owner, { flag: "wx" });
  });
}

function isStale(path: string, holder: string): boolean {
  const { pid, host } = parse(holder);
  if (host === hostname() && pid !== undefined && !isAlive(pid)) return true;
  const touched = statSync(path, { throwIfNoEntry: false })?.mtimeMs;
  return touched !== undefined && Date.now() - touched > STALE_MS;
}

/** Removes a stale lock, unless somebody else did so and holds a new one. */
function takeAway(path: string, holder: string): void {
  const aside = `${path}.${String(process.pid)}`;
  if (
    !isDone("ENOENT", () => {
      renameSync(path, aside);
    })
  )
    return;
  if (read(aside) !== holder)
    isDone("EEXIST", () => {
      linkSync(aside, path);
    });
  rmSync(aside);
}

function touch(path: string): void {
  const now = new Date();
  isDone("ENOENT", () => {
    utimesSync(path, now, now);
  });
}

function read(path: string): string | undefined {
  let text: string | undefined;
  isDone("ENOENT", () => {
    text = readFileSync(path, "utf8");
  });
  return text;
}

/** A file that is being written reads as one of nobody. */
function parse(holder: string): { readonly pid?: number; readonly host?: string } {
  try {
    return JSON.parse(holder) as { pid: number; host: string };
  } catch {
    return {};
  }
}

function isAlive(pid: number): boolean {
  // EPERM: it is somebody else's.
  return isDone("ESRCH", () => {
    isDone("EPERM", () => process.kill(pid, 0));
  });
}

/** Does something; false when it fails in one expected way. */
function isDone(expected: string, action: () => void): boolean {
  try {
    action();
    return true;
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === expected) return false;
    throw error;
  }
}
