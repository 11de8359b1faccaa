import { checkAction, checkSeed } from "../core/env.ts";
import type {
  Env,
  Info,
  Observation,
  ResetOptions,
  ResetResult,
  Seed,
  StepResult,
} from "../core/env.ts";
import { chain, type MaybePromise } from "../core/maybe-promise.ts";
import { GemError, isGemError, show } from "../errors.ts";

/** When a finished environment starts its next episode: within the step that ended it, or in the step after. */
export type AutoresetMode = "SameStep" | "NextStep";

/** How a vector runs its members. */
export interface VectorOptions {
  /** Whether members that have to wait do so at the same time (default false: one after the other, but for those that work elsewhere). */
  readonly asyncMode?: boolean;
  readonly autoreset?: AutoresetMode;
}

/** `[observations, infos]` of a reset, one entry per environment. */
export type VectorResetResult = [observations: Observation[], infos: Info[]];

/** The outcome of one vector step; every array has one entry per environment that stepped, in the order asked for. */
export interface VectorStepResult {
  readonly observations: Observation[];
  readonly rewards: Float64Array;
  /** 1 where the episode ended by its own rules. */
  readonly terminated: Uint8Array;
  /** 1 where it ended by a limit. */
  readonly truncated: Uint8Array;
  readonly infos: Info[];
}

/** A member that failed, and why. */
interface MemberFault {
  readonly index: number;
  readonly error: unknown;
}

/** Several environments stepped as one. Each keeps its own random stream, so an episode is the same as alone. */
export class VectorEnv {
  readonly #envs: Env[];
  readonly #asyncMode: boolean;
  readonly autoreset: AutoresetMode;
  /** 1 where the last step ended an episode that the next step must reset (`NextStep` only). */
  #pending: Uint8Array;

  /** @throws GEM_INVALID_ARGUMENT without environments or with an unknown autoreset mode */
  constructor(envs: readonly Env[], options: VectorOptions = {}) {
    if (envs.length === 0)
      throw new GemError(
        "GEM_INVALID_ARGUMENT",
        "A vector needs at least one environment, got none.",
      );
    const autoreset: unknown = options.autoreset ?? "SameStep";
    if (autoreset !== "SameStep" && autoreset !== "NextStep") {
      throw new GemError(
        "GEM_INVALID_ARGUMENT",
        `autoreset must be "SameStep" or "NextStep", got ${show(autoreset)}.`,
      );
    }
    this.#envs = [...envs];
    this.#asyncMode = options.asyncMode ?? false;
    this.autoreset = autoreset;
    this.#pending = new Uint8Array(envs.length);
  }

  /** The members, in order. */
  get envs(): readonly Env[] {
    return this.#envs;
  }

  get numEnvs(): number {
    return this.#envs.length;
  }

  /** Puts another environment in a member's place. @throws GEM_INVALID_ARGUMENT when the index is out of range */
  setEnv(index: number, env: Env): void {
    this.#checkIndex(index);
    this.#envs[index] = env;
    this.#pending[index] = 0;
  }

