import { lstatSync, mkdirSync, mkdtempSync } from "node:fs";
import { tmpdir, userInfo } from "node:os";
import { join } from "node:path";

/**
 * Where libraries work, made when it is missing: some write files into their working directory (a program of `rg:codeio` does), which
 * must not be the trainer's. All hosts of a user share it, so what they leave does not grow with their number.
 */
export function workFolder(): string {
  const { uid } = userInfo();
  const folder = join(tmpdir(), `gem-hosts-${uid}`);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const found = lstatSync(folder);
  return found.isDirectory() && found.uid === uid ? folder : mkdtempSync(`${folder}-`);
}
