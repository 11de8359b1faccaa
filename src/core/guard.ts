/** How an environment in a place is reset and stepped under a fault policy: deadlines, further attempts, replacement. */
import { GemError, isGemError } from "../errors.ts";
import { lateError, within } from "./deadline.ts";
import { checkAction, checkSeed } from "./env.ts";
import type { Env, ResetOptions, ResetResult, Seed, StepResult } from "./env.ts";
import { EpisodeJournal } from "./episode-journal.ts";
import { Masked, faultNote, isFault, messageOf, putNote, type FaultRules } from "./fault-policy.ts";
import { chain, type MaybePromise } from "./maybe-promise.ts";
import { mend, type Play } from "./mend.ts";
import type { Place } from "./place.ts";

/**
 * Steps what is in a place.
 *
 * Differs from upstream D130: a fault may be tried again, or reported in the place of a result, and never costs what others did.
 *
 * Under `raise`, what returns by itself costs neither a timer nor a promise.
 *
 * @throws what the environment throws; GEM_DEADLINE when it takes too long, and then GEM_RESET_NEEDED until it is reset
 * @throws Masked under `retry` and `mask`, when a fault is to stand in the place of the result
 */
export function guardedStep(
  place: Place,
  action: string | null,
  rules: FaultRules,
): MaybePromise<StepResult> {
  return rules.onFault === "raise"
    ? raisingStep(place, action, rules)
    : forgivingStep(place, action, rules);
}

/**
 * Resets what is in a place, or what is put there first in the place of an environment that a fault left unusable.
 *
 * @throws what the environment throws; Masked as `guardedStep` does
 */
export function guardedReset(
  place: Place,
  seed: Seed | null,
  options: ResetOptions,
  rules: FaultRules,
): MaybePromise<ResetResult> {
  const start = seed === null ? null : checkSeed(seed);
  if (!isBroken(place)) return resetWhole(place, start, options, rules);
  const began = performance.now();
  const failed = (error: unknown): never => {
    if (rules.onFault === "raise" || !isFault(error)) throw raised(place, error);
    throw masked(place, error, 1, began);
  };
  try {
    const replaced = chain(replace(place), () => resetWhole(place, start, options, rules));
    if (!(replaced instanceof Promise)) return replaced;
    return replaced.catch((error: unknown) => {
      if (error instanceof Masked) throw error;
      return failed(error);
    });
  } catch (error) {
    if (error instanceof Masked) throw error;
    return failed(error);
  }
}

/** As `guardedStep`, for an environment on its own: a masked fault is a result without an observation that ends the episode. */
export function stepAlone(
  place: Place,
  action: string | null,
  rules: FaultRules,
): MaybePromise<StepResult> {
  if (rules.onFault === "raise") return raisingStep(place, action, rules);
  return unmasked(
    () => forgivingStep(place, action, rules),
    (note): StepResult => ["", 0, false, true, { gem: { ...note } }],
  );
}

/** As `guardedReset`, for an environment on its own: a masked fault is a result without an observation. */
export function resetAlone(
  place: Place,
  seed: Seed | null,
  options: ResetOptions,
  rules: FaultRules,
): MaybePromise<ResetResult> {
  return unmasked(
    () => guardedReset(place, seed, options, rules),
    (note): ResetResult => ["", { gem: { ...note } }],
  );
}

/** Whether what is in the place must be replaced before it is used. */
export function isBroken(place: Place): boolean {
  return place.origin.broken !== undefined && place.env.phase !== "closed";
}

/** Puts a fresh environment in the place of a broken one that is about to get a state. @throws what making one throws */
export function mendFirst(place: Place): MaybePromise<void> {
  place.origin.journal = undefined;
  return isBroken(place) ? replace(place) : undefined;
}

/** What a step gets whose environment has to be reset first. */
export function resetNeeded(id: string, why: GemError): GemError {
  return new GemError(
    "GEM_RESET_NEEDED",
    `${id} has no episode any more; reset() starts one in a fresh environment. ${why.message}`,
    {},
    why,
  );
}

function unmasked<T>(
  call: () => MaybePromise<T>,
  result: (note: Masked["note"]) => T,
): MaybePromise<T> {
  const caught = (error: unknown): T => {
    if (error instanceof Masked) return result(error.note);
    throw error;
  };
  try {
    const value = call();
    return value instanceof Promise ? value.catch(caught) : value;
  } catch (error) {
    return caught(error);
  }
}

function raisingStep(
  place: Place,
  action: string | null,
  rules: FaultRules,
): MaybePromise<StepResult> {
  const { origin } = place;
  if (origin.broken !== undefined && isBroken(place))
    throw resetNeeded(place.env.id, origin.broken);
  origin.journal = undefined;
  const env = place.under(rules);
  let step: MaybePromise<StepResult>;
  try {
    step = env.step(action);
  } catch (error) {
    throw raised(place, error);
  }
  return step instanceof Promise ? raising(place, step, rules, "step") : step;
}

function resetWhole(
  place: Place,
  seed: bigint | null,
  options: ResetOptions,
  rules: FaultRules,
): MaybePromise<ResetResult> {
  if (rules.onFault !== "raise") return forgivingReset(place, seed, options, rules);
  place.origin.journal = undefined;
  const env = place.under(rules);
  let reset: MaybePromise<ResetResult>;
  try {
    reset = env.reset(seed, options);
  } catch (error) {
    throw raised(place, error);
  }
  return reset instanceof Promise ? raising(place, reset, rules, "reset") : reset;
}

