import { Pace } from "./pace.ts";

/**
 * Keeps the event loop from going to sleep while a client asks one thing right after another.
 *
 * It looks out only when the last question came soon after the last reply, so a client that thinks in between costs nothing, and
 * not at all on a machine with one core. Timers, other sockets and slices of long work go on meanwhile.
 */
export class Attention {
  readonly #pace: Pace;
  #isLookingOut = false;

  /** @param isWorthIt whether to look out at all; default: where there is more than one core */
  constructor(isWorthIt?: boolean) {
    this.#pace = new Pace(isWorthIt);
  }

  /** Notes that a frame has arrived. */
  noteFrame(): void {
    this.#pace.noteFrame();
  }

  /** Notes that a reply has been sent. */
  noteReply(): void {
    this.#pace.noteReply();
    if (this.#isLookingOut || !this.#pace.isExpecting) return;
    this.#isLookingOut = true;
    setImmediate(this.#lookOut);
  }

  readonly #lookOut = (): void => {
    if (this.#pace.isExpecting) setImmediate(this.#lookOut);
    else this.#isLookingOut = false;
  };
}
