/** A value and its neighbours in the order of use. */
interface Entry<Value> {
  readonly key: string;
  readonly value: Value;
  older: Entry<Value> | undefined;
  newer: Entry<Value> | undefined;
}

/**
 * What was used last, by key, up to a number of bytes.
 *
 * The order of use is a list of its own. A map's order would do, but what is deleted at its front stays there as a gap until the map grows,
 * and whoever looks for the oldest walks over all the gaps.
 */
export class Recent<Value> {
  readonly #maxBytes: number;
  readonly #bytesOf: (key: string, value: Value) => number;
  readonly #entries = new Map<string, Entry<Value>>();
  #oldest: Entry<Value> | undefined;
  #newest: Entry<Value> | undefined;
  #bytes = 0;

  /**
   * @param maxBytes how many bytes all values may have together
   * @param bytesOf the bytes of a value, its key included
   */
  constructor(maxBytes: number, bytesOf: (key: string, value: Value) => number) {
    this.#maxBytes = maxBytes;
    this.#bytesOf = bytesOf;
  }

  /** How many values are held. */
  get count(): number {
    return this.#entries.size;
  }

  /** Whether a value is there; does not count as a use. */
  has(key: string): boolean {
    return this.#entries.has(key);
  }

  /** A value, if it is there. */
  get(key: string): Value | undefined {
    const entry = this.#entries.get(key);
    if (entry === undefined) return undefined;
    if (entry !== this.#newest) {
      this.#unlink(entry);
      this.#link(entry);
    }
    return entry.value;
  }

  /** Adds a value, and drops those whose last use is longest ago until there is room. */
  add(key: string, value: Value): void {
    if (this.#entries.has(key)) return;
    const entry: Entry<Value> = { key, value, older: undefined, newer: undefined };
    this.#entries.set(key, entry);
    this.#link(entry);
    this.#bytes += this.#bytesOf(key, value);
    while (this.#bytes > this.#maxBytes && this.#oldest !== undefined) this.#drop(this.#oldest);
  }

  #drop(entry: Entry<Value>): void {
    this.#unlink(entry);
    this.#entries.delete(entry.key);
    this.#bytes -= this.#bytesOf(entry.key, entry.value);
  }

  #link(entry: Entry<Value>): void {
    entry.older = this.#newest;
    entry.newer = undefined;
    if (this.#newest === undefined) this.#oldest = entry;
    else this.#newest.newer = entry;
    this.#newest = entry;
  }

  #unlink({ older, newer }: Entry<Value>): void {
    if (older === undefined) this.#oldest = newer;
    else older.newer = newer;
    if (newer === undefined) this.#newest = older;
    else newer.older = older;
  }
}
