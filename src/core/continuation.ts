/** How an observation goes on from the one shown before it. */
export interface Link {
  /** The number of the observation that it goes on from; 0 when it stands alone. */
  readonly from: number;
  /** UTF-16 units of the earlier text that are kept. */
  readonly keep: number;
  /** What follows them. */
  readonly tail: string;
}

/**
 * An observation that goes on from the one shown before it: so much of that one, and new text behind. A history that grows by a
 * line a step can then be sent by the line.
 */
export interface Continuation extends Link {
  /** The whole observation. */
  readonly text: string;
  /** Its number, above 0; no other observation has it. */
  readonly serial: number;
  /** Whether the tail was taken in place of the whole, which then need not become one piece of memory. */
  isTaken: boolean;
}

let serials = 0;

/** An observation that goes on from an earlier one, or stands alone. */
export function continuation(text: string, link?: Link): Continuation {
  const { from, keep, tail } = link ?? { from: 0, keep: 0, tail: text };
  return { text, serial: ++serials, from, keep, tail, isTaken: false };
}
