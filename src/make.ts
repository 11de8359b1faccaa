import { randomBytes } from "node:crypto";
import { checkSeed } from "./core/env.ts";
import type { Env, Seed } from "./core/env.ts";
import { inlineHost, type EnvHost } from "./core/host.ts";
import { chain, type MaybePromise } from "./core/maybe-promise.ts";
import { Registry, type EnvClass, type EnvSpec } from "./core/registry.ts";
import { Wrapper } from "./core/wrapper.ts";
import { families } from "./envs/index.ts";
import { GemError, show } from "./errors.ts";
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

/** What `makeVec` takes beyond the ids. */
export interface MakeVecOptions extends VectorOptions {
  /** Environment i is made with seed + i unless its own options name one; default 0. */
  readonly seed?: Seed;
  /** Applied to every environment, the first innermost. */
  readonly wrappers?: readonly WrapperLike[];
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
 * @throws GEM_UNKNOWN_ENV, GEM_UNKNOWN_OPTION, GEM_INVALID_OPTION, GEM_INVALID_PROMPT, GEM_INVALID_SEED
 */
export function make(id: string, options: MakeOptions = {}): Env {
  return makeFromSpec(defaultRegistry().spec(id), options, inlineHost);
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
  return env;
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
 * @throws what `make` and `wrap` throw; GEM_INVALID_ARGUMENT without ids or with envOptions of another length
 */
export function makeVec(ids: string | readonly string[], options: MakeVecOptions = {}): VectorEnv {
  const list = typeof ids === "string" ? [ids] : ids;
  const { envOptions, wrappers = [], seed = 0 } = options;
  if (envOptions !== undefined && envOptions.length !== list.length) {
    throw new GemError(
      "GEM_INVALID_ARGUMENT",
      `envOptions needs one entry for each of ${String(list.length)} environments, got ${String(envOptions.length)}.`,
    );
  }
  const base = checkSeed(seed);
  const envs = list.map((id, index) => {
    const own = { seed: base + BigInt(index), ...envOptions?.[index], ...options.options };
    return wrappers.reduce(applyWrapper, make(id, own));
  });
  return new VectorEnv(envs, options);
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
  if (env instanceof Wrapper) {
    const recipe = wrapperRecipes.get(env);
    if (recipe !== undefined) return wrap(rebuild(env.env, options), recipe.name, recipe.options);
  }
  const recipe = recipes.get(env);
  if (recipe !== undefined)
    return makeFromSpec(recipe.spec, { ...recipe.options, ...options }, recipe.host);
  throw new GemError(
    "GEM_UNSUPPORTED",
    `${show(env.id)} cannot be copied: it was not made by make() and wrap().`,
  );
}

/** What a stream starts from that nobody seeds: 128 bits from the operating system. */
export function systemSeed(): bigint {
  return BigInt(`0x${randomBytes(16).toString("hex")}`);
}
