import type { Work } from "../../core/host.ts";

/**
 * Work that is done once for all who wait for it: each of them goes on with it when it is their turn, so that one who must
 * have it at once does not depend on one who takes their time.
 */
export class SharedWork<T> {
  readonly #work: Work<T>;
  #end: { readonly value: T } | { readonly error: unknown } | undefined;

  constructor(work: Work<T>) {
    this.#work = work;
  }

  /** The result, or the error that the work threw. */
  *join(): Work<T> {
    while (this.#end === undefined) {
      if (!this.#advance()) yield;
    }
    if ("error" in this.#end) throw this.#end.error;
    return this.#end.value;
  }

  /** Whether the work is at its end. */
  #advance(): boolean {
    try {
      const next = this.#work.next();
      if (next.done === true) this.#end = { value: next.value };
    } catch (error) {
      this.#end = { error };
    }
    return this.#end !== undefined;
  }
}
