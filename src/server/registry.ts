/**
 * The folder in which servers say where they are: one file each, written at once and never changed, so nobody needs a lock and a shared file
 * system will do. Clients read it (`python/gem/_bridge/registry.py`); only `endpoints` matters to them, and `key` where there is one.
 */
import { randomBytes } from "node:crypto";
import {
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { hostname } from "node:os";
import { isAbsolute, join } from "node:path";
import { fileURLToPath } from "node:url";
import { GemError, show } from "../errors.ts";

/** What a folder of servers is written with in `GEM_SERVER` and `--join`. */
export const REGISTRY_SCHEME = "file://";

const SUFFIX = ".json";

/** A server, as its file says it. */
export interface RegisteredServer {
  readonly endpoints: readonly string[];
  /** The server's public key, where clients need keys. */
  readonly key?: string | undefined;
}

/** The folder that `file:///folder` names. @throws GEM_INVALID_OPTION for anything else */
export function registryFolder(address: string): string {
  try {
    const folder = fileURLToPath(address);
    if (address.startsWith(REGISTRY_SCHEME) && isAbsolute(folder)) return folder;
  } catch {
    // Said below.
  }
  throw new GemError(
    "GEM_INVALID_OPTION",
    `A folder of servers is written file:///absolute/path, got ${show(address)}.`,
  );
}

/**
 * Adds a server to a folder, which is made if need be; removes what servers left there that died on this machine.
 *
 * @returns takes it out again; never throws
 * @throws GEM_INVALID_OPTION when nothing can be written there
 */
export function joinRegistry(folder: string, server: RegisteredServer): () => void {
  const name = `${hostname()}-${process.pid}-${randomBytes(4).toString("hex")}`;
  const draft = join(folder, `.${name}`);
  const place = join(folder, name + SUFFIX);
  const text = JSON.stringify({ ...server, pid: process.pid, machine: machine() });
  try {
    mkdirSync(folder, { recursive: true });
    sweep(folder);
    writeFileSync(draft, `${text}\n`);
    renameSync(draft, place);
  } catch (error) {
    throw new GemError(
      "GEM_INVALID_OPTION",
      `The server cannot be added to ${folder}: ${String(error)}`,
    );
  }
  return () => {
    try {
      rmSync(place, { force: true });
    } catch {
      // The folder is out of reach; clients notice that nobody answers.
    }
  };
}

/** The servers of a folder; empty where it cannot be read. */
export function readRegistry(folder: string): readonly RegisteredServer[] {
  return filesOf(folder).flatMap((place) => {
    const server = readServer(place);
    return server === undefined ? [] : [server];
  });
}

interface Found extends RegisteredServer {
  readonly pid?: unknown;
  readonly machine?: unknown;
}

function readServer(place: string): Found | undefined {
  try {
    const found = JSON.parse(readFileSync(place, "utf8")) as Found;
    return Array.isArray(found.endpoints) ? found : undefined;
  } catch {
    return undefined;
  }
}

function filesOf(folder: string): readonly string[] {
  try {
    return readdirSync(folder)
      .filter((name) => name.endsWith(SUFFIX) && !name.startsWith("."))
      .map((name) => join(folder, name));
  } catch {
    return [];
  }
}

function sweep(folder: string): void {
  const here = machine();
  for (const place of filesOf(folder)) {
    const { pid, machine: where } = readServer(place) ?? {};
    if (where === here && typeof pid === "number" && !isAlive(pid)) rmSync(place, { force: true });
  }
}

/** Tells apart machines, and containers on one, whose processes have numbers of their own. */
function machine(): string {
  try {
    const boot = readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim();
    return `${boot} ${readlinkSync("/proc/self/ns/pid")}`;
  } catch {
    return hostname();
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}
