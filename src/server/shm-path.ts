import { randomBytes } from "node:crypto";
import { tmpdir } from "node:os";
import { join } from "node:path";

/**
 * Where the worker at an address agrees on shared memory with its clients: in Linux's abstract namespace, where nothing can be left
 * behind; elsewhere beside its socket, or under the temporary folder.
 */
export function shmPath(address: string, platform: NodeJS.Platform = process.platform): string {
  const name = `gem-${process.pid}-${randomBytes(6).toString("hex")}`;
  if (platform === "linux") return `@${name}`;
  const socket = /^(?:unix|ipc):\/\/(.+)$/.exec(address)?.[1];
  return socket === undefined ? join(tmpdir(), name) : `${socket}s`;
}
