import { mkdtempSync, readdirSync, rmSync, lstatSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** The longest socket path that every platform takes, in bytes (macOS: 103 and a terminating zero). */
const PATH_BYTES = 100;

const FOLDER_NAME = /^gem-(\d+)-\w{6}$/;

/**
 * Makes a folder for a server's sockets that only its user can enter (0700): `gem-<pid>-xxxxxx` under the system's temporary
 * folder, or under `/tmp` when that path is too long for a socket.
 */
export function makeIpcFolder(): string {
  const name = `gem-${process.pid}-`;
  const longest = join(tmpdir(), `${name}xxxxxx`, "000");
  const base = Buffer.byteLength(longest) < PATH_BYTES ? tmpdir() : "/tmp";
  return mkdtempSync(join(base, name));
}

/** Removes a folder of sockets; does nothing when it is gone. */
export function removeIpcFolder(folder: string): void {
  rmSync(folder, { recursive: true, force: true });
}

/** Removes what servers left behind that were killed: this user's folders whose process is dead and whose sockets nobody answers. */
export async function sweepIpcFolders(): Promise<void> {
  for (const base of new Set([tmpdir(), "/tmp"])) {
    for (const name of readdirSync(base)) {
      const folder = join(base, name);
      const pid = FOLDER_NAME.exec(name)?.[1];
      if (pid === undefined || isAlive(Number(pid)) || !isOurFolder(folder)) continue;
      if (!(await isAnswered(folder))) removeIpcFolder(folder);
    }
  }
}

/** The folders of sockets of this user's servers that run on this machine, as far as they are to be seen from here. */
export function privateFolders(): readonly string[] {
  return [...new Set([tmpdir(), "/tmp"])].flatMap((base) =>
    readdirSync(base)
      .filter((name) => isAlive(Number(FOLDER_NAME.exec(name)?.[1] ?? Number.NaN)))
      .map((name) => join(base, name))
      .filter(isOurFolder),
  );
}

/** Whether a process with this id exists. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
}

function isOurFolder(path: string): boolean {
  const stats = lstatSync(path, { throwIfNoEntry: false });
  return stats?.isDirectory() === true && stats.uid === process.getuid?.();
}

/** Process ids repeat across containers that share a temporary folder, so a living server may have a "dead" one. */
async function isAnswered(folder: string): Promise<boolean> {
  const sockets = readdirSync(folder).map((name) => join(folder, name));
  const answers = await Promise.all(sockets.map(accepts));
  return answers.includes(true);
}

function accepts(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(path);
    socket.once("connect", () => {
      socket.destroy();
      resolve(true);
    });
    socket.once("error", () => {
      resolve(false);
    });
  });
}
