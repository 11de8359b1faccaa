/** Rings once at the earliest of the times it was set to; it keeps no program alive. */
export class Alarm {
  readonly #onRing: () => void;
  #timer: NodeJS.Timeout | undefined;
  #at = Number.POSITIVE_INFINITY;

  /** @param onRing called after what had arrived by then was handled: this loop may have been busy itself */
  constructor(onRing: () => void) {
    this.#onRing = onRing;
  }

  /** Rings at this time, on `performance.now`'s clock, unless it does so earlier. */
  set(at: number): void {
    if (at >= this.#at) return;
    clearTimeout(this.#timer);
    this.#at = at;
    this.#timer = setTimeout(
      () => {
        this.#at = Number.POSITIVE_INFINITY;
        setImmediate(this.#onRing);
      },
      Math.max(1, Math.ceil(at - performance.now())),
    );
    this.#timer.unref();
  }

  /** Does not ring any more. */
  clear(): void {
    clearTimeout(this.#timer);
    this.#at = Number.POSITIVE_INFINITY;
  }
}
