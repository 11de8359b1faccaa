import { Env, checkAction, checkSeed } from "../core/env.ts";
import type {
  EnvPhase,
  EnvSnapshot,
  ResetOptions,
  ResetResult,
  Seed,
  StepResult,
} from "../core/env.ts";
import type { FaultRules } from "../core/fault-policy.ts";
import { closedError, readAction, readReset, readStep } from "../core/object-env.ts";
import { GemError, didYouMean, isGemError } from "../errors.ts";
import type { HostPool } from "../hosts/host-pool.ts";
import { HostedLog } from "./hosted-log.ts";
import { HostedSeeds, notAState } from "./hosted-seeds.ts";
import { ReplayedObject } from "./replayed-object.ts";

/** What an environment that lives in a host is made from. */
export interface HostedEnvInit {
  /** The id it was made by, for messages. */
  readonly id: string;
  /** Where it lives; asked at the first reset, so that making an environment starts nothing. */
  readonly pool: () => HostPool;
  /** What the library's `make` gets: its own name of the environment, and keyword arguments. */
  readonly envId: string;
  readonly options?: Readonly<Record<string, unknown>>;
  /** What the first `reset()` without a seed starts from. */
  readonly seed: bigint;
  /** How long one call may run, in ms; default: the pool's. */
  readonly deadlineMs?: number;
  /**
   * What the object's `reset` gets where the caller gives no seed. `derived` (default): a seed drawn from this environment's own
   * stream, so that each episode can be played again by itself. `none`: None, for objects to which that means "go on"; episodes
   * can then be played again only together with those before, as long as these are short.
   */
  readonly unseeded?: "derived" | "none";
  /** Names that `getAttribute` reads from the object; default: any public one. */
  readonly attributes?: readonly string[];
  /** Names of methods that `callMethod` calls; default: any public one. */
  readonly methods?: readonly string[];
}

/**
 * An environment whose object lives in a host process.
 *
 * When that process ends through another's fault, the episode is played again in a new one, and goes on if every answer is the same.
 * When the object itself ends its process or runs too long, the call fails with GEM_ENV_FAULT or GEM_DEADLINE, and so does every
 * further one until `reset`. The object is made at the first `reset`.
 */
export class HostedEnv extends Env {
  readonly id: string;
  readonly #init: HostedEnvInit;
  readonly #object: ReplayedObject;
  #seeds: HostedSeeds;
  #phase: EnvPhase = "new";
  /** Why there is no episode any more, although there was one. */
  #loss: GemError | undefined;

  constructor(init: HostedEnvInit) {
    super();
    const { id, pool, envId, options = {}, seed, deadlineMs } = init;
    this.id = id;
    this.#init = init;
    this.#seeds = new HostedSeeds(seed);
    this.#object = new ReplayedObject({ id, pool, envId, options, streamSeed: seed, deadlineMs });
  }

  override get phase(): EnvPhase {
    return this.#phase;
  }

  override get worksElsewhere(): boolean {
    return true;
  }

  /** A deadline counts while the call runs in its process, which knows when that is. */
  override follow(rules: FaultRules): boolean {
    this.#object.deadlineMs = rules.isDefaultDeadline ? this.#init.deadlineMs : rules.deadlineMs;
    return true;
  }

