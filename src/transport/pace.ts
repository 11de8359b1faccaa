import { availableParallelism } from "node:os";

/** How long a thread looks out for the next frame, in ms, before it goes to sleep; waking it costs a good part of a round trip. */
const LOOKOUT_MS = 0.5;

/**
 * Judges whether the next frame is likely to come at once: when the last one came soon after a reply, and the reply to it has just
 * been sent. A client that thinks in between is not waited for, and nobody is on a machine with one core.
 */
export class Pace {
  readonly #isWorthIt: boolean;
  #repliedAt = Number.NEGATIVE_INFINITY;
  #isPressed = false;

  /** @param isWorthIt whether to wait at all; default: where there is more than one core */
  constructor(isWorthIt: boolean = availableParallelism() > 1) {
    this.#isWorthIt = isWorthIt;
  }

  /** Notes that a frame has arrived. */
  noteFrame(): void {
    this.#isPressed = this.#isWorthIt && performance.now() - this.#repliedAt < LOOKOUT_MS;
  }

  /** Notes that a reply has been sent. */
  noteReply(): void {
    this.#repliedAt = performance.now();
  }

  /** Whether it is worth looking out for the next frame now. */
  get isExpecting(): boolean {
    return this.#isPressed && performance.now() - this.#repliedAt < LOOKOUT_MS;
  }
}
