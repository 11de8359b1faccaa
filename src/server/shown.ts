import type { Continuation } from "../core/continuation.ts";
import type { Env, Observation } from "../core/env.ts";
import { GemError, show } from "../errors.ts";

/** Shorter texts are sent whole: it costs less than to say what is kept. */
const KEPT_FROM = 32;
const WHOLE = -1;
const KEEP_BYTES = 4;

/** What a client names its copy of a vector's observations by: the number of the one it has (0: none), and of the next. */
export type Numbers = readonly [has: number, next: number];

/** The numbers that a call has for them; undefined where it has none. @throws GEM_INVALID_ARGUMENT */
export function checkNumbers(numbers: unknown): Numbers | undefined {
  if (numbers === undefined || numbers === null) return undefined;
  if (Array.isArray(numbers) && numbers.length === 2 && numbers.every(isCount)) {
    const [has, next] = numbers as readonly number[];
    return [has ?? 0, next ?? 0];
  }
  throw new GemError(
    "GEM_INVALID_ARGUMENT",
    `shown must be null or two integers from 0 on, got ${show(numbers)}.`,
  );
}

function isCount(value: unknown): boolean {
  return typeof value === "number" && Number.isSafeInteger(value) && value >= 0;
}

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
   * @param members the vector's members
   * @param observations the newest ones of those at `indices`
   * @param indices positions among the members; null: all
   * @returns undefined when all are sent whole
   */
  shorten(
    members: readonly { readonly env: Env }[],
    observations: readonly Observation[],
    indices: readonly number[] | null,
    [has, next]: Numbers,
  ): Shortened | undefined {
    // What it got by calls that it had not read yet when it made this one may be missing in its copy.
    if (has === 0 || has !== this.#number) this.#serials.length = 0;
    this.#number = next;
    const cut = new Cut(observations);
    for (let position = 0; position < observations.length; position++) {
      const member = indices === null ? position : (indices[position] ?? 0);
      const newest = continuationTo(members[member]?.env, observations[position]);
      if (newest !== undefined && this.#has(member, newest)) cut.at(position, newest);
      this.#serials[member] = newest?.serial ?? 0;
    }
    return cut.result;
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

/** Observations of which some are cut; the given ones stay as they are. */
class Cut {
  readonly #whole: readonly Observation[];
  #parts: Observation[] | undefined;
  #keeps = new DataView(new ArrayBuffer(0));

  constructor(whole: readonly Observation[]) {
    this.#whole = whole;
  }

  /** Leaves at a position what is new, and what is kept out. */
  at(position: number, continuation: Continuation): void {
    if (this.#parts === undefined) {
      this.#parts = [...this.#whole];
      this.#keeps = new DataView(new Int32Array(this.#whole.length).fill(WHOLE).buffer);
    }
    this.#parts[position] = continuation.tail;
    this.#keeps.setInt32(position * KEEP_BYTES, continuation.keep, true);
    continuation.isTaken = true;
  }

  /** What is left; undefined when that is everything. */
  get result(): Shortened | undefined {
    const observations = this.#parts;
    return observations && { observations, keeps: new Uint8Array(this.#keeps.buffer) };
  }
}
