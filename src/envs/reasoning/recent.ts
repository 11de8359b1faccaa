/** What was used last, by key, up to a number of bytes. */
export class Recent<Value> {
  readonly #maxBytes: number;
  readonly #bytesOf: (key: string, value: Value) => number;
  readonly #values = new Map<string, Value>();
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
    return this.#values.size;
  }

  /** Whether a value is there; does not count as a use. */
  has(key: string): boolean {
    return this.#values.has(key);
  }

  /** A value, if it is there. */
  get(key: string): Value | undefined {
    const value = this.#values.get(key);
    if (value === undefined) return undefined;
    this.#values.delete(key);
    this.#values.set(key, value);
    return value;
  }

  /** Adds a value, and drops those whose last use is longest ago until there is room. */
  add(key: string, value: Value): void {
    if (this.#values.has(key)) return;
    this.#values.set(key, value);
    this.#bytes += this.#bytesOf(key, value);
    for (const [oldest, dropped] of this.#values) {
      if (this.#bytes <= this.#maxBytes) break;
      this.#values.delete(oldest);
      this.#bytes -= this.#bytesOf(oldest, dropped);
    }
  }
}
