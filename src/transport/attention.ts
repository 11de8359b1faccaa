import { availableParallelism } from "node:os";

/** How long a thread looks out for the next frame, in ms, before it goes to sleep; waking it costs a good part of a round trip. */
const LOOKOUT_MS = 0.5;

/**
 * Keeps the event loop from going to sleep while a client asks one thing right after another.
 *
 * It looks out only when the last question came soon after the last reply, so a client that thinks in between costs nothing, and
 * not at all on a machine with one core. Timers, other sockets and slices of long work go on meanwhile.
 */
export class Attention {
  readonly #isWorthIt: boolean;
  #isLookingOut = false;
  #repliedAt = Number.NEGATIVE_INFINITY;
  #isPressed = false;

  /** @param isWorthIt whether to look out at all; default: where there is more than one core */
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
    if (!this.#isPressed || this.#isLookingOut) return;
    this.#isLookingOut = true;
    setImmediate(this.#lookOut);
  }

  readonly #lookOut = (): void => {
    if (performance.now() - this.#repliedAt < LOOKOUT_MS) setImmediate(this.#lookOut);
    else this.#isLookingOut = false;
  };
}