  override async reset(seed?: Seed | null, options: ResetOptions = {}): Promise<ResetResult> {
    this.#assertOpen("reset");
    const start = this.#startOf(seed);
    // With a seed, all that was before is of no account, and a process that is to end can be left.
    if (start !== null) this.#object.forget(this.#object.isDue);
    else if (this.#loss !== undefined) this.#object.forget(true);
    this.#loss = undefined;
    const result = await this.#play("reset", [start], options);
    this.#phase = "ready";
    return readReset(this.id, result);
  }

  override async step(action: string | null): Promise<StepResult> {
    this.#assertReady("step");
    checkAction(action);
    return readStep(this.id, await this.#play("step", [action]));
  }

  override async sampleRandomAction(): Promise<string> {
    this.#assertReady("sample_random_action");
    if (!(await this.#object.methods()).has("sample_random_action")) {
      const message = `${this.id} draws no actions: its class has no sample_random_action().`;
      throw new GemError("GEM_UNSUPPORTED", message);
    }
    return readAction(this.id, await this.#play("sample_random_action", []));
  }

  override async getState(): Promise<EnvSnapshot> {
    this.#assertOpen("get_state");
    const seeds = this.#seeds.toState();
    if (this.#phase !== "ready") return { started: false, seeds };
    if (this.#loss !== undefined) throw this.#lost(this.#loss);
    if ((await this.#object.methods()).has("get_state"))
      return { started: true, seeds, object: await this.#look("get_state") };
    if (this.#object.log.isComplete)
      return { started: true, seeds, log: this.#object.log.toState() };
    throw new GemError(
      "GEM_UNSUPPORTED",
      `${this.id} cannot be copied any more: it has no get_state(), and too much has happened since its last seed to play it again.`,
    );
  }

  override async setState(state: EnvSnapshot): Promise<void> {
    this.#assertOpen("set_state");
    const { started, seeds: seedState, object, log: logState } = state;
    const seeds = HostedSeeds.fromState(seedState, this.id);
    if (started === true) {
      const log = object === undefined ? HostedLog.fromState(logState) : new HostedLog(object);
      if (log === undefined) throw notAState(this.id);
      await this.#object.become(log);
    } else if (started === false) {
      this.#object.forget(true);
    } else {
      throw notAState(this.id);
    }
    this.#seeds = seeds;
    this.#loss = undefined;
    this.#phase = started ? "ready" : "new";
  }

  override attributeNames(): readonly string[] {
    return this.#init.attributes ?? [];
  }

  override methodNames(): readonly string[] {
    return this.#init.methods ?? [];
  }

  override getAttribute(name: string): Promise<unknown> {
    this.#assertReadable(`reading ${name}`);
    this.#assertAttribute(name);
    return this.#look("getattr", [name]);
  }

  override async setAttribute(name: string, value: unknown): Promise<void> {
    this.#assertReadable(`setting ${name}`);
    this.#assertAttribute(name);
    await this.#play("setattr", [name, value]);
  }

  override callMethod(name: string, args: readonly unknown[]): unknown {
    this.#assertReadable(name);
    const { methods } = this.#init;
    if (methods !== undefined && !methods.includes(name)) return super.callMethod(name, args);
    return this.#play("call", [name, args]);
  }

  override async close(): Promise<void> {
    if (this.#phase === "closed") return;
    this.#phase = "closed";
    try {
      if (this.#loss === undefined) await this.#object.closeIfAlive();
    } finally {
      this.#object.release();
    }
  }

  /** The seed that the object's `reset` gets; null for none. @throws GEM_INVALID_SEED */
  #startOf(seed: Seed | null | undefined): bigint | null {
    if (seed !== undefined && seed !== null) {
      const start = checkSeed(seed);
      this.#seeds.begin(start);
      return start;
    }
    return this.#init.unseeded === "none" ? null : this.#seeds.next();
  }

  #play(
    method: string,
    args: readonly unknown[],
    kwargs: Readonly<Record<string, unknown>> = {},
  ): Promise<unknown> {
    return this.#noting(this.#object.play(method, args, kwargs));
  }

  #look(method: string, args: readonly unknown[] = []): Promise<unknown> {
    return this.#noting(this.#object.look(method, args));
  }

  /** Notes when an error means that there is no episode any more. */
  async #noting(call: Promise<unknown>): Promise<unknown> {
    try {
      return await call;
    } catch (error) {
      if (isGemError(error) && !this.#object.isHeld) this.#loss = error;
      throw error;
    }
  }

  #lost(loss: GemError): GemError {
    return new GemError(
      "GEM_ENV_FAULT",
      `${this.id} has no episode any more; reset() starts a new one. ${loss.message}`,
      {},
      loss,
    );
  }

  #assertOpen(verb: string): void {
    if (this.#phase === "closed") throw closedError(this.id, verb);
  }

  #assertReady(verb: string): void {
    this.#assertOpen(verb);
    if (this.#loss !== undefined && this.#phase === "ready") throw this.#lost(this.#loss);
    if (this.#phase === "ready") return;
    throw new GemError(
      "GEM_RESET_NEEDED",
      `${this.id} has no episode yet. Call reset() before ${verb}.`,
    );
  }

  /** An object whose names are not declared is a user's own, which can be looked at as soon as it is made. */
  #assertReadable(verb: string): void {
    if (this.#init.attributes !== undefined) this.#assertReady(verb);
    this.#assertOpen(verb);
    if (this.#loss !== undefined) throw this.#lost(this.#loss);
  }

  #assertAttribute(name: string): void {
    const { attributes } = this.#init;
    if (attributes === undefined || attributes.includes(name)) return;
    const names = attributes.join(", ");
    throw new GemError(
      "GEM_UNKNOWN_ATTRIBUTE",
      `${this.id} has no attribute "${name}".${didYouMean(name, attributes)} Its attributes are: ${names}.`,
    );
  }
}
