/** The only place that loads the native addon, which carries frames through shared memory. */
import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";

/** The server's end of all connections at one path; made for an event loop: nothing waits, but `next` for as long as it is told. */
export interface ShmServer {
  /**
   * The next frame of any client; goes on with queued replies, too.
   *
   * @param target at `offset` gets the number of the frame's connection (4 bytes, little-endian) and, if it fits behind that, the
   * frame; otherwise `take` gives it
   * @param spinMicros how long to look out for one, in µs
   * @returns the frame's length in bytes, or -1 when there is none
   */
  next(target: Uint8Array, offset: number, spinMicros: number): number;
  /** The frame that `next` named without having room for it; null when its connection has ended meanwhile. */
  take(connection: number): Buffer | null;
  /**
   * Sends a frame; what does not fit into memory follows when the client has made room. False when the client is gone.
   *
   * @throws GEM_LIMIT when the client takes no frame of this length
   */
  reply(connection: number, frame: Uint8Array): boolean;
  /** Ends a connection; false when it is gone already. */
  closeConnection(connection: number): boolean;
  /** The connections that have ended since the last time. */
  takeClosed(): number[];
  /** A new descriptor, the caller's to close, that becomes readable when an armed server must look again. */
  openBell(): number;
  /** Asks clients to ring the bell from now on; false (and they are not asked) when there is something to do first. */
  arm(): boolean;
  /** Takes that back and silences the bell. */
  disarm(): void;
  /** Ends all connections and removes the path; twice is fine. */
  close(): void;
}

/** The client's end of one connection. It blocks the calling thread. */
export interface ShmClient {
  /** The server's number of this connection. */
  readonly connection: number;
  /** Sends a frame, waiting for room at most so long. @throws GEM_DEADLINE, GEM_SERVER_LOST, GEM_LIMIT */
  send(frame: Uint8Array, timeoutMs?: number): void;
  /** The next frame, waited for at most so long. @throws GEM_DEADLINE, GEM_SERVER_LOST */
  receive(timeoutMs?: number): Buffer;
  /** The next frame if it is there, else null. @throws GEM_SERVER_LOST */
  tryReceive(): Buffer | null;
  /** Hangs up; twice is fine. */
  close(): void;
}

/** How to connect; what is left out has a default. */
export interface ShmClientOptions {
  /** Bytes of the ring that requests go through, a power of two. */
  readonly requestBytes?: number;
  /** Bytes of the ring that replies go through, a power of two. */
  readonly responseBytes?: number;
  /** Bytes that a frame may have, either way. */
  readonly maxMessage?: number;
  /** How long connecting may take, in ms. */
  readonly timeoutMs?: number;
}

/** What the addon exports. */
export interface Addon {
  /** Clients and servers of different layouts refuse each other. */
  readonly LAYOUT_VERSION: number;
  /**
   * Listens at a path; `@name` is in Linux's abstract namespace.
   *
   * @param token 16 bytes that clients must present: they learn it over the connection that they come from
   * @param maxMessage bytes that a frame may have
   * @throws GEM_UNAVAILABLE, GEM_INVALID_ARGUMENT
   */
  readonly ShmServer: new (path: string, token: Uint8Array, maxMessage: number) => ShmServer;
  /** Connects to a path. @throws GEM_UNAVAILABLE, GEM_DEADLINE, GEM_INVALID_ARGUMENT */
  readonly ShmClient: new (
    path: string,
    token: Uint8Array,
    options?: ShmClientOptions,
  ) => ShmClient;
}

/** Where the build puts the addon; the same from `src/` and from `dist/`. */
export const ADDON_PATH: string = fileURLToPath(
  new URL(`../../native/gem-shm.${process.platform}-${process.arch}.node`, import.meta.url),
);

/** The addon at a path, or an error that says why there is none. */
export function loadAddon(path: string = ADDON_PATH): Addon | Error {
  if (!existsSync(path)) {
    return new Error(`There is no ${path}: \`npm run build:bridge\` makes it where cargo is.`);
  }
  try {
    const addon: unknown = createRequire(import.meta.url)(path);
    if (isAddon(addon)) return addon;
    return new Error(`${path} is not this version's addon: \`npm run build:bridge\` makes it.`);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return new Error(`${path} cannot be loaded: ${reason}`);
  }
}

function isAddon(value: unknown): value is Addon {
  return (
    typeof value === "object" &&
    value !== null &&
    "LAYOUT_VERSION" in value &&
    "ShmServer" in value &&
    "ShmClient" in value
  );
}
