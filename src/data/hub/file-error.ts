import { GemError } from "../../errors.ts";

const REASONS = new Map([
  ["ENOSPC", "the disk is full"],
  ["EDQUOT", "the quota is used up"],
  ["EFBIG", "the file is larger than the limit"],
  ["EROFS", "the file system is read-only"],
  ["EACCES", "it may not be written there"],
  ["EPERM", "it may not be written there"],
  ["EIO", "the disk fails"],
]);

/** What a broken connection says; it has a system call's name as well. */
const CONNECTION = /^(?:E?CONN|EPIPE$|ETIMEDOUT$|ENET|EHOST|EAI_|ENOTFOUND$|UND_)/;

/** Whether an error is the file system's, not the network's. */
export function isFileError(error: unknown): error is NodeJS.ErrnoException {
  if (!(error instanceof Error && "syscall" in error && "code" in error)) return false;
  return !CONNECTION.test(String(error.code));
}

/**
 * Says that something cannot be kept on this machine.
 *
 * @param what what it is, for the message
 * @param folder where it should go
 */
export function cannotKeep(what: string, folder: string, error: NodeJS.ErrnoException): GemError {
  const reason = REASONS.get(error.code ?? "") ?? error.message;
  const message = `${what} cannot be kept in "${folder}": ${reason}. Make room, or set HF_HUB_CACHE or HF_HOME to a folder that has some.`;
  return new GemError("GEM_UNAVAILABLE", message, { code: error.code }, error);
}
