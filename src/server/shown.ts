import type { Continuation } from "../core/continuation.ts";
import type { Env, Observation } from "../core/env.ts";

/** Shorter texts are sent whole: it costs less than to say what is kept. */
const KEPT_FROM = 32;
const WHOLE = -1;

/** What a client names its copy of a vector's observations by: the number of the one it has (0: none), and of the next. */
export type Numbers = readonly [has: number, next: number];

/** Observations as they are sent to a client that has earlier ones. */
export interface Shortened {
  /** Of each what is new, or the whole. */
  readonly observations: readonly Observation[];
  /** How many UTF-16 units of the earlier one stand before it, as little-endian int32; −1: it is whole. */
  readonly keeps: Uint8Array;
}

/** The observations of a vector that its client has, so that those which go on from them are sent by what is new. */
export class Shown {
  /** By member: the serial number of the observation that the client has; 0: none. */
  readonly #serials: number[] = [];
  /** The number of the client's copy; 0: it has none. */
  #number = 0;

  /**
   * Leaves out what the client has.
   *
   * @param envs the members of the vector
   * @param observations their newest ones, one for each of `members`
   * @param members positions in `envs`; null: all
   * @returns undefined when all are sent whole
   */
  shorten(
    envs: readonly Env[],
    observations: readonly Observation[],
    members: readonly number[] | null,
    [has, next]: Numbers,
  ): Shortened | undefined {
    const isKnown = has !== 0 && has === this.#number;
    // What it got by calls that it had not read yet when it made this one may be missing in its copy.
    if (!isKnown) this.#serials.length = 0;
    let sent: Observation[] | undefined;
    let keeps: DataView | undefined;
    for (let position = 0; position < observations.length; position++) {
      const member = members === null ? position : (members[position] ?? 0);
      const newest = continuationTo(envs[member], observations[position]);
      if (newest !== undefined && isKnown && this.#has(member, newest)) {
        keeps ??= allWhole(observations.length);
        keeps.setInt32(position * 4, newest.keep, true);
        sent ??= [...observations];
        sent[position] = newest.tail;
        newest.isTaken = true;
      }
      this.#serials[member] = newest?.serial ?? 0;
    }
    this.#number = next;
    return sent && keeps && { observations: sent, keeps: new Uint8Array(keeps.buffer) };
  }

  /** Whether the client has enough of what an observation goes on from. */
  #has(member: number, { from, keep }: Continuation): boolean {
    return from !== 0 && from === this.#serials[member] && keep >= KEPT_FROM;
  }
}

/** How an observation goes on, when it is the environment's newest and that is known. */
function continuationTo(
  env: Env | undefined,
  observation: Observation | undefined,
): Continuation | undefined {
  const newest = env?.continuation;
  return newest?.text === observation ? newest : undefined;
}

function allWhole(count: number): DataView {
  return new DataView(new Int32Array(count).fill(WHOLE).buffer);
}
