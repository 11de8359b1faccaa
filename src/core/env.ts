import { GemError, didYouMean, show } from "../errors.ts";
import type { Continuation } from "./continuation.ts";
import type { FaultRules } from "./fault-policy.ts";
import type { MaybePromise } from "./maybe-promise.ts";

/** What `reset` starts an episode from: a non-negative integer of any size. */
export type Seed = number | bigint;

/** Extra facts beside an observation; a fresh, mutable object at each step. Keys are upstream's snake_case names. */
export type Info = Record<string, unknown>;

/** What the agent sees: text, or for visual environments an object with text and images. */
export type Observation = string | Record<string, unknown>;

/** `[observation, info]` of the first state of an episode. */
export type ResetResult = [observation: Observation, info: Info];

/** `[observation, reward (float64), terminated, truncated, info]` of one step. */
export type StepResult = [
  observation: Observation,
  reward: number,
  terminated: boolean,
  truncated: boolean,
  info: Info,
];

/** Keyword arguments of `reset` beyond the seed, for example `{ idx: 3 }` of a dataset environment. */
export type ResetOptions = Readonly<Record<string, unknown>>;

/** Where an environment stands: not reset yet, in an episode (or after one), or closed. */
export type EnvPhase = "new" | "ready" | "closed";

/** What `render` makes: text with colours for a terminal, or an SVG document. */
export type RenderFormat = "ansi" | "svg";

/** A snapshot of an environment as plain data (numbers, strings, arrays, typed arrays, sets, maps, objects). */
export type EnvSnapshot = Readonly<Record<string, unknown>>;

/**
 * The contract of every environment and every wrapper.
 *
 * A model's reply never makes `step` throw: a malformed one is answered with an observation and a reward. `reset` and `step`
 * return a value, or a promise where an environment has to wait for something.
 */
export abstract class Env {
  /** The id it was made by, for example `game:Sokoban-v0-easy`. */
  abstract readonly id: string;

  /**
   * Starts an episode. With a seed the environment's own generators start from it; without one they go on.
   *
   * @throws GEM_INVALID_SEED when the seed is not a non-negative integer
   * @throws GEM_CLOSED after `close`
   */
  abstract reset(seed?: Seed | null, options?: ResetOptions): MaybePromise<ResetResult>;

  /**
   * Plays one action: the model's whole reply. `null` counts as an empty reply.
   *
   * @throws GEM_INVALID_ACTION when the action is neither a string nor null
   * @throws GEM_RESET_NEEDED before the first `reset`
   * @throws GEM_CLOSED after `close`
   */
  abstract step(action: string | null): MaybePromise<StepResult>;

  /** An action that the environment can parse, drawn from its own generator where it draws. @throws GEM_RESET_NEEDED, GEM_CLOSED */
  abstract sampleRandomAction(): MaybePromise<string>;

  /** The whole state, generators included, as plain data. @throws GEM_UNSUPPORTED when it holds something outside itself */
  abstract getState(): MaybePromise<EnvSnapshot>;

  /** Continues from a snapshot of an environment with the same id and options. @throws GEM_INVALID_STATE */
  abstract setState(state: EnvSnapshot): MaybePromise<void>;

  /** Names that `getAttribute` answers; they are upstream's attribute names. */
  abstract attributeNames(): readonly string[];

  /** Reads a declared attribute, for example `turn_count`. @throws GEM_UNKNOWN_ATTRIBUTE */
  abstract getAttribute(name: string): unknown;

  /** Writes a declared attribute. @throws GEM_UNKNOWN_ATTRIBUTE @throws GEM_INVALID_ATTRIBUTE on a value of another type */
  abstract setAttribute(name: string, value: unknown): MaybePromise<void>;

  /** Where the environment stands; what cannot know says `ready` and answers when called. */
  get phase(): EnvPhase {
    return "ready";
  }

  /** Whether its work is done in another process, so that many can be at it at once: a vector never lets one wait for another. */
  get worksElsewhere(): boolean {
    return false;
  }

  /** How the newest observation goes on from the one before; undefined where nobody knows. */
  get continuation(): Continuation | undefined {
    return undefined;
  }

  /** Learns the rules that it is called under; gives whether it watches over the deadlines of its calls by itself. */
  follow(_rules: FaultRules): boolean {
    return false;
  }

  /** Whether what `getState` gives can be kept beyond the call that asked for it. */
  get hasLastingState(): boolean {
    return true;
  }

  /** Whether a step that failed with a fault has changed nothing, so that the same one can be made again. */
  get repeatsAfterFault(): boolean {
    return false;
  }

  /**
   * Draws what there is to see, for people.
   *
   * @throws GEM_UNSUPPORTED where there is nothing to look at, GEM_INVALID_ARGUMENT on another format, GEM_RESET_NEEDED
   */
  render(_format: RenderFormat): MaybePromise<string> {
    throw new GemError(
      "GEM_UNSUPPORTED",
      `${this.id} has nothing to look at; read its observations.`,
    );
  }

  /** Names of the further methods that `callMethod` answers, for example `get_task_suffix`. */
  methodNames(): readonly string[] {
    return [];
  }

  /** Calls a declared method. @throws GEM_UNKNOWN_METHOD */
  callMethod(name: string, _args: readonly unknown[]): unknown {
    throw new GemError(
      "GEM_UNKNOWN_METHOD",
      `${this.id} has no method "${name}".${didYouMean(name, this.methodNames())}`,
    );
  }

  /** Releases what the environment holds; twice is fine. */
  close(): MaybePromise<void> {
    return undefined;
  }

  /** The innermost environment. */
  get unwrapped(): Env {
    return this;
  }
}

/** Checks a seed and gives it as a bigint. @throws GEM_INVALID_SEED */
export function checkSeed(seed: unknown): bigint {
  // Differs from upstream D10: seeds beyond 2^32 are good, where upstream raises after it has reseeded.
  if (typeof seed === "bigint" && seed >= 0n) return seed;
  if (typeof seed === "number" && Number.isSafeInteger(seed) && seed >= 0) return BigInt(seed);
  const hint =
    typeof seed === "number" && seed > Number.MAX_SAFE_INTEGER
      ? " Pass integers beyond 2^53 as bigint."
      : "";
  throw new GemError(
    "GEM_INVALID_SEED",
    `A seed must be a non-negative integer or null, got ${show(seed)}.${hint}`,
  );
}

/** Checks an action; null counts as an empty reply. @throws GEM_INVALID_ACTION */
export function checkAction(action: unknown): string {
  if (typeof action === "string") return action;
  // Differs from upstream D09: null is an empty reply, where most of upstream's games raise.
  if (action === null) return "";
  throw new GemError(
    "GEM_INVALID_ACTION",
    `An action must be a string (the model's reply), got ${show(action)}. Decode tokens to text first.`,
  );
}
