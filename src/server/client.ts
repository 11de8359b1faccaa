import { GemError, show } from "../errors.ts";
import { LIMITS } from "../protocol/messages.ts";
import type { Entry, EnvEntry, ToolEntry, VectorEntry } from "./entry.ts";

/** One client process: its handles on this worker, shared by its sessions. */
export class Client {
  /** Its 16 bytes as 16 characters. */
  readonly id: string;
  readonly #entries = new Map<number, Entry>();
  #nextHandle = 1;
  /** Sessions that are open. */
  sessions = 0;

  constructor(id: string) {
    this.id = id;
  }

  /** Whether it owns nothing here. */
  get isEmpty(): boolean {
    return this.#entries.size === 0;
  }

  /** @throws GEM_LIMIT when `count` more handles would be too many */
  checkRoom(count: number): void {
    if (this.#entries.size + count <= LIMITS.handles) return;
    throw new GemError(
      "GEM_LIMIT",
      `A client may have ${LIMITS.handles} environments and vectors on one worker. Close some first.`,
    );
  }

  /** Keeps an entry; gives its handle. */
  add(entry: Entry): number {
    const handle = this.#nextHandle++;
    this.#entries.set(handle, entry);
    return handle;
  }

  /** The entry of a handle, or undefined. */
  find(handle: unknown): Entry | undefined {
    return this.#entries.get(handle as number);
  }

  /** @throws GEM_UNKNOWN_HANDLE when this is no handle of an environment */
  env(handle: unknown): EnvEntry {
    const entry = this.find(handle);
    if (entry?.kind === "env") return entry;
    throw unknownHandle("environment", handle);
  }

  /** @throws GEM_UNKNOWN_HANDLE when this is no handle of a vector */
  vector(handle: unknown): VectorEntry {
    const entry = this.find(handle);
    if (entry?.kind === "vector") return entry;
    throw unknownHandle("vector", handle);
  }

  /** @throws GEM_UNKNOWN_HANDLE when this is no handle of a tool */
  tool(handle: unknown): ToolEntry {
    const entry = this.find(handle);
    if (entry?.kind === "tool") return entry;
    throw unknownHandle("tool", handle);
  }

  /** Forgets a handle; gives what it stood for. */
  drop(handle: number): Entry | undefined {
    const entry = this.find(handle);
    this.#entries.delete(handle);
    return entry;
  }
}

function unknownHandle(what: string, handle: unknown): GemError {
  return new GemError(
    "GEM_UNKNOWN_HANDLE",
    `No ${what} has the handle ${show(handle)} here. It was released, or it lives on another worker.`,
  );
}
