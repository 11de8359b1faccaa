import { randomBytes } from "node:crypto";
import { checkSeed } from "./core/env.ts";
import type { Env, Seed } from "./core/env.ts";
import { rulesOf, type FaultPolicy } from "./core/fault-policy.ts";
import { GuardedEnv } from "./core/guarded-env.ts";
import { inlineHost, type EnvHost } from "./core/host.ts";
import { chain, type MaybePromise } from "./core/maybe-promise.ts";
import { placeOf, type Place } from "./core/place.ts";
import { Registry, type EnvClass, type EnvSpec } from "./core/registry.ts";
import { Wrapper } from "./core/wrapper.ts";
import { families } from "./envs/index.ts";
import { GemError, show } from "./errors.ts";
import { recorder, recordPlaceOf, type RecordWish } from "./recording/record.ts";
import { RecordedEnv } from "./recording/recorded-env.ts";
import { itemAt } from "./random/sequence.ts";
import { checkPartOptions, checkParts, mixtureSpec } from "./vector/mixture.ts";
import { VectorEnv, type VectorOptions } from "./vector/vector-env.ts";
import { wrap as wrapByName, type WrapperOptions } from "./wrappers/index.ts";

/** What `make` takes: the environment's own options under upstream's names, and these two. */
export interface MakeOptions extends Readonly<Record<string, unknown>> {
  /** What the first `reset()` without a seed starts from; default: 128 bits from the operating system. */
  readonly seed?: Seed | null;
  /** Texts to use in place of the environment's own, by prompt name. */
  readonly prompts?: Readonly<Record<string, string>> | null;
}

/** A wrapper by name, by name with options, or as a function. */
export type WrapperLike =
  string | readonly [name: string, options: WrapperOptions] | ((env: Env) => Env);

/** What `make` takes beside the environment's own options: what faults become, and where its episodes are recorded. */
export interface MakePolicy extends FaultPolicy, RecordWish {}

/** Ids and how often each is played, relative to the others: an environment plays another one in each episode. */
export type Mixture = Readonly<Record<string, number>>;

/** What `makeVec` takes beyond the ids. */
export interface MakeVecOptions extends VectorOptions, RecordWish {
  /** Environment i is made with seed + i unless its own options name one; default 0. */
  readonly seed?: Seed;
  /** Applied to every environment, the first innermost. */
  readonly wrappers?: readonly WrapperLike[];
  /** How often a single id is repeated; of a mixture, how many environments there are. */
  readonly numEnvs?: number;
  /** Options of the ids of a mixture. */
  readonly mixtureOptions?: Readonly<Record<string, MakeOptions>>;
  /** Options of single environments, by position. */
  readonly envOptions?: readonly MakeOptions[];
  /** Options of all environments; they win over `envOptions`. */
  readonly options?: MakeOptions;
}

/** How an environment was made, so that another can be made alike. */
interface Recipe {
  readonly spec: EnvSpec;
  readonly options: MakeOptions;
  readonly host: EnvHost;
}

/** How a wrapper was made. */
interface WrapperRecipe {
  readonly name: string;
  readonly options: WrapperOptions;
}

const recipes = new WeakMap<Env, Recipe>();
const wrapperRecipes = new WeakMap<Wrapper, WrapperRecipe>();
const starts = new WeakMap<Env, bigint>();

/** A registry that holds every built-in environment. */
export function createRegistry(): Registry {
  const registry = new Registry();
  for (const family of families) registry.addFamily(family);
  return registry;
}

let shared: Registry | undefined;

/** The registry that `make`, `makeVec` and `register` use; made at the first use. */
export function defaultRegistry(): Registry {
  shared ??= createRegistry();
  return shared;
}

/** Registers an environment class under an id. @throws GEM_DUPLICATE_ENV, GEM_INVALID_ARGUMENT */
export function register(
  id: string,
  envClass: EnvClass,
  options: Readonly<Record<string, unknown>> = {},
): void {
  defaultRegistry().register(id, envClass, options);
}

/** Every registered id, in order of registration. */
export function listEnvs(): readonly string[] {
  return defaultRegistry()
    .list()
    .map((spec) => spec.id);
}

