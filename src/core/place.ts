import { createHash } from "node:crypto";
import { GemError } from "../errors.ts";
import type { Env } from "./env.ts";
import type { EpisodeJournal } from "./episode-journal.ts";
import { countFault, type FaultOutcome } from "./fault-counts.ts";
import { causeOf, type FaultRules } from "./fault-policy.ts";
import { chain, type MaybePromise } from "./maybe-promise.ts";
import { Wrapper } from "./wrapper.ts";

/** Makes another environment alike. @param seed what its generators start from; null: what the first one's did */
export type Remake = (seed: bigint | null) => MaybePromise<Env>;

let changes = 0;

/** Grows whenever any environment of this thread is replaced, breaks, recovers, or has its episode kept or no longer. */
export function placeChanges(): number {
  return changes;
}

/** An innermost environment in whose place another can be put, and what all ways to reach it share. */
export class Origin {
  env: Env;
  /** How often another environment was put here. */
  generation = 0;
  /** A call beyond its deadline that may still run. */
  running: Promise<unknown> | undefined;
  #broken: GemError | undefined;
  #journal: EpisodeJournal | undefined;
  #spares = 0;

  constructor(env: Env) {
    this.env = env;
  }

  /** Why the environment must not be used before it is replaced or reset. */
  get broken(): GemError | undefined {
    return this.#broken;
  }

  set broken(why: GemError | undefined) {
    if (why === this.#broken) return;
    this.#broken = why;
    changes += 1;
  }

  /** What the present episode consists of, where that is kept. */
  get journal(): EpisodeJournal | undefined {
    return this.#journal;
  }

  set journal(journal: EpisodeJournal | undefined) {
    if (journal === this.#journal) return;
    this.#journal = journal;
    changes += 1;
  }

  /** Whether there is nothing to look after when it is stepped. */
  get isCalm(): boolean {
    return this.#broken === undefined && this.#journal === undefined;
  }

  /** What the environment's generators started from; null where nobody knows. */
  get seed(): bigint | null {
    return null;
  }

  /** Makes another environment alike, or gives undefined where none can be made. */
  remake(_seed: bigint | null): MaybePromise<Env> | undefined {
    return undefined;
  }

  /** Counts a fault of an environment that is or was here. */
  note(id: string, outcome: FaultOutcome, error: unknown): void {
    countFault(id, causeOf(error), outcome, error);
  }

  /** Lets go of an environment that was replaced, or could not take the place. It may still be at work. */
  discard(env: Env, running?: Promise<unknown>): void {
    void closeQuietly(env, running);
  }

  /** A seed for the next environment in this place that is to play other episodes; the same ones whenever all is done again. */
  nextSeed(): bigint | null {
    const { seed } = this;
    if (seed === null) return null;
    this.#spares += 1;
    const digest = createHash("sha256").update(`${seed.toString()}/${String(this.#spares)}`);
    return BigInt(`0x${digest.digest("hex").slice(0, 16)}`);
  }
}

/** An environment that could take a place. */
export interface StandIn {
  readonly core: Env;
  /** As it is reached from the place it was made for. */
  readonly env: Env;
  readonly layers: readonly (readonly [Place, Env])[];
}

/** One way to reach an environment: itself, or the wrappers around it. */
export class Place {
  readonly origin: Origin;
  /** The place that this one wraps, and how many of its wrappers are left out. */
  readonly #over: Place | undefined;
  readonly #depth: number;
  #env: Env;
  #generation: number;
  #rules: FaultRules | undefined;
  #watchesItself = false;

  constructor(origin: Origin, env: Env, over?: Place, depth = 0) {
    this.origin = origin;
    this.#env = env;
    this.#generation = origin.generation;
    this.#over = over;
    this.#depth = depth;
  }

  /** What is here now. */
  get env(): Env {
    return this.#generation === this.origin.generation ? this.#env : this.#renew();
  }

  /** What lies so many wrappers further in. */
  protected peel(env: Env, depth: number): Env {
    return peelLayers(env, depth);
  }

  /** Puts the place's wrappers around an environment. */
  protected wrapAround(env: Env): Env {
    return env;
  }

  /** What is here now, which knows the rules it is called under. */
  under(rules: FaultRules): Env {
    if (rules === this.#rules && this.#generation === this.origin.generation) return this.#env;
    const { env } = this;
    this.#rules = rules;
    this.#watchesItself = env.follow(rules);
    return env;
  }

  /** Whether what is here watches over deadlines by itself, under the rules that it knows. */
  get watchesItself(): boolean {
    return this.#watchesItself;
  }

  /** Makes what could take this place. @throws GEM_UNSUPPORTED where no other environment can be made; what making it throws */
  standIn(seed: bigint | null): MaybePromise<StandIn> {
    const made = this.origin.remake(seed);
    if (made === undefined) {
      const message = `${this.env.id} cannot be made again: it was not made by make() and wrap().`;
      throw new GemError("GEM_UNSUPPORTED", message);
    }
    return chain(made, (core) => {
      const layers: [Place, Env][] = [];
      return { core, env: this.#build(core, layers), layers };
    });
  }

  /** Puts a stand-in here and wherever else the environment is reached. */
  take({ core, layers }: StandIn): void {
    const { origin } = this;
    const old = this.env;
    origin.env = core;
    origin.generation += 1;
    changes += 1;
    for (const [place, env] of layers) place.#set(env);
    origin.broken = undefined;
    origin.journal = undefined;
    origin.discard(old, origin.running);
    origin.running = undefined;
  }

  #build(core: Env, layers: [Place, Env][]): Env {
    const base =
      this.#over === undefined ? core : this.peel(this.#over.#build(core, layers), this.#depth);
    const env = this.wrapAround(base);
    layers.push([this, env]);
    return env;
  }

  #renew(): Env {
    const over = this.#over;
    const base = over === undefined ? this.origin.env : this.peel(over.env, this.#depth);
    return this.#set(this.wrapAround(base));
  }

  #set(env: Env): Env {
    this.#env = env;
    this.#generation = this.origin.generation;
    this.#rules = undefined;
    return env;
  }
}

/** A place of an environment that can be made again by `remake`, if there is one. */
export function placeOf(env: Env, seed: bigint | null = null, remake?: Remake): Place {
  if (remake === undefined) return new Place(new Origin(env), env);
  return new Place(new RemadeOrigin(env, seed, remake), env);
}

class RemadeOrigin extends Origin {
  readonly #seed: bigint | null;
  readonly #remake: Remake;

  constructor(env: Env, seed: bigint | null, remake: Remake) {
    super(env);
    this.#seed = seed;
    this.#remake = remake;
  }

  override get seed(): bigint | null {
    return this.#seed;
  }

  override remake(seed: bigint | null): MaybePromise<Env> {
    return this.#remake(seed);
  }
}

/** The environment `depth` wrappers below the outermost, as far as there are wrappers. */
function peelLayers(env: Env, depth: number): Env {
  let layer = env;
  for (let i = 0; i < depth && layer instanceof Wrapper; i++) layer = layer.env;
  return layer;
}

/** Closes what nobody waits for, once it is done with what it is at; how that goes is nobody's concern any more. */
async function closeQuietly(env: Env, running: Promise<unknown> | undefined): Promise<void> {
  try {
    await running;
  } catch {
    // Its call failed or not: it is too late either way.
  }
  try {
    await env.close();
  } catch {
    // It is gone either way.
  }
}