  /**
   * Resets every member.
   *
   * @param seeds null: streams go on; one seed s: member i starts from s + i; an array: a seed or null for each
   * @param options keyword arguments of single members' `reset`, by index
   * @throws GEM_INVALID_SEED, GEM_INVALID_ARGUMENT before any member is reset; GEM_ENV_FAULT when members fail
   */
  reset(
    seeds: Seed | readonly (Seed | null)[] | null = null,
    options: ReadonlyMap<number, ResetOptions> = new Map(),
  ): MaybePromise<VectorResetResult> {
    const perMember = this.#spreadSeeds(seeds);
    for (const index of options.keys()) this.#checkIndex(index);
    const observations: Observation[] = new Array<Observation>(this.numEnvs);
    const infos: Info[] = new Array<Info>(this.numEnvs);
    const resetMember = (index: number): MaybePromise<void> =>
      chain(
        this.#env(index).reset(perMember[index] ?? null, options.get(index) ?? {}),
        ([observation, info]) => {
          observations[index] = observation;
          infos[index] = info;
          this.#pending[index] = 0;
        },
      );
    const indices = this.#envs.map((_, index) => index);
    return chain(this.#each(indices, resetMember), (): VectorResetResult => [observations, infos]);
  }

  /**
   * Steps members with one action each.
   *
   * With `SameStep` a member whose episode ended is reset at once: observation and info are the next episode's first, and the
   * ended one's last are in `info.final_observation` and `info.final_info`. With `NextStep` the next step resets it and ignores
   * its action (reward 0, flags 0).
   *
   * @param indices which members step, in what order; null: all
   * @throws GEM_ACTION_COUNT, GEM_INVALID_ACTION, GEM_RESET_NEEDED, GEM_CLOSED before any member steps; GEM_ENV_FAULT (or the
   *   member's own code) when members fail, after all others have stepped
   */
  step(
    actions: readonly (string | null)[],
    indices: readonly number[] | null = null,
  ): MaybePromise<VectorStepResult> {
    const members = indices ?? this.#envs.map((_, index) => index);
    this.#checkActions(actions, members, indices !== null);
    const result: VectorStepResult = {
      observations: new Array<Observation>(members.length),
      rewards: new Float64Array(members.length),
      terminated: new Uint8Array(members.length),
      truncated: new Uint8Array(members.length),
      infos: new Array<Info>(members.length),
    };
    const stepMember = (index: number, position: number): MaybePromise<void> => {
      const step = this.#stepOne(index, actions[position] ?? null);
      if (step instanceof Promise) return step.then((later) => store(result, position, later));
      store(result, position, step);
      return undefined;
    };
    return chain(this.#each(members, stepMember), () => result);
  }

  /** Closes every member. */
  close(): MaybePromise<void> {
    return this.#each(
      this.#envs.map((_, index) => index),
      (index) => this.#env(index).close(),
    );
  }

  #stepOne(index: number, action: string | null): MaybePromise<StepResult> {
    const env = this.#env(index);
    if (this.#pending[index] === 1) {
      return chain(env.reset(), ([observation, info]): StepResult => {
        this.#pending[index] = 0;
        return [observation, 0, false, false, info];
      });
    }
    const step = env.step(action);
    return step instanceof Promise
      ? step.then((later) => this.#autoreset(env, index, later))
      : this.#autoreset(env, index, step);
  }

  /** Starts the next episode of a member whose episode has ended, or notes that the next step is to do so. */
  #autoreset(env: Env, index: number, step: StepResult): MaybePromise<StepResult> {
    if (!step[2] && !step[3]) return step;
    const [observation, reward, terminated, truncated, info] = step;
    if (this.autoreset === "NextStep") {
      this.#pending[index] = 1;
      return step;
    }
    // Upstream quirk Q11: observation and info are the next episode's.
    return chain(env.reset(), ([first, firstInfo]: ResetResult): StepResult => {
      // Differs from upstream D15: the ended episode's last ones are kept beside.
      firstInfo["final_observation"] = observation;
      firstInfo["final_info"] = info;
      return [first, reward, terminated, truncated, firstInfo];
    });
  }

