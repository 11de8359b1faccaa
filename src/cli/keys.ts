import { join } from "node:path";
import { CLIENT_FILE } from "../transport/curve/key-files.ts";
import { addKeys, makeKeys } from "../transport/curve/make-keys.ts";

/** `gem keys new <folder>`: makes the keys of a server and its clients. @throws GEM_INVALID_OPTION */
export function runNewKeys(folder: string, names: readonly string[]): void {
  const clients = names.length > 0 ? names : [CLIENT_FILE.replace(".key", "")];
  makeKeys(folder, clients);
  process.stdout.write(`Serve with: gem serve --tcp <host:port> --curve ${folder}\n`);
  sayWhose(folder, clients);
}

/** `gem keys add <folder> <name>`: makes keys for further clients. @throws GEM_INVALID_OPTION */
export function runAddKeys(folder: string, names: readonly string[]): void {
  addKeys(folder, names);
  sayWhose(folder, names);
}

function sayWhose(folder: string, clients: readonly string[]): void {
  const files = clients.map((name) => `  ${join(folder, `${name}.key`)}\n`).join("");
  process.stdout.write(`Give each client its file, and let GEM_CURVE name it there:\n${files}`);
}
