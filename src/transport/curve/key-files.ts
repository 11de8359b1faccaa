/**
 * Files of CURVE keys. Keys are Z85 text, 40 characters, which may hold `#` but no space; so a comment is a line whose first word is `#`.
 *
 * - `server.key`, `<client>.key`: lines `public <key>` and `secret <key>`; a client's has `server <key>`, too. Only their user may
 *   read them.
 * - `allowed`: a line `<public key> <note>` for each client that may connect.
 */
import { readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { GemError, show } from "../../errors.ts";

/** The file of the server's key pair. */
export const SERVER_FILE = "server.key";

/** The file of the client that `gem keys new` makes when it is told no names. */
export const CLIENT_FILE = "client.key";

/** The file of the public keys that may connect. */
export const ALLOWED_FILE = "allowed";

/** A key pair. */
export interface KeyPair {
  readonly publicKey: string;
  readonly secretKey: string;
}

const KEY = /^[\w.\-:+=^!/*?&<>()[\]{}@%$#]{40}$/;

const OTHERS_BITS = 0o077;

/** Whether a text is a key. `_` is a word character to regular expressions and none of Z85's. */
export function isKey(text: string): boolean {
  return KEY.test(text) && !text.includes("_");
}

/** The text of a server's file. */
export function serverText({ publicKey, secretKey }: KeyPair): string {
  return `# The keys of a GEM server. Whoever reads this file can pose as the server.
public ${publicKey}
secret ${secretKey}
`;
}

/** The text of a client's file. */
export function clientText({ publicKey, secretKey }: KeyPair, serverKey: string): string {
  return `# The keys of a client of a GEM server; GEM_CURVE names this file. Whoever reads it can pose as the client.
public ${publicKey}
secret ${secretKey}
# The server's public key.
server ${serverKey}
`;
}

/** The beginning of an allow-list. */
export const ALLOWED_HEADER = `# The public keys of the clients that may connect, one a line; what follows a key is a note.
# The server reads this file again when it changes: a client whose line is removed is cut off.
`;

/** One line of an allow-list. */
export function allowedLine(publicKey: string, note: string): string {
  return `${publicKey} ${note}\n`;
}

/** The server's keys in a folder that `gem keys new` made. @throws GEM_INVALID_OPTION */
export function readServerKeys(folder: string): KeyPair {
  const path = join(folder, SERVER_FILE);
  const hint = "Make a folder of keys with 'gem keys new <folder>'.";
  const lines = wordsOf(readText(path, hint));
  assertPrivate(path);
  return { publicKey: named(path, lines, "public"), secretKey: named(path, lines, "secret") };
}

/** The public keys that an allow-list names. @throws GEM_INVALID_OPTION */
export function readAllowed(path: string): ReadonlySet<string> {
  const text = readText(path, "It lists the public keys of the clients that may connect.");
  const keys = wordsOf(text).map(([key = ""]) => key);
  const wrong = keys.find((key) => !isKey(key));
  if (wrong === undefined) return new Set(keys);
  throw new GemError(
    "GEM_INVALID_OPTION",
    `${path} must have a public key (40 characters) at the beginning of each line, got ${show(wrong)}.`,
  );
}

/** The words of all lines that are neither empty nor comments. */
function wordsOf(text: string): readonly (readonly string[])[] {
  return text
    .split("\n")
    .map((line) => line.trim().split(/\s+/))
    .filter(([first]) => first !== "" && first !== "#");
}

function named(path: string, lines: readonly (readonly string[])[], name: string): string {
  const key = lines.find(([first]) => first === name)?.[1] ?? "";
  if (isKey(key)) return key;
  throw new GemError("GEM_INVALID_OPTION", `${path} must have a line "${name} <key>".`);
}

function readText(path: string, hint: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new GemError("GEM_INVALID_OPTION", `${path} cannot be read (${why}). ${hint}`);
  }
}

function assertPrivate(path: string): void {
  const mode = statSync(path).mode & 0o777;
  if ((mode & OTHERS_BITS) === 0) return;
  throw new GemError(
    "GEM_INVALID_OPTION",
    `${path} holds a secret key and can be read by others (mode ${mode.toString(8)}). Run: chmod 600 ${path}`,
  );
}
