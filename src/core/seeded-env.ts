import { GemError, didYouMean, show } from "../errors.ts";
import { PythonRandom, type PythonRandomState } from "../random/python-random.ts";
import { Env, checkAction, checkSeed } from "./env.ts";
import type { EnvPhase, EnvSnapshot, ResetOptions, ResetResult, Seed, StepResult } from "./env.ts";
import type { EnvHost } from "./host.ts";
import { chain, type MaybePromise } from "./maybe-promise.ts";
import type { Prompts } from "./prompts.ts";

/** What `make` hands to an environment's constructor. */
export interface EnvInit<
  Options extends object = Record<string, unknown>,
  PromptName extends string = string,
> {
  readonly id: string;
  readonly options: Options;
  readonly prompts: Prompts<PromptName>;
  /** What the first `reset()` without a seed starts from: `make`'s seed, or 128 bits from the operating system. */
  readonly seed: bigint;
  readonly host: EnvHost;
}

/** How a state entry looks from outside when it differs from the stored form (a tuple, an array). */
export interface AttributeView {
  /** The stored value as clients see it; `state` is the environment's whole state. */
  readonly read: (stored: never, state: never) => unknown;
  /** A client's value in stored form, or undefined when it does not fit. Absent: read-only. */
  readonly write?: (value: unknown, state: never) => unknown;
}

/**
 * An environment with its own random stream and its whole state in one plain object (laws L3, L4).
 *
 * A subclass keeps everything that changes in `state`, whose keys are upstream's attribute names, draws only from `random`,
 * and implements `onReset`, `onStep` and `drawAction`; seeding, order checks, snapshots and attributes are done here.
 */
export abstract class SeededEnv<
  Options extends object = Record<string, unknown>,
  State extends object = Record<string, unknown>,
  PromptName extends string = string,
