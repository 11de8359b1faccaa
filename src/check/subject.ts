import type { Env } from "../core/env.ts";
import { chain, type MaybePromise } from "../core/maybe-promise.ts";
import { isGemError } from "../errors.ts";
import { defaultRegistry, make, spawn, type MakeOptions } from "../make.ts";

/** Makes a new environment at each call; the options hold nothing but `seed`, or nothing. */
export type EnvFactory = (options: MakeOptions) => MaybePromise<Env>;

/** What is checked: how to get instances of it. */
export interface Subject {
  /** What instances call themselves; undefined: whatever the first one says. */
  readonly id: string | undefined;
  /** Makes an instance that nobody else uses. */
  readonly fresh: EnvFactory;
  /** Makes one that continues from where another stands. */
  readonly fork: (env: Env) => MaybePromise<Env>;
  /** Whether `fresh` starts the random stream from its `seed`. */
  readonly takesSeed: boolean;
  /**
   * Whether instances are objects of a client: their states are opaque, observations may be of any kind, and memory is elsewhere.
   */
  readonly isForeign: boolean;
}

/** A registered id, made with options. @throws GEM_UNKNOWN_ENV */
export function subjectOfId(id: string, options: MakeOptions): Subject {
  const { defaultSeed } = defaultRegistry().spec(id);
  const fresh = (further: MakeOptions): Env => make(id, { ...options, ...further });
  // Where a seed is the default, it chooses what an environment is made of, not only where its stream starts.
  const takesSeed = defaultSeed === undefined;
  return { id, fresh, fork: (env) => spawn(env, true), takesSeed, isForeign: false };
}

/** What a function makes; whether it passes the seed on is its affair. */
export function subjectOfFactory(factory: EnvFactory, options: MakeOptions): Subject {
  const fresh: EnvFactory = (further) => factory({ ...options, ...further });
  return {
    id: undefined,
    fresh,
    fork: (env) => forkByMaking(env, fresh),
    takesSeed: false,
    isForeign: false,
  };
}

/** Copies as `spawn` does where it can, else by a new one that takes the state over. */
function forkByMaking(env: Env, fresh: EnvFactory): MaybePromise<Env> {
  try {
    return spawn(env, true);
  } catch (error) {
    if (!isGemError(error) || error.code !== "GEM_UNSUPPORTED") throw error;
  }
  return chain(fresh({}), (copy) => copyState(env, copy));
}

/** Lets an environment continue from where another stands. */
export function copyState(source: Env, target: Env): MaybePromise<Env> {
  return chain(source.getState(), (state) => chain(target.setState(state), () => target));
}
