/**
 * An environment that plays another one of several in each episode.
 *
 * Randomness: the id of an episode is one draw from [0, 1) of NumPy's PCG64, seeded by SeedSequence from the seed and a tag; a
 * slot of a vector made with seed s has the seed s + slot. So it depends on mixture, seed, slot and the number of resets since
 * that seed alone.
 */
import { Env, checkSeed } from "../core/env.ts";
import type { EnvPhase, EnvSnapshot, Info, ResetOptions, ResetResult, Seed } from "../core/env.ts";
import type { StepResult } from "../core/env.ts";
import type { EnvHost } from "../core/host.ts";
import { all, chain, type MaybePromise } from "../core/maybe-promise.ts";
import { closedError } from "../core/object-env.ts";
import type { EnvSpec } from "../core/registry.ts";
import { GemError, didYouMean, show } from "../errors.ts";
import { NumpyGenerator, type NumpyGeneratorState } from "../random/numpy-generator.ts";
import { SeedSequence } from "../random/seed-sequence.ts";
import { pickWeighted } from "../random/weights.ts";

/** One of the environments of a mixture. */
export interface MixturePart {
  readonly id: string;
  /** How often it is played, relative to the others. */
  readonly weight: number;
}

/** What a mixture is made of. */
export interface MixtureInit {
  readonly parts: readonly MixturePart[];
  readonly seed: bigint;
  /** Makes the environment of a part, whose generators start from a seed. */
  readonly make: (part: number, seed: bigint) => Env;
}

interface MixtureState {
  readonly seed: string;
  readonly episodes: number;
  readonly current: number | null;
  readonly draws: NumpyGeneratorState;
  /** Parts that were reset since the seed, and the states of those that were made. */
  readonly used: readonly number[];
  readonly children: readonly (readonly [part: number, state: EnvSnapshot])[];
}

/** Keeps the draws apart from those of an environment with the same seed. */
const TAG = 0x4d_49_58_54n;

/** The id of a mixture: those of its parts. */
export function mixtureId(ids: readonly string[]): string {
  return `mixture(${ids.join(", ")})`;
}

/**
 * Checks the parts of a mixture.
 *
 * @throws GEM_INVALID_ARGUMENT without parts, for an id that comes twice, for a weight that is negative or no number, when no
 *   weight is positive
 */
export function checkParts(
  parts: readonly (readonly [id: string, weight: unknown])[],
): MixturePart[] {
  if (parts.length === 0) throw wrong("A mixture needs at least one id.");
  const seen = new Set<string>();
  const checked = parts.map(([id, weight]) => {
    if (seen.has(id))
      throw wrong(`A mixture names each id once, got ${show(id)} twice. Add up its weights.`);
    seen.add(id);
    if (typeof weight === "number" && weight >= 0 && weight < Infinity) return { id, weight };
    throw wrong(`The weight of ${show(id)} must be a number from 0 on, got ${show(weight)}.`);
  });
  if (checked.every(({ weight }) => weight === 0))
    throw wrong("A mixture needs an id whose weight is above 0; all are 0.");
  return checked;
}

/** Checks options that are given by id. @throws GEM_INVALID_ARGUMENT for an id that the mixture has not */
export function checkPartOptions(
  options: Readonly<Record<string, unknown>>,
  parts: readonly MixturePart[],
): void {
  const ids = parts.map(({ id }) => id);
  const unknown = Object.keys(options).find((id) => !ids.includes(id));
  if (unknown === undefined) return;
  throw wrong(
    `Options are given for ${show(unknown)}, which the mixture has not.${didYouMean(unknown, ids)} Its ids are: ${ids.join(", ")}.`,
  );
}

/** Plays another of several environments in each episode; they are made when they are first drawn. */
export class MixtureEnv extends Env {
  readonly id: string;
  readonly parts: readonly MixturePart[];
  readonly #sums: readonly number[];
  readonly #make: MixtureInit["make"];
  readonly #children = new Map<number, Env>();
  #seed: bigint;
  #draws: NumpyGenerator;
  #episodes = 0;
  #used = new Set<number>();
  #current: number | undefined;
  #isClosed = false;

