import { GemError, show } from "../errors.ts";
import { LIMITS } from "../protocol/messages.ts";
import type { Entry, EnvEntry, Stem, ToolEntry, VectorEntry } from "./entry.ts";
import { DEFAULT_QUOTAS, overQuota, type CallRate, type Quotas } from "./quotas.ts";

/** One client process: its handles on this worker, shared by its sessions. */
export class Client {
  /** Its 16 bytes as 16 characters. */
  readonly id: string;
  readonly #entries = new Map<number, Entry>();
  readonly #quotas: Quotas;
  #nextHandle: number;
  #environments = 0;
  readonly #free = (): void => {
    this.#environments -= 1;
  };
  #takeLate: ((entry: Entry) => void) | undefined;
  /** Names of the sessions that are open. */
  readonly sessions: Set<string> = new Set<string>();
  /** How many of them have a connection. */
  connected = 0;
  /** How often it may call; undefined for as often as it likes. */
  readonly rate: CallRate | undefined;

  /** @param firstHandle above those that an earlier client of this name had */
  constructor(id: string, quotas: Quotas = DEFAULT_QUOTAS, rate?: CallRate, firstHandle = 1) {
    this.#nextHandle = firstHandle;
    this.id = id;
    this.#quotas = quotas;
    this.rate = rate;
  }

  /** The handle that its next entry gets. */
  get nextHandle(): number {
    return this.#nextHandle;
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

  /** @throws GEM_LIMIT when `count` more environments would be too many */
  checkEnvironments(count: number): void {
    this.checkRoom(count);
    const { environments } = this.#quotas;
    if (this.#environments + count <= environments) return;
    throw overQuota(
      `A client may have ${environments} environments on one worker, and has ${this.#environments}; ${count} more were asked for`,
      "--max-environments",
      "Drop some first",
    );
  }

  /** Counts an environment until nothing holds it any more. */
  count(stem: Stem): void {
    this.#environments += 1;
    stem.onFree = this.#free;
  }

  /** Keeps an entry; gives its handle. */
  add(entry: Entry): number {
    const handle = this.#nextHandle++;
    if (this.#takeLate === undefined) this.#entries.set(handle, entry);
    else this.#takeLate(entry);
    return handle;
  }

  /** Gives up everything it has. @param takeLate gets what calls that still run would add */
  end(takeLate: (entry: Entry) => void): readonly Entry[] {
    this.#takeLate = takeLate;
    const entries = [...this.#entries.values()];
    this.#entries.clear();
    return entries;
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
