import { isGemError } from "../errors.ts";
import { lateError, within } from "./deadline.ts";
import type { Env } from "./env.ts";
import { NotRestorable, type EpisodeJournal } from "./episode-journal.ts";
import { ATTEMPTS, isFault, type FaultRules } from "./fault-policy.ts";
import type { MaybePromise } from "./maybe-promise.ts";
import type { Place, StandIn } from "./place.ts";

/** A call of an environment that can be made again with another one. */
export interface Play<T> {
  readonly verb: "reset" | "step";
  readonly run: (env: Env) => MaybePromise<T>;
  /** Brings another environment to where the call is to be made; undefined: a fresh one will do, if any. */
  readonly restore: EpisodeJournal | undefined;
}

/** How it went with further attempts; `failure` is the newest fault. */
export type Mended<T> =
  | {
      readonly isDone: true;
      readonly result: T;
      readonly failure: unknown;
      readonly attempts: number;
    }
  | { readonly isDone: false; readonly failure: unknown; readonly attempts: number };

/**
 * Makes further attempts at a call that failed: with the same environment where nothing has changed in it, else with fresh ones,
 * of which the one that succeeds takes the place. A reset under `mask` gets one fresh environment, a step none.
 */
export async function mend<T>(
  place: Place,
  rules: FaultRules,
  first: unknown,
  play: Play<T>,
): Promise<Mended<T>> {
  const isRetry = rules.onFault === "retry";
  let failure = first;
  let attempts = 1;
  let { restore } = play;
  // What is to be done is all there is to it where an environment has no past, and then it starts as the first one did.
  let isLikeFirst = isRetry;
  const most = isRetry ? ATTEMPTS : play.verb === "reset" ? 2 : 1;
  while (attempts < most) {
    try {
      const result =
        play.verb === "step" && isSafeToRepeat(place, failure)
          ? await timed(play.run(place.env), place, place.env, rules, play.verb)
          : await inStandIn(place, rules, { ...play, restore }, isLikeFirst);
      return { isDone: true, result, failure, attempts: attempts + 1 };
    } catch (error) {
      if (error instanceof NotRestorable && play.verb === "reset") {
        restore = undefined;
        isLikeFirst = false;
        continue;
      }
      if (error instanceof NotRestorable || !isFault(error)) break;
      attempts += 1;
      failure = error;
    }
  }
  return { isDone: false, failure, attempts };
}

/** Whether the same call may be made again with the same environment, which is as it was before. */
function isSafeToRepeat({ env, origin }: Place, failure: unknown): boolean {
  if (!env.repeatsAfterFault || origin.broken !== undefined) return false;
  // An object of the client may have failed after the environment had its step: a tokenizer, for example.
  return isGemError(failure) && failure.code !== "GEM_OBJECT_FAULT";
}

async function inStandIn<T>(
  place: Place,
  rules: FaultRules,
  play: Play<T>,
  isLikeFirst: boolean,
): Promise<T> {
  const { origin } = place;
  const standIn: StandIn = await place.standIn(isLikeFirst ? origin.seed : origin.nextSeed());
  const { env } = standIn;
  const watchesItself = env.follow(rules);
  let running: Promise<unknown> | undefined;
  const watch = <R>(call: MaybePromise<R>): MaybePromise<R> => {
    if (!(call instanceof Promise) || watchesItself) return call;
    running = call;
    return timed(call, place, env, rules, play.verb);
  };
  try {
    await play.restore?.restore(env, watch);
    const result = await watch(play.run(env));
    place.take(standIn);
    return result;
  } catch (error) {
    origin.discard(env, running);
    throw error;
  }
}

function timed<T>(
  call: MaybePromise<T>,
  place: Place,
  env: Env,
  rules: FaultRules,
  verb: string,
): MaybePromise<T> {
  if (!(call instanceof Promise)) return call;
  return within(call, rules.deadlineMs, () => {
    const error = lateError(env.id, verb, rules);
    if (env === place.env) place.origin.broken = error;
    return error;
  });
}
