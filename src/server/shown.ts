import { endianness } from "node:os";
import type { Continuation } from "../core/continuation.ts";
import type { Env, Info, Observation } from "../core/env.ts";
import { GemError, show } from "../errors.ts";

/** Shorter texts are sent whole: it costs less than to say what is kept. */
const KEPT_FROM = 32;
const WHOLE = -1;
const IS_LITTLE_ENDIAN = endianness() === "LE";

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
  /** The infos, with what is new of `final_observation` in some. */
  readonly infos: readonly Info[];
  /**
   * How many UTF-16 units of the earlier one stand before it, as little-endian int32; −1: it is whole. Behind them the position and
   * the same number for each `final_observation` of which there is a part only.
   */
  readonly keeps: Uint8Array;
}

/** The infos of a step, and how the last observations of the episodes that ended go on, by member. */
export interface Endings {
  readonly infos: readonly Info[];
  readonly of: ReadonlyMap<number, Continuation>;
}

const NO_ENDINGS: Endings = { infos: [], of: new Map() };

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
   * @param endings what the infos hold of observations that follow the ones the client has
   * @returns undefined when all are sent whole
   */
  shorten(
    members: readonly { readonly env: Env }[],
    observations: readonly Observation[],
    indices: readonly number[] | null,
    [has, next]: Numbers,
    endings: Endings = NO_ENDINGS,
  ): Shortened | undefined {
    // What it got by calls that it had not read yet when it made this one may be missing in its copy.
    if (has === 0 || has !== this.#number) this.#serials.length = 0;
    this.#number = next;
    const cut = new Cut(observations, endings.infos);
    for (let position = 0; position < observations.length; position++) {
      const member = indices === null ? position : (indices[position] ?? 0);
      const newest = continuationTo(members[member]?.env, observations[position]);
      const ending = endings.of.size === 0 ? undefined : endings.of.get(member);
      if (ending !== undefined && this.#has(member, ending)) cut.endAt(position, ending);
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
  readonly #wholeInfos: readonly Info[];
  #parts: Observation[] | undefined;
  #infos: Info[] | undefined;
  #keeps: Int32Array | undefined;
  /** Position and number of kept units of each ending. */
  readonly #endings: number[] = [];

  constructor(whole: readonly Observation[], infos: readonly Info[]) {
    this.#whole = whole;
    this.#wholeInfos = infos;
  }

  /** Leaves at a position what is new, and what is kept out. */
  at(position: number, continuation: Continuation): void {
    this.#parts ??= [...this.#whole];
    this.#keeps ??= new Int32Array(this.#whole.length).fill(WHOLE);
    this.#parts[position] = continuation.tail;
    this.#keeps[position] = continuation.keep;
    continuation.isTaken = true;
  }

  /** Leaves what is new of the last observation of the episode that ended at a position. */
  endAt(position: number, { text, keep, tail }: Continuation): void {
    const info = this.#wholeInfos[position];
    if (info?.["final_observation"] !== text) return;
    this.#infos ??= [...this.#wholeInfos];
    this.#infos[position] = { ...info, final_observation: tail };
    this.#endings.push(position, keep);
  }

  /** What is left; undefined when that is everything. */
  get result(): Shortened | undefined {
    if (this.#parts === undefined && this.#infos === undefined) return undefined;
    return {
      observations: this.#parts ?? this.#whole,
      infos: this.#infos ?? this.#wholeInfos,
      keeps: this.#keepBytes(),
    };
  }

  #keepBytes(): Uint8Array {
    const count = this.#whole.length;
    const numbers = new Int32Array(count + this.#endings.length);
    if (this.#keeps === undefined) numbers.fill(WHOLE, 0, count);
    else numbers.set(this.#keeps);
    numbers.set(this.#endings, count);
    const bytes = new Uint8Array(numbers.buffer);
    return IS_LITTLE_ENDIAN ? bytes : Buffer.from(bytes.buffer).swap32();
  }
}