/** Waits for a call under `raise`, up to its deadline. @throws what it throws, counted */
export function raising<T>(
  place: Place,
  call: Promise<T>,
  rules: FaultRules,
  verb: "reset" | "step",
): Promise<T> {
  const watched = place.watchesItself ? call : watch(place, call, rules, verb);
  return watched.catch((error: unknown) => {
    throw raised(place, error);
  });
}

/** Waits for a call of the environment that is in the place; beyond the deadline that is broken. */
function watch<T>(
  place: Place,
  call: Promise<T>,
  rules: FaultRules,
  verb: "reset" | "step",
): Promise<T> {
  return within(call, rules.deadlineMs, () => {
    const { origin } = place;
    const error = lateError(place.env.id, verb, rules);
    origin.broken = error;
    origin.running = call;
    const done = (): void => {
      if (origin.running === call) origin.running = undefined;
    };
    call.then(done, done);
    return error;
  });
}

function forgivingStep(
  place: Place,
  action: string | null,
  rules: FaultRules,
): MaybePromise<StepResult> {
  const start = performance.now();
  const { origin } = place;
  checkAction(action);
  if (origin.broken !== undefined && isBroken(place))
    throw new Masked(faultNote("fault", origin.broken, 1, start), origin.broken);
  if (rules.onFault === "mask") {
    origin.journal = undefined;
    return play(place, rules, start, {
      verb: "step",
      run: (env) => env.step(action),
      restore: undefined,
    });
  }
  return chain(journalOf(place), (journal) => {
    const run = (env: Env): MaybePromise<StepResult> => env.step(action);
    const step = play<StepResult>(place, rules, start, { verb: "step", run, restore: journal });
    return chain(step, (result) => {
      journal.addStep(action, result);
      // A replaced environment goes on from the same beginning.
      origin.journal = journal;
      return result;
    });
  });
}

function forgivingReset(
  place: Place,
  seed: bigint | null,
  options: ResetOptions,
  rules: FaultRules,
): MaybePromise<ResetResult> {
  const start = performance.now();
  const { origin } = place;
  const run = (env: Env): MaybePromise<ResetResult> => env.reset(seed, options);
  if (rules.onFault === "mask") {
    origin.journal = undefined;
    return play(place, rules, start, { verb: "reset", run, restore: undefined });
  }
  const before = place.env.phase === "ready" ? journalOf(place) : undefined;
  return chain(before, (restore) =>
    chain(play<ResetResult>(place, rules, start, { verb: "reset", run, restore }), (result) => {
      const seeded = seed === null ? undefined : { seed, options };
      return chain(EpisodeJournal.begin(place.env, seeded), (journal) => {
        origin.journal = journal;
        return result;
      });
    }),
  );
}

/** The journal of the present episode, begun now where there is none that goes on. */
function journalOf({ origin, env }: Place): MaybePromise<EpisodeJournal> {
  const { journal } = origin;
  if (journal !== undefined && !journal.isLong) return journal;
  return EpisodeJournal.begin(env);
}

/** Makes a call, and deals with its fault. */
function play<T extends ResetResult | StepResult>(
  place: Place,
  rules: FaultRules,
  start: number,
  { verb, run, restore }: Play<T>,
): MaybePromise<T> {
  const failed = async (error: unknown): Promise<T> => {
    if (!isFault(error)) throw error;
    const outcome = await mend(place, rules, error, { verb, run, restore });
    if (!outcome.isDone) throw masked(place, outcome.failure, outcome.attempts, start);
    const { failure, attempts, result } = outcome;
    place.origin.note(place.env.id, "retried", failure);
    putNote(
      result[result.length - 1] as StepResult[4],
      faultNote("retried", failure, attempts, start),
    );
    return result;
  };
  const env = place.under(rules);
  try {
    const result = run(env);
    if (!(result instanceof Promise)) return result;
    return (place.watchesItself ? result : watch(place, result, rules, verb)).catch(failed);
  } catch (error) {
    if (!isFault(error)) throw error;
    return failed(error);
  }
}

/** Puts a fresh environment in the place of a broken one. @throws when there is none to be had and the old one still runs */
function replace(place: Place): MaybePromise<void> {
  const { origin } = place;
  const keep = (error: unknown): void => {
    if (!isGemError(error) || error.code !== "GEM_UNSUPPORTED") throw error;
    if (origin.running !== undefined) {
      const message = `${error.message} What was given up still runs, so it cannot be reset either.`;
      throw new GemError("GEM_ENV_FAULT", message, {}, error);
    }
    origin.broken = undefined;
  };
  try {
    const made = place.standIn(origin.nextSeed());
    if (made instanceof Promise) return made.then((standIn) => place.take(standIn), keep);
    place.take(made);
  } catch (error) {
    keep(error);
  }
  return undefined;
}

/** Counts what is about to be thrown. */
export function raised(place: Place, error: unknown): unknown {
  if (isFault(error)) place.origin.note(place.env.id, "raised", error);
  return error;
}

/** Notes that the environment is not to be used as it is; gives what says so in the place of a result. */
function masked(place: Place, error: unknown, attempts: number, start: number): Masked {
  const { origin, env } = place;
  origin.note(env.id, "masked", error);
  origin.broken = isGemError(error)
    ? error
    : new GemError("GEM_ENV_FAULT", messageOf(error), {}, error);
  return new Masked(faultNote("fault", error, attempts, start), error);
}