  /**
   * Runs one task per member; a failing one leaves the others alone and is reported when all have run (differs from upstream
   * D18, where what the others did is lost).
   */
  #each(
    members: readonly number[],
    task: (index: number, position: number) => MaybePromise<void>,
  ): MaybePromise<void> {
    const faults: MemberFault[] = [];
    const waiting: Promise<void>[] = [];
    const attempt = (position: number): MaybePromise<void> => {
      const index = members[position] ?? 0;
      const report = (error: unknown): void => void faults.push({ index, error });
      try {
        const outcome = task(index, position);
        return outcome instanceof Promise ? outcome.catch(report) : undefined;
      } catch (error) {
        report(error);
        return undefined;
      }
    };
    const finish = (): void => {
      if (faults.length > 0) throw this.#combine(faults);
    };
    for (let position = 0; position < members.length; position++) {
      const outcome = attempt(position);
      if (!(outcome instanceof Promise)) continue;
      const goesOn = this.#asyncMode || this.#env(members[position] ?? 0).worksElsewhere;
      if (goesOn) {
        waiting.push(outcome);
        continue;
      }
      waiting.push(this.#inTurn(outcome, position + 1, members.length, attempt));
      break;
    }
    if (waiting.length > 0) return Promise.all(waiting).then(finish);
    finish();
    return undefined;
  }

  async #inTurn(
    first: Promise<void>,
    next: number,
    count: number,
    attempt: (position: number) => MaybePromise<void>,
  ): Promise<void> {
    await first;
    for (let position = next; position < count; position++) await attempt(position);
  }

  #combine(faults: readonly MemberFault[]): GemError {
    const sorted = faults.toSorted((a, b) => a.index - b.index);
    const { index, error } = sorted[0] ?? { index: 0, error: undefined };
    const id = this.#env(index).id;
    const message = error instanceof Error ? error.message : String(error);
    const others =
      sorted.length > 1
        ? ` ${String(sorted.length - 1)} more of the vector's environments failed.`
        : "";
    const details = {
      ...(isGemError(error) ? error.details : {}),
      index,
      id,
      faulty: sorted.map((fault) => fault.index),
    };
    const code = isGemError(error) ? error.code : "GEM_ENV_FAULT";
    return new GemError(
      code,
      `Environment ${String(index)} of the vector (${id}) failed: ${message}${others}`,
      details,
      error,
    );
  }

  #env(index: number): Env {
    const env = this.#envs[index];
    if (env === undefined)
      throw new GemError("GEM_INTERNAL", `No environment ${String(index)} in the vector.`);
    return env;
  }

  #checkIndex(index: unknown): void {
    if (typeof index === "number" && Number.isInteger(index) && index >= 0 && index < this.numEnvs)
      return;
    throw new GemError(
      "GEM_INVALID_ARGUMENT",
      `An environment's index must be an integer from 0 to ${String(this.numEnvs - 1)}, got ${show(index)}.`,
    );
  }

  #checkActions(actions: readonly unknown[], members: readonly number[], named: boolean): void {
    if (actions.length !== members.length) {
      throw new GemError(
        "GEM_ACTION_COUNT",
        `step() needs one action for each of ${String(members.length)} environments, got ${String(actions.length)}.`,
      );
    }
    if (named) {
      for (const index of members) this.#checkIndex(index);
      if (new Set(members).size !== members.length) {
        throw new GemError(
          "GEM_INVALID_ARGUMENT",
          "step() got an environment's index twice; name each once.",
        );
      }
    }
    for (let position = 0; position < members.length; position++) {
      checkAction(actions[position]);
      const index = members[position] ?? 0;
      const env = this.#env(index);
      const { phase } = env;
      if (phase === "ready") continue;
      const where = `Environment ${String(index)} of the vector (${env.id})`;
      if (phase === "closed")
        throw new GemError("GEM_CLOSED", `${where} is closed. Put an open one in its place.`);
      throw new GemError(
        "GEM_RESET_NEEDED",
        `${where} has no episode yet. Call reset() before step().`,
      );
    }
  }

  #spreadSeeds(seeds: Seed | readonly (Seed | null)[] | null): readonly (bigint | null)[] {
    if (seeds === null) return [];
    if (!Array.isArray(seeds)) {
      const first = checkSeed(seeds);
      return this.#envs.map((_, index) => first + BigInt(index));
    }
    const list = seeds as readonly (Seed | null)[];
    if (list.length !== this.numEnvs) {
      throw new GemError(
        "GEM_INVALID_SEED",
        `reset() needs one seed for each of ${String(this.numEnvs)} environments, got ${String(list.length)}.`,
      );
    }
    return list.map((seed) => (seed === null ? null : checkSeed(seed)));
  }
}

function store(result: VectorStepResult, position: number, step: StepResult): void {
  result.observations[position] = step[0];
  result.rewards[position] = step[1];
  result.terminated[position] = Number(step[2]);
  result.truncated[position] = Number(step[3]);
  result.infos[position] = step[4];
}
