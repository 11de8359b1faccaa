import type { Continuation } from "../core/continuation.ts";
import type { Env, Observation, ResetOptions, ResetResult, StepResult } from "../core/env.ts";
import {
  Masked,
  faultNote,
  putNote,
  type FaultNote,
  type FaultRules,
} from "../core/fault-policy.ts";
import { guardedReset, guardedStep, isBroken, raised, raising } from "../core/guard.ts";
import type { MaybePromise } from "../core/maybe-promise.ts";
import { placeChanges, type Place } from "../core/place.ts";
import { GemError } from "../errors.ts";
import { NextEpisodeFault } from "./vector-fault.ts";
import { faultReset, faultStep, type MemberReset, type MemberStep } from "./vector-result.ts";

/** When a finished environment starts its next episode: within the step that ended it, or in the step after. */
export type AutoresetMode = "SameStep" | "NextStep";

/** What the next step does with a member: it plays; it is reset, as its episode ended; it is reset, as it had a fault. */
const PLAYS = 0;
const RESETS = 1;
const RECOVERS = 2;

const NO_OPTIONS: ResetOptions = {};

/** The environments of a vector, each in its place, and what the next step does with them. */
export class Members {
  readonly #places: Place[];
  readonly #rules: FaultRules;
  readonly #autoreset: AutoresetMode;
  readonly #pending: Uint8Array;
  /** When the newest call of the vector began. */
  began = 0;
  /** How the last observations of episodes that ended go on from those before them, by member, where that is known; undefined: nobody asks. */
  endings: Map<number, Continuation> | undefined;
  /** The environments, while none of them needs more than a call: until something changes somewhere. */
  #calm: readonly Env[] | undefined;
  #calmAt = -1;
  /** The last fault of each member that had one. */
  readonly #notes = new Map<number, FaultNote>();

  constructor(places: readonly Place[], rules: FaultRules, autoreset: AutoresetMode) {
    this.#places = [...places];
    this.#rules = rules;
    this.#autoreset = autoreset;
    this.#pending = new Uint8Array(places.length);
  }

  get count(): number {
    return this.#places.length;
  }

  /** What is in a member's place now. @throws GEM_INTERNAL when there is no such member */
  env(index: number): Env {
    return this.#place(index).env;
  }

  /** Lets a member be what is in another place. */
  setPlace(index: number, place: Place): void {
    this.#places[index] = place;
    this.#pending[index] = PLAYS;
    this.#calmAt = -1;
  }

