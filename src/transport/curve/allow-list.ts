import { readAllowed } from "./key-files.ts";

const WATCH_MS = 500;

/** Says that an allow-list cannot be read. */
export type NoteTrouble = (error: unknown) => void;

/**
 * Who may connect, by a file that may change at any time. It is read for each new connection, so that a change counts from the next one
 * on; while it cannot be read nobody new may connect, and those who are connected stay.
 */
export class AllowList {
  readonly #path: string;
  readonly #noteTrouble: NoteTrouble;
  /** What was read last. */
  #known: ReadonlySet<string>;
  #onRemoved: () => void = () => undefined;
  #timer: NodeJS.Timeout | undefined;

  /** @throws GEM_INVALID_OPTION when it cannot be read at the start */
  constructor(path: string, noteTrouble: NoteTrouble) {
    this.#path = path;
    this.#noteTrouble = noteTrouble;
    this.#known = readAllowed(path);
  }

  /** Whether a client may connect. @param key its public key, Z85 */
  allows(key: string): boolean {
    let now: ReadonlySet<string>;
    try {
      now = readAllowed(this.#path);
    } catch (error) {
      this.#noteTrouble(error);
      return false;
    }
    const before = this.#known;
    this.#known = now;
    if ([...before].some((known) => !now.has(known))) this.#onRemoved();
    return now.has(key);
  }

  /** Calls `onRemoved` whenever a key is found to be removed, until `close`. */
  watch(onRemoved: () => void): void {
    this.#onRemoved = onRemoved;
    // Read again and again, because folders of keys lie on network file systems, too, which tell nothing of changes made elsewhere.
    this.#timer = setInterval(() => this.allows(""), WATCH_MS);
    this.#timer.unref();
  }

  close(): void {
    this.#onRemoved = () => undefined;
    clearInterval(this.#timer);
  }
}
