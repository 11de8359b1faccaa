import { randomBytes } from "node:crypto";
import {
  appendFileSync,
  linkSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { curveKeyPair } from "zeromq";
import { GemError, show } from "../../errors.ts";
import {
  ALLOWED_FILE,
  ALLOWED_HEADER,
  SERVER_FILE,
  allowedLine,
  clientText,
  readAllowed,
  readServerKeys,
  serverText,
} from "./key-files.ts";

const SECRET_MODE = 0o600;

const FOLDER_MODE = 0o700;

const NAME = /^[a-z\d][\w.-]{0,63}$/i;

/** Names of clients whose files would stand for something else. */
const RESERVED = new Set([SERVER_FILE, ALLOWED_FILE].map((name) => name.replace(".key", "")));

/**
 * Makes a folder with the keys of a server, a file of keys for each client, and the list of those who may
 * connect. All of it appears at once, or nothing; what is there is never overwritten.
 *
 * @param clients their names
 * @throws GEM_INVALID_OPTION
 */
export function makeKeys(folder: string, clients: readonly string[]): void {
  clients.forEach(checkName);
  if (new Set(clients).size < clients.length) {
    throw new GemError(
      "GEM_INVALID_OPTION",
      `Each client needs a name of its own, got ${show(clients)}.`,
    );
  }
  const place = resolve(folder);
  const draft = join(dirname(place), `.${basename(place)}-${randomBytes(6).toString("hex")}`);
  try {
    mkdirSync(draft, { mode: FOLDER_MODE });
    const server = curveKeyPair();
    write(join(draft, SERVER_FILE), serverText(server));
    const lines = clients.map((name) => writeClient(draft, name, name, server.publicKey));
    write(join(draft, ALLOWED_FILE), `${ALLOWED_HEADER}${lines.join("")}`);
    renameSync(draft, place);
  } catch (error) {
    rmSync(draft, { recursive: true, force: true });
    throw failure(folder, error);
  }
}

/**
 * Makes keys for further clients of a folder's server and puts them on the list.
 *
 * @throws GEM_INVALID_OPTION
 */
export function addKeys(folder: string, names: readonly string[]): void {
  names.forEach(checkName);
  const { publicKey } = readServerKeys(folder);
  const list = join(folder, ALLOWED_FILE);
  readAllowed(list);
  for (const name of names) {
    const line = writeNewClient(folder, name, publicKey);
    const separator = readFileSync(list, "utf8").endsWith("\n") ? "" : "\n";
    appendFileSync(list, `${separator}${line}`);
  }
}

/** Writes `<file>.key`. @returns the client's line in the list */
function writeClient(folder: string, file: string, name: string, serverKey: string): string {
  const pair = curveKeyPair();
  write(join(folder, `${file}.key`), clientText(pair, serverKey));
  return allowedLine(pair.publicKey, name);
}

/** The same where a server may be looking: the file is there whole or not at all. */
function writeNewClient(folder: string, name: string, serverKey: string): string {
  const draft = `.${randomBytes(6).toString("hex")}`;
  try {
    const line = writeClient(folder, draft, name, serverKey);
    linkSync(join(folder, `${draft}.key`), join(folder, `${name}.key`));
    return line;
  } catch (error) {
    throw failure(join(folder, `${name}.key`), error);
  } finally {
    rmSync(join(folder, `${draft}.key`), { force: true });
  }
}

function write(path: string, text: string): void {
  writeFileSync(path, text, { mode: SECRET_MODE, flag: "wx" });
}

function checkName(name: string): void {
  if (NAME.test(name) && !RESERVED.has(name)) return;
  throw new GemError(
    "GEM_INVALID_OPTION",
    `A client's name consists of letters, digits and ._- and is neither server nor allowed, got ${show(name)}.`,
  );
}

function failure(path: string, error: unknown): GemError {
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  if (code === "EEXIST" || code === "ENOTEMPTY" || code === "ENOTDIR") {
    const hint = "Nothing was changed; keys are never overwritten. Choose another name.";
    return new GemError("GEM_INVALID_OPTION", `${path} exists. ${hint}`);
  }
  const why = error instanceof Error ? error.message : String(error);
  return new GemError("GEM_INVALID_OPTION", `${path} cannot be made: ${why}.`);
}