> extends Env {
  readonly id: string;
  readonly options: Options;
  protected readonly prompts: Prompts<PromptName>;
  protected readonly host: EnvHost;
  /** Python's `random.Random`, draw for draw. Differs from upstream D11: each environment has its own. */
  protected readonly random: PythonRandom;
  protected abstract state: State;
  #phase: EnvPhase = "new";
  #seed: bigint;
  #resetsSinceSeed = 0;

  constructor(init: EnvInit<Options, PromptName>) {
    super();
    this.id = init.id;
    this.options = init.options;
    this.prompts = init.prompts;
    this.host = init.host;
    this.#seed = init.seed;
    this.random = new PythonRandom(init.seed);
  }

  /** Builds the first state of an episode; `random` is seeded already when a seed was given. */
  protected abstract onReset(options: ResetOptions): MaybePromise<ResetResult>;

  /** Plays one reply. Never throws on its content. */
  protected abstract onStep(action: string): MaybePromise<StepResult>;

  /** An action that the environment can parse, from its own stream where it draws one. */
  protected abstract drawAction(): MaybePromise<string>;

  /** Names of keyword arguments that `reset` takes besides the seed. */
  protected resetOptionNames(): readonly string[] {
    return [];
  }

  /** How state entries look to clients, where that differs from the stored form. */
  protected attributeViews(): Readonly<Record<string, AttributeView>> {
    return {};
  }

  /** Names of read-only attributes that follow from options and state and are not stored, for example a list of words. */
  protected derivedNames(): readonly string[] {
    return [];
  }

  /** The value of an attribute that `derivedNames` lists. */
  protected derive(_name: string): unknown {
    return undefined;
  }

  /** The seed the current stream started from, and how often `reset` went on without one since. */
  protected get stream(): { readonly seed: bigint; readonly resets: number } {
    return { seed: this.#seed, resets: this.#resetsSinceSeed };
  }

  override get phase(): EnvPhase {
    return this.#phase;
  }

  override reset(seed?: Seed | null, options: ResetOptions = {}): MaybePromise<ResetResult> {
    this.#assertOpen("reset");
    const start = seed === undefined || seed === null ? undefined : checkSeed(seed);
    this.#checkResetOptions(options);
    if (start !== undefined) {
      this.random.seed(start);
      this.#seed = start;
      this.#resetsSinceSeed = 0;
    } else if (this.#phase === "ready") {
      this.#resetsSinceSeed += 1;
    }
    return chain(this.onReset(options), (result) => {
      if (this.#phase === "new") this.#phase = "ready";
      return result;
    });
  }

  override step(action: string | null): MaybePromise<StepResult> {
    if (this.#phase !== "ready") this.refuse("step");
    return this.onStep(checkAction(action));
  }

  override sampleRandomAction(): MaybePromise<string> {
    if (this.#phase !== "ready") this.refuse("sample_random_action");
    return this.drawAction();
  }

  override getState(): EnvSnapshot {
    this.#assertOpen("get_state");
    return {
      started: this.#phase === "ready",
      seed: this.#seed.toString(),
      resets: this.#resetsSinceSeed,
      random: this.random.getState(),
      state: structuredClone(this.state),
    };
  }

  override setState(snapshot: EnvSnapshot): void {
    this.#assertOpen("set_state");
    const { started, seed, resets, random, state } = snapshot;
    if (
      typeof started !== "boolean" ||
      typeof seed !== "string" ||
      !/^\d+$/.test(seed) ||
      typeof resets !== "number" ||
      !isRecord(state) ||
      !sameKinds(this.state, state)
    ) {
      throw new GemError(
        "GEM_INVALID_STATE",
        `This is no state of ${this.id}. Pass what get_state() of an environment with the same id returned.`,
      );
    }
    this.random.setState(random as PythonRandomState);
    this.state = structuredClone(state) as State;
    this.#seed = BigInt(seed);
    this.#resetsSinceSeed = resets;
    this.#phase = started ? "ready" : "new";
  }

  override attributeNames(): readonly string[] {
    return [...Object.keys(this.state), ...this.derivedNames()];
  }

  override getAttribute(name: string): unknown {
    if (this.derivedNames().includes(name)) return this.derive(name);
    const stored = this.#stored(name);
    const view = this.attributeViews()[name];
    return view === undefined
      ? structuredClone(stored)
      : view.read(stored as never, this.state as never);
  }

  override setAttribute(name: string, value: unknown): MaybePromise<void> {
    if (this.derivedNames().includes(name)) {
      throw new GemError(
        "GEM_INVALID_ATTRIBUTE",
        `${this.id}.${name} cannot be set: it follows from the environment's options and state.`,
      );
    }
    const stored = this.#stored(name);
    const view = this.attributeViews()[name];
    const next = view === undefined ? value : view.write?.(value, this.state as never);
    if (next === undefined || (stored !== null && !sameKind(stored, next))) {
      throw new GemError(
        "GEM_INVALID_ATTRIBUTE",
        `${this.id}.${name} cannot be set to ${show(value)}: it holds ${show(stored)}.`,
      );
    }
    (this.state as Record<string, unknown>)[name] = structuredClone(next);
    return undefined;
  }

  override close(): MaybePromise<void> {
    this.#phase = "closed";
    return undefined;
  }

  #stored(name: string): unknown {
    if (!Object.hasOwn(this.state, name)) {
      const names = this.attributeNames();
      throw new GemError(
        "GEM_UNKNOWN_ATTRIBUTE",
        `${this.id} has no attribute "${name}".${didYouMean(name, names)} Its attributes are: ${names.join(", ")}.`,
      );
    }
    return (this.state as Record<string, unknown>)[name];
  }

  #checkResetOptions(options: ResetOptions): void {
    const allowed = this.resetOptionNames();
    const unknown = Object.keys(options).find((name) => !allowed.includes(name));
    if (unknown === undefined) return;
    throw new GemError(
      "GEM_UNKNOWN_OPTION",
      `reset() of ${this.id} got an unexpected keyword argument "${unknown}"; it takes ${["seed", ...allowed].join(", ")}.`,
    );
  }

  #assertOpen(verb: string): void {
    if (this.#phase !== "closed") return;
    throw new GemError(
      "GEM_CLOSED",
      `${this.id} is closed; ${verb} needs an open environment. Make a new one.`,
    );
  }

  /**
   * Refuses a call that needs an episode.
   *
   * Differs from upstream D13: an environment has no episode until `reset`, where upstream's constructors start one.
   */
  protected refuse(verb: string): never {
    this.#assertOpen(verb);
    throw new GemError(
      "GEM_RESET_NEEDED",
      `${this.id} has no episode yet. Call reset() before ${verb}().`,
    );
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Whether two values are of one kind: the same `typeof`, and for objects the same class. */
function sameKind(a: unknown, b: unknown): boolean {
  if (typeof a !== "object" || a === null) return typeof a === typeof b;
  return (
    typeof b === "object" && b !== null && Object.getPrototypeOf(a) === Object.getPrototypeOf(b)
  );
}

/** Whether `candidate` has the same keys as `state` with values of the same kinds (null fits anything). */
function sameKinds(state: object, candidate: Record<string, unknown>): boolean {
  const entries = Object.entries(state as Record<string, unknown>);
  return (
    entries.length === Object.keys(candidate).length &&
    entries.every(([key, value]) => {
      if (!Object.hasOwn(candidate, key)) return false;
      const other = candidate[key];
      return value === null || other === null || sameKind(value, other);
    })
  );
}