/**
 * Makes an environment.
 *
 * @example
 * const env = make("game:Sokoban-v0-easy", { seed: 7 });
 * const [observation, info] = await env.reset();
 * @param policy what its faults become and how long its calls may run (`docs/faults.md`); without one, errors are thrown and
 *   only the environment's own deadlines hold
 * @throws GEM_UNKNOWN_ENV, GEM_UNKNOWN_OPTION, GEM_INVALID_OPTION, GEM_INVALID_PROMPT, GEM_INVALID_SEED; GEM_INVALID_ARGUMENT
 *   for a policy that is none
 */
export function make(id: string, options: MakeOptions = {}, policy: MakePolicy = {}): Env {
  const { onFault, deadlineSeconds } = policy;
  const isGuarded = onFault !== undefined || deadlineSeconds !== undefined;
  const rules = isGuarded ? rulesOf(policy) : undefined;
  const record = recorderOf(policy, id, options, [], 0);
  const env = makeFromSpec(defaultRegistry().spec(id), options, inlineHost);
  if (rules !== undefined) return new GuardedEnv(placeOfMade(env, record), rules);
  return record.reduce(applyWrapper, env);
}

/** What puts a recording around an environment, if one is wished for. @throws GEM_INVALID_ARGUMENT when the file cannot be written */
function recorderOf(
  wish: RecordWish,
  what: string,
  options: MakeOptions,
  wrappers: readonly WrapperLike[],
  slot: number,
): readonly WrapperLike[] {
  const place = recordPlaceOf(wish);
  if (place === undefined) return [];
  const named = wrappers.map((wrapper): readonly [string, unknown] => {
    if (typeof wrapper === "string") return [wrapper, {}];
    return typeof wrapper === "function" ? [wrapper.name, { function: wrapper }] : wrapper;
  });
  return [recorder({ what, options, wrappers: named, slot }, place, startOf)];
}

/** A place in which a made and wrapped environment can be replaced. */
function placeOfMade(env: Env, wrappers: readonly WrapperLike[] = []): Place {
  const start = startOf(env);
  const remake = (seed: bigint | null): Env => {
    const recipe = recipes.get(env);
    if (recipe === undefined) return unmade(env);
    const made = makeFromSpec(recipe.spec, { ...recipe.options, seed: seed ?? start }, recipe.host);
    return wrappers.reduce(applyWrapper, made);
  };
  return placeOf(wrappers.reduce(applyWrapper, env), start, remake);
}

/** Makes an environment from a registry's entry; `host` runs its long computations. */
export function makeFromSpec(spec: EnvSpec, options: MakeOptions, host: EnvHost): Env {
  const { seed, prompts, ...own } = options;
  const given = seed === undefined ? spec.defaultSeed : seed;
  const start = given === undefined || given === null ? systemSeed() : checkSeed(given);
  const env = spec.create({
    id: spec.id,
    options: { ...spec.options, ...own },
    prompts,
    seed: start,
    host,
  });
  recipes.set(env, { spec, options, host });
  if (given === undefined || given === null) starts.set(env, start);
  return env;
}

/** What an environment's generators started from, whoever said so; null where it was not made here. */
export function startOf(env: Env): bigint | null {
  const recipe = recipes.get(env);
  if (recipe === undefined) return null;
  const { seed } = recipe.options;
  if (seed !== undefined && seed !== null) return checkSeed(seed);
  return starts.get(env) ?? recipe.spec.defaultSeed ?? null;
}

/** What an environment's generators started from where nobody named a seed and none is fixed: the one that was drawn. */
export function drawnSeed(env: Env): bigint | undefined {
  return starts.get(env);
}

/** Wraps an environment by a wrapper's name. @throws GEM_UNKNOWN_WRAPPER, GEM_UNKNOWN_OPTION, GEM_INVALID_OPTION */
export function wrap(env: Env, name: string, options: WrapperOptions = {}): Wrapper {
  const wrapper = wrapByName(env, name, options);
  wrapperRecipes.set(wrapper, { name, options });
  return wrapper;
}

/**
 * Makes a vector of environments.
 *
 * @example
 * const vec = makeVec(Array(64).fill("game:GuessTheNumber-v0-easy"), { wrappers: ["concat"] });
 * @example
 * const vec = makeVec({ "math:GSM8K": 0.7, "game:Sokoban-v0-easy": 0.3 }, { numEnvs: 64, seed: 1 });
 * @throws what `make` and `wrap` throw; GEM_INVALID_ARGUMENT without ids, for weights that are none, or with envOptions of another length
 */
