import { setImmediate } from "node:timers/promises";
import type { MaybePromise } from "../core/maybe-promise.ts";
import { GemError } from "../errors.ts";

/** How long calls may follow each other before the event loop gets its turn, in ms. */
const SLICE_MS = 2;

/**
 * The time a check has. Calls are made through it one after the other: one that is late fails the check, and between them
 * others get their turn. Code that never gives the event loop back cannot be interrupted.
 */
export class Deadline {
  readonly #limitMs: number;
  readonly #end: number;
  #sliceEnd: number;
  #isOver = false;
  #isStuck = false;

  /** @param limitMs from now, > 0 */
  constructor(limitMs: number) {
    const now = performance.now();
    this.#limitMs = limitMs;
    this.#end = now + limitMs;
    this.#sliceEnd = now + SLICE_MS;
  }

  /** Whether a call was late. */
  get isOver(): boolean {
    return this.#isOver;
  }

  /** Whether one call alone took half of the time or more: it hangs, and others would, too. */
  get isStuck(): boolean {
    return this.#isStuck;
  }

  /**
   * Makes a call and waits for it.
   *
   * @param what the call, for the message
   * @throws what the call throws; GEM_DEADLINE when the time is over
   */
  async run<T>(what: string, call: () => MaybePromise<T>): Promise<T> {
    if (performance.now() > this.#sliceEnd) {
      await setImmediate();
      this.#sliceEnd = performance.now() + SLICE_MS;
    }
    const start = performance.now();
    const value = call();
    const settled = value instanceof Promise ? await this.#race(what, start, value) : value;
    if (performance.now() > this.#end) throw this.#late(what, start);
    return settled;
  }

  async #race<T>(what: string, start: number, value: Promise<T>): Promise<T> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_, reject) => {
      const left = Math.max(0, this.#end - performance.now());
      timer = setTimeout(() => reject(this.#late(what, start)), left);
    });
    try {
      return await Promise.race([value, late]);
    } finally {
      clearTimeout(timer);
    }
  }

  #late(what: string, start: number): GemError {
    this.#isOver = true;
    this.#isStuck = performance.now() - start >= this.#limitMs / 2;
    const seconds = String(this.#limitMs / 1000);
    return new GemError(
      "GEM_DEADLINE",
      `The check did not end within ${seconds} s; its last call was ${what}.`,
    );
  }
}