  constructor({ parts, seed, make }: MixtureInit) {
    super();
    this.id = mixtureId(parts.map((part) => part.id));
    this.parts = parts;
    let sum = 0;
    this.#sums = parts.map(({ weight }) => (sum += weight));
    this.#make = make;
    this.#seed = seed;
    this.#draws = drawsFrom(seed);
  }

  override get phase(): EnvPhase {
    if (this.#isClosed) return "closed";
    return this.#current === undefined ? "new" : this.#child(this.#current).phase;
  }

  override get worksElsewhere(): boolean {
    return this.#current !== undefined && this.#child(this.#current).worksElsewhere;
  }

  /** Draws what is played, and starts it; a seed decides both. `options` are the drawn environment's. */
  override reset(seed?: Seed | null, options: ResetOptions = {}): MaybePromise<ResetResult> {
    if (this.#isClosed) throw closedError(this.id, "reset");
    const given = seed === undefined || seed === null ? undefined : checkSeed(seed);
    const start = given ?? this.#seed;
    const draws = given === undefined ? this.#draws.copy() : drawsFrom(given);
    const used = given === undefined ? this.#used : new Set<number>();
    const part = pickWeighted(this.#sums, draws.random());
    const child = this.#child(part, start);
    const isFirst = !used.has(part);
    const childSeed = given ?? (isFirst ? seedOfPart(start, part) : null);
    return chain(child.reset(childSeed, options), ([observation, info]): ResetResult => {
      // Only now: a reset that fails leaves the mixture where it was.
      this.#episodes = given === undefined ? this.#episodes + 1 : 1;
      this.#seed = start;
      this.#draws = draws;
      this.#used = used.add(part);
      this.#current = part;
      return [observation, this.#named(info)];
    });
  }

  override step(action: string | null): MaybePromise<StepResult> {
    return chain(this.#playing("step").step(action), (step) => {
      this.#named(step[4]);
      return step;
    });
  }

  override sampleRandomAction(): MaybePromise<string> {
    return this.#playing("sample_random_action").sampleRandomAction();
  }

  override getState(): MaybePromise<EnvSnapshot> {
    const children = [...this.#children].sort(([a], [b]) => a - b);
    const states = children.map(([part, child]) =>
      chain(child.getState(), (state) => [part, state] as const),
    );
    return chain(all(states), (list) => ({
      seed: this.#seed.toString(),
      episodes: this.#episodes,
      current: this.#current ?? null,
      draws: this.#draws.getState(),
      used: [...this.#used],
      children: list,
    }));
  }

  override setState(snapshot: EnvSnapshot): MaybePromise<void> {
    if (!this.#isState(snapshot)) {
      throw new GemError(
        "GEM_INVALID_STATE",
        `This is no state of ${this.id}. Pass what get_state() of the same mixture returned.`,
      );
    }
    const { seed, draws, episodes, used, current, children } = snapshot;
    this.#draws.setState(draws);
    this.#seed = BigInt(seed);
    this.#episodes = episodes;
    this.#used = new Set(used);
    this.#current = current ?? undefined;
    const set = children.map(([part, own]) => this.#child(part, this.#seed).setState(own));
    return chain(all(set), () => undefined);
  }

  override attributeNames(): readonly string[] {
    const own = ["mixture_id", "mixture_ids", "mixture_weights", "mixture_episodes"];
    if (this.#current === undefined) return own;
    return [...new Set([...own, ...this.#child(this.#current).attributeNames()])];
  }

  /** Its own, or the one of what is played. */
  override getAttribute(name: string): unknown {
    if (name === "mixture_id") return this.#currentId() ?? null;
    if (name === "mixture_ids") return this.parts.map(({ id }) => id);
    if (name === "mixture_weights") return this.#shares();
    if (name === "mixture_episodes") return this.#episodes;
    return this.#attributeOwner(name).getAttribute(name);
  }

  override setAttribute(name: string, value: unknown): MaybePromise<void> {
    if (name.startsWith("mixture_"))
      throw new GemError("GEM_INVALID_ATTRIBUTE", `${this.id}.${name} cannot be set.`);
    return this.#attributeOwner(name).setAttribute(name, value);
  }

  override methodNames(): readonly string[] {
    return ["current_attribute"];
  }

  /** `current_attribute(name)`: an attribute of what is played; anything else is a method of it. */
  override callMethod(name: string, args: readonly unknown[]): unknown {
    if (name === "current_attribute") return this.#playing(name).getAttribute(String(args[0]));
    return this.#playing(name).callMethod(name, args);
  }

  override async close(): Promise<void> {
    this.#isClosed = true;
    for (const child of this.#children.values()) await child.close();
  }

  #isState(snapshot: EnvSnapshot): snapshot is EnvSnapshot & MixtureState {
    const { seed, episodes, used, children } = snapshot;
    return (
      typeof seed === "string" &&
      /^\d+$/.test(seed) &&
      typeof episodes === "number" &&
      Array.isArray(used) &&
      Array.isArray(children) &&
      (children as unknown[]).every(
        (entry) => Array.isArray(entry) && this.parts[entry[0] as number],
      )
    );
  }

  #attributeOwner(name: string): Env {
    if (this.#current !== undefined) return this.#child(this.#current);
    const names = this.attributeNames();
    throw new GemError(
      "GEM_UNKNOWN_ATTRIBUTE",
      `${this.id} has no attribute "${name}" before its first reset.${didYouMean(name, names)}`,
    );
  }

  #playing(verb: string): Env {
    if (this.#isClosed) throw closedError(this.id, verb);
    if (this.#current !== undefined) return this.#child(this.#current);
    throw new GemError(
      "GEM_RESET_NEEDED",
      `${this.id} has no episode yet. Call reset() before ${verb}().`,
    );
  }

  #child(part: number, seed = this.#seed): Env {
    const known = this.#children.get(part);
    if (known !== undefined) return known;
    const child = this.#make(part, seedOfPart(seed, part));
    this.#children.set(part, child);
    return child;
  }

  #currentId(): string | undefined {
    return this.#current === undefined ? undefined : this.parts[this.#current]?.id;
  }

  #named(info: Info): Info {
    info["mixture_id"] = this.#currentId();
    return info;
  }

  #shares(): number[] {
    const total = this.#sums.at(-1) ?? 1;
    return this.parts.map(({ weight }) => weight / total);
  }
}

/**
 * A mixture as what `make` takes: environments of it are made, copied and replaced like any other.
 *
 * @param makeChild makes the environment of a part
 */
export function mixtureSpec(
  parts: readonly MixturePart[],
  makeChild: (part: number, seed: bigint, host: EnvHost) => Env,
): EnvSpec {
  const id = mixtureId(parts.map((part) => part.id));
  return {
    id,
    className: "MixtureEnv",
    options: {},
    create: ({ options, seed, host }) => {
      const [name] = Object.keys(options);
      if (name === undefined)
        return new MixtureEnv({ parts, seed, make: (part, start) => makeChild(part, start, host) });
      throw new GemError(
        "GEM_UNKNOWN_OPTION",
        `${id} takes no option ${show(name)} itself; give it to the ids that it is for.`,
      );
    },
  };
}

function drawsFrom(seed: bigint): NumpyGenerator {
  return new NumpyGenerator((seed << 32n) | TAG);
}

/** What the generators of a part start from: 128 bits, different for each part and each seed. */
function seedOfPart(seed: bigint, part: number): bigint {
  const words = new SeedSequence((seed << 64n) | (BigInt(part + 1) << 32n) | TAG).generateState(4);
  return words.reduce((sum, word) => (sum << 32n) | BigInt(word), 0n);
}

function wrong(message: string): GemError {
  return new GemError("GEM_INVALID_ARGUMENT", message);
}
