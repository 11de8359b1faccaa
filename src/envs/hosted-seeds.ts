import { GemError } from "../errors.ts";
import { PythonRandom } from "../random/python-random.ts";

const SEED_BITS = 32;

/** What a hosted environment's resets start from: the caller's seeds, and between them numbers drawn from a stream that starts there. */
export class HostedSeeds {
  #start: bigint;
  /** How many numbers were drawn since the stream started. */
  #draws = 0;
  #isFresh = true;
  #random: PythonRandom;

  /** @param start what the first reset without a seed starts from, as if it had been given */
  constructor(start: bigint) {
    this.#start = start;
    this.#random = new PythonRandom(start);
  }

  /** The caller gives a seed. */
  begin(seed: bigint): void {
    this.#start = seed;
    this.#draws = 0;
    this.#isFresh = false;
    this.#random = new PythonRandom(seed);
  }

  /** A seed where the caller gives none: below 2^32, which every library takes. */
  next(): bigint {
    const isFirst = this.#isFresh;
    this.#isFresh = false;
    if (isFirst && this.#start < 2n ** BigInt(SEED_BITS)) return this.#start;
    this.#draws += 1;
    return this.#random.getrandbits(SEED_BITS);
  }

  /** As plain data. */
  toState(): Readonly<Record<string, unknown>> {
    return { start: this.#start.toString(), draws: this.#draws, fresh: this.#isFresh };
  }

  /** What `toState` gave. @throws GEM_INVALID_STATE */
  static fromState(state: unknown, id: string): HostedSeeds {
    const { start, draws, fresh } = (state ?? {}) as Readonly<Record<string, unknown>>;
    if (
      typeof start !== "string" ||
      !/^\d+$/.test(start) ||
      typeof draws !== "number" ||
      !Number.isSafeInteger(draws) ||
      typeof fresh !== "boolean"
    )
      throw notAState(id);
    const seeds = new HostedSeeds(BigInt(start));
    seeds.#isFresh = fresh;
    for (; seeds.#draws < draws; seeds.#draws++) seeds.#random.getrandbits(SEED_BITS);
    return seeds;
  }
}

/** What is said of a state that belongs to something else. */
export function notAState(id: string): GemError {
  const message = `This is no state of ${id}. Pass what get_state() of an environment with the same id returned.`;
  return new GemError("GEM_INVALID_STATE", message);
}