export function makeVec(
  ids: string | readonly string[] | Mixture,
  options: MakeVecOptions = {},
): VectorEnv {
  const list = specsOf(ids, options);
  const { envOptions, wrappers = [], seed = 0 } = options;
  if (envOptions !== undefined && envOptions.length !== list.length) {
    throw new GemError(
      "GEM_INVALID_ARGUMENT",
      `envOptions needs one entry for each of ${String(list.length)} environments, got ${String(envOptions.length)}.`,
    );
  }
  const base = checkSeed(seed);
  rulesOf(options);
  const places = list.map((spec, index) => {
    const own = {
      seed: base + BigInt(index),
      ...envOptions?.[index],
      ...(isMixture(ids) ? {} : options.options),
    };
    const record = recorderOf(options, spec.id, own, wrappers, index);
    const env = makeFromSpec(spec, own, inlineHost);
    return placeOfMade(env, [...wrappers, ...record]);
  });
  return new VectorEnv(places, options);
}

function isMixture(ids: string | readonly string[] | Mixture): ids is Mixture {
  return typeof ids === "object" && !Array.isArray(ids);
}

/** What each environment of a vector is made from. */
function specsOf(
  ids: string | readonly string[] | Mixture,
  { numEnvs, mixtureOptions = {}, options = {} }: MakeVecOptions,
): readonly EnvSpec[] {
  if (!isMixture(ids)) {
    const list = typeof ids === "string" ? Array<string>(numEnvs ?? 1).fill(ids) : ids;
    if (numEnvs === undefined || numEnvs === list.length)
      return list.map((id) => defaultRegistry().spec(id));
    const message = `numEnvs must be the number of ids, ${String(list.length)}, got ${show(numEnvs)}.`;
    throw new GemError("GEM_INVALID_ARGUMENT", message);
  }
  if (typeof numEnvs !== "number" || !Number.isInteger(numEnvs) || numEnvs < 1) {
    const message = `A mixture needs numEnvs, an integer from 1 on, got ${show(numEnvs)}.`;
    throw new GemError("GEM_INVALID_ARGUMENT", message);
  }
  const parts = checkParts(Object.entries(ids));
  const specs = parts.map(({ id }) => defaultRegistry().spec(id));
  checkPartOptions(mixtureOptions, parts);
  const own = specs.map(({ id }) => ({ ...mixtureOptions[id], ...options }));
  const spec = mixtureSpec(parts, (part, seed, host) =>
    makeFromSpec(itemAt(specs, part), { seed, ...itemAt(own, part) }, host),
  );
  return Array<EnvSpec>(numEnvs).fill(spec);
}

function applyWrapper(env: Env, wrapper: WrapperLike): Env {
  if (typeof wrapper === "function") return wrapper(env);
  return typeof wrapper === "string" ? wrap(env, wrapper) : wrap(env, wrapper[0], wrapper[1]);
}

/**
 * Makes an environment like `env`, wrappers included.
 *
 * @param sameState whether it continues from where `env` stands, generators included (a fork), or is not reset yet
 * @param options override the options that `env` was made with
 * @throws GEM_UNSUPPORTED when `env` was not made by `make` and `wrap`, or holds something outside itself
 */
export function spawn(env: Env, sameState = false, options: MakeOptions = {}): MaybePromise<Env> {
  const copy = rebuild(env, options);
  if (!sameState) return copy;
  return chain(env.getState(), (state) => chain(copy.setState(state), () => copy));
}

function rebuild(env: Env, options: MakeOptions): Env {
  if (env instanceof GuardedEnv)
    return new GuardedEnv(placeOfMade(rebuild(env.place.env, options)), env.rules);
  if (env instanceof RecordedEnv) {
    const copy = rebuild(env.env, options);
    return env.like(copy, { ...env.making.options, ...options }, startOf(copy.unwrapped));
  }
  if (env instanceof Wrapper) {
    const recipe = wrapperRecipes.get(env);
    if (recipe !== undefined) return wrap(rebuild(env.env, options), recipe.name, recipe.options);
  }
  const recipe = recipes.get(env);
  if (recipe !== undefined)
    return makeFromSpec(recipe.spec, { ...recipe.options, ...options }, recipe.host);
  return unmade(env);
}

function unmade(env: Env): never {
  throw new GemError(
    "GEM_UNSUPPORTED",
    `${show(env.id)} cannot be copied: it was not made by make() and wrap().`,
  );
}

/** What a stream starts from that nobody seeds: 128 bits from the operating system. */
export function systemSeed(): bigint {
  return BigInt(`0x${randomBytes(16).toString("hex")}`);
}