  /** Why a member cannot step, or undefined where it can: it is closed, was never reset, or must be reset after a fault. */
  lackOf(index: number): "closed" | "reset" | GemError | undefined {
    if (this.#calmEnv(index)?.phase === "ready") return undefined;
    const place = this.#place(index);
    const { phase } = place.env;
    if (phase === "closed") return "closed";
    if (this.#pending[index] !== PLAYS) return undefined;
    if (!isBroken(place)) return phase === "ready" ? undefined : "reset";
    return this.#rules.onFault === "raise" ? place.origin.broken : undefined;
  }

  /** Resets a member. @throws what its `reset` throws, but for faults that the policy masks */
  reset(index: number, seed: bigint | null, options: ResetOptions): MaybePromise<MemberReset> {
    return settle<ResetResult, MemberReset>(
      () => this.#begin(index, seed, options),
      (result) => result,
      (error) => {
        if (!(error instanceof Masked)) throw error;
        this.#recoverNext(index, error.note);
        return faultReset(error.note);
      },
    );
  }

  /** Steps a member. @throws what its `step` throws, but for faults that the policy masks; NextEpisodeFault */
  step(index: number, action: string | null): MaybePromise<MemberStep> {
    if (this.#rules.onFault === "raise") return this.#play(index, action);
    return settle<MemberStep, MemberStep>(
      () => this.#play(index, action),
      (step) => step,
      (error) => {
        if (error instanceof Masked) return this.#mask(index, error.note);
        throw error;
      },
    );
  }

  /** Reports an error in the form of a step. A member that cannot go on with its episode begins another in the next step. */
  asStep(index: number, error: unknown): MemberStep {
    if (error instanceof NextEpisodeFault) return error.step;
    const note = faultNote("fault", error, 1, this.began);
    if (isBroken(this.#place(index))) this.#recoverNext(index, note);
    return faultStep(note);
  }

  #play(index: number, action: string | null): MaybePromise<MemberStep> {
    if (this.#pending[index] !== PLAYS) return this.#resume(index);
    const env = this.#calmEnv(index);
    const step =
      env === undefined
        ? guardedStep(this.#place(index), action, this.#rules)
        : this.#stepCalm(env, index, action);
    return step instanceof Promise
      ? step.then((later) => this.#conclude(index, later))
      : this.#conclude(index, step);
  }

  /** Steps an environment of which nothing needs to be known; what it throws or promises is dealt with as anywhere. */
  #stepCalm(env: Env, index: number, action: string | null): MaybePromise<StepResult> {
    let step: MaybePromise<StepResult>;
    try {
      step = env.step(action);
    } catch (error) {
      throw raised(this.#place(index), error);
    }
    return step instanceof Promise ? raising(this.#place(index), step, this.#rules, "step") : step;
  }

  /** A member's environment, where it can be called directly: under `raise`, while nothing is to be kept or mended. */
  #calmEnv(index: number): Env | undefined {
    if (this.#calmAt !== placeChanges()) {
      this.#calmAt = placeChanges();
      const isCalm =
        this.#rules.onFault === "raise" && this.#places.every(({ origin }) => origin.isCalm);
      this.#calm = isCalm ? this.#places.map((place) => place.under(this.#rules)) : undefined;
    }
    return this.#calm?.[index];
  }

  #begin(index: number, seed: bigint | null, options: ResetOptions): MaybePromise<ResetResult> {
    const reset = guardedReset(this.#place(index), seed, options, this.#rules);
    if (!(reset instanceof Promise)) {
      this.#pending[index] = PLAYS;
      return reset;
    }
    return reset.then((later) => {
      this.#pending[index] = PLAYS;
      return later;
    });
  }

  /** Begins the episode that is due. After a fault that is no step: the action was meant for another episode. */
  #resume(index: number): MaybePromise<MemberStep> {
    const note = this.#pending[index] === RECOVERS ? this.#notes.get(index) : undefined;
    return settle<ResetResult, MemberStep>(
      () => this.#begin(index, null, NO_OPTIONS),
      ([observation, info]) =>
        note === undefined
          ? [observation, 0, false, false, info]
          : faultStep(note, observation, info),
    );
  }

  /** Starts the next episode of a member whose episode has ended, or notes that the next step is to do so. */
  #conclude(index: number, step: StepResult): MaybePromise<MemberStep> {
    if (!step[2] && !step[3]) return step;
    if (this.#autoreset === "NextStep") {
      this.#pending[index] = RESETS;
      return step;
    }
    if (this.endings !== undefined) this.#keepEnding(this.endings, index, step[0]);
    let reset: MaybePromise<ResetResult>;
    try {
      reset = this.#begin(index, null, NO_OPTIONS);
    } catch (error) {
      return this.#endOnly(index, step, error);
    }
    if (!(reset instanceof Promise)) return goOn(step, reset);
    return reset.then(
      (later) => goOn(step, later),
      (error: unknown) => this.#endOnly(index, step, error),
    );
  }

  #keepEnding(endings: Map<number, Continuation>, index: number, observation: Observation): void {
    const { continuation } = this.env(index);
    if (continuation?.text === observation) endings.set(index, continuation);
  }

  /** An episode's last step, after which no other could begin. @throws NextEpisodeFault unless the policy masks that */
  #endOnly(index: number, step: StepResult, error: unknown): MemberStep {
    const [observation, reward, terminated, truncated, info] = step;
    const note = error instanceof Masked ? error.note : faultNote("fault", error, 1, this.began);
    const firstInfo = { final_observation: observation, final_info: info };
    putNote(firstInfo, note);
    this.#recoverNext(index, note);
    const played: MemberStep = ["", reward, terminated, truncated, firstInfo];
    if (error instanceof Masked) return played;
    throw new NextEpisodeFault(error, played);
  }

  /** Reports a fault in the form of a step; with `SameStep` the next episode begins. */
  #mask(index: number, note: FaultNote): MaybePromise<MemberStep> {
    if (this.#autoreset === "NextStep" || this.#pending[index] !== PLAYS) {
      this.#recoverNext(index, note);
      return faultStep(note);
    }
    return settle<ResetResult, MemberStep>(
      () => this.#begin(index, null, NO_OPTIONS),
      ([observation, info]) => faultStep(note, observation, info),
      (error) => {
        if (!(error instanceof Masked)) throw error;
        this.#recoverNext(index, note);
        return faultStep(note);
      },
    );
  }

  /** The next step begins an episode. With `NextStep` that is what it does after any last step. */
  #recoverNext(index: number, note: FaultNote): void {
    this.#pending[index] = this.#autoreset === "NextStep" ? RESETS : RECOVERS;
    this.#notes.set(index, note);
  }

  #place(index: number): Place {
    const place = this.#places[index];
    if (place === undefined)
      throw new GemError("GEM_INTERNAL", `No environment ${String(index)} in the vector.`);
    return place;
  }
}

/** An episode's last step, with the first observation of the next one. */
function goOn(
  [observation, reward, terminated, truncated, info]: StepResult,
  [first, firstInfo]: ResetResult,
): MemberStep {
  // Differs from upstream D15: the ended episode's last ones are kept beside.
  firstInfo["final_observation"] = observation;
  firstInfo["final_info"] = info;
  // Upstream quirk Q11: observation and info are the next episode's.
  return [first, reward, terminated, truncated, firstInfo];
}

/** Goes on with a value or with an error, at once where they are there at once. */
function settle<T, R>(
  call: () => MaybePromise<T>,
  done: (value: T) => MaybePromise<R>,
  failed?: (error: unknown) => MaybePromise<R>,
): MaybePromise<R> {
  let value: MaybePromise<T>;
  try {
    value = call();
  } catch (error) {
    if (failed === undefined) throw error;
    return failed(error);
  }
  return value instanceof Promise ? value.then(done, failed) : done(value);
}
