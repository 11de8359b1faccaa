import type { Continuation } from "../core/continuation.ts";
import type { Env, Info, Observation, ResetOptions, Seed } from "../core/env.ts";
import { rulesOf, type FaultPolicy, type FaultRules } from "../core/fault-policy.ts";
import { resetNeeded } from "../core/guard.ts";
import { chain, type MaybePromise } from "../core/maybe-promise.ts";
import { Place, placeOf } from "../core/place.ts";
import { GemError, show } from "../errors.ts";
import { checkActions, checkIndex, checkMembers, listSeeds, spreadSeeds } from "./arguments.ts";
import { FlightQueue, readRecvOptions, type RecvOptions, type Wait } from "./send-recv.ts";
import { gatherLanded, resetAsStep, type VectorRecvResult } from "./send-recv-result.ts";
import { Members, type AutoresetMode } from "./members.ts";
import { vectorFault, type MemberFault } from "./vector-fault.ts";
import {
  emptyStep,
  store,
  type VectorResetResult,
  type VectorStepResult,
} from "./vector-result.ts";

export type { AutoresetMode } from "./members.ts";
export type { VectorResetResult, VectorStepResult } from "./vector-result.ts";

const NO_ENDINGS: ReadonlyMap<number, Continuation> = new Map();

/** How a vector runs its members. */
export interface VectorOptions extends FaultPolicy {
  /** Whether members that have to wait do so at the same time (default false: one after the other, but for those that work elsewhere). */
  readonly asyncMode?: boolean;
  readonly autoreset?: AutoresetMode;
}

/** Several environments stepped as one. Each keeps its own random stream, so an episode is the same as alone. */
export class VectorEnv {
  readonly #members: Members;
  /** Whether members that have to wait do so at the same time. */
  readonly asyncMode: boolean;
  readonly autoreset: AutoresetMode;
  /** What becomes of its members' faults, and how long their calls may run. */
  readonly rules: FaultRules;
  #faults: Uint8Array;
  #flights: FlightQueue | undefined;
  #positions: readonly number[] | undefined;

  /**
   * @param envs the members, or the places they are in, from which others can take theirs after a fault
   * @throws GEM_INVALID_ARGUMENT without environments, with an unknown autoreset mode or fault policy
   */
  constructor(envs: readonly (Env | Place)[], options: VectorOptions = {}) {
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
    this.rules = rulesOf(options);
    this.asyncMode = options.asyncMode ?? false;
    this.autoreset = autoreset;
    const places = envs.map((env) => (env instanceof Place ? env : placeOf(env)));
    this.#members = new Members(places, this.rules, autoreset);
    this.#faults = new Uint8Array(envs.length);
  }

  /** The members, in order. */
  get envs(): readonly Env[] {
    return this.#all().map((index) => this.#members.env(index));
  }

  get numEnvs(): number {
    return this.#members.count;
  }

  /** 1 where an entry of the last step's or reset's result stands for a fault and is no data. */
  get faults(): Uint8Array {
    return this.#faults;
  }

  /** How the last observations of episodes that ended in the last step go on from those before them, by member, where known. */
  get endings(): ReadonlyMap<number, Continuation> {
    return this.#members.endings ?? NO_ENDINGS;
  }

  /** Puts another environment in a member's place. @throws GEM_INVALID_ARGUMENT when the index is out of range */
  setEnv(index: number, env: Env | Place): void {
    checkIndex(index, this.numEnvs);
    this.#flights?.assertHome([index], "setEnv");
    this.#members.setPlace(index, env instanceof Place ? env : placeOf(env));
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
    this.#flights?.assertEmpty("reset");
    const perMember = spreadSeeds(seeds, this.numEnvs);
    for (const index of options.keys()) checkIndex(index, this.numEnvs);
    this.#members.began = performance.now();
    const result: VectorResetResult = [
      new Array<Observation>(this.numEnvs),
      new Array<Info>(this.numEnvs),
    ];
    const faults = new Uint8Array(this.numEnvs);
    const resetMember = (index: number): MaybePromise<void> =>
      chain(
        this.#members.reset(index, perMember[index] ?? null, options.get(index) ?? {}),
        ([observation, info, isFault]) => {
          result[0][index] = observation;
          result[1][index] = info;
          if (isFault === true) faults[index] = 1;
        },
      );
    const finish = (failed: readonly MemberFault[]): VectorResetResult => {
      this.#faults = faults;
      for (const { index, error } of failed) {
        const [observation, , , , info] = this.#members.asStep(index, error);
        result[0][index] = observation;
        result[1][index] = info;
        faults[index] = 1;
      }
      if (failed.length > 0) throw vectorFault(failed, this.#idOf, result);
      return result;
    };
    return chain(this.#each(this.#all(), resetMember), finish);
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
    this.#flights?.assertEmpty("step");
    const members = indices ?? this.#all();
    checkActions("step", actions, members, indices === null ? undefined : this.numEnvs);
    this.#checkPhases("step", members);
    this.#members.began = performance.now();
    this.#members.endings = new Map();
    const result = emptyStep(members.length);
    const stepMember = (index: number, position: number): MaybePromise<void> => {
      const step = this.#members.step(index, actions[position] ?? null);
      if (step instanceof Promise) return step.then((later) => store(result, position, later));
      store(result, position, step);
      return undefined;
    };
    const finish = (failed: readonly MemberFault[]): VectorStepResult => {
      this.#faults = result.faults;
      if (failed.length === 0) return result;
      for (const { index, error } of failed)
        store(result, members.indexOf(index), this.#members.asStep(index, error));
      throw vectorFault(failed, this.#idOf, result);
    };
    return chain(this.#each(members, stepMember), finish);
  }

  /**
   * Lets members begin a step each, and does not wait for them: `recv` gives the results, in order of completion. Members begin
   * independently of each other, also where the vector is not asynchronous.
   *
   * @param indices which members, one for each action; null: all
   * @throws what `step` throws before any member steps; GEM_IN_FLIGHT when one of them is in flight
   */
  send(actions: readonly (string | null)[], indices: readonly number[] | null = null): void {
    const members = indices ?? this.#all();
    checkActions("send", actions, members, indices === null ? undefined : this.numEnvs);
    this.#checkPhases("send", members);
    this.flights.assertHome(members, "send");
    this.#members.began = performance.now();
    this.#members.endings = undefined;
    this.flights.launch(members, (index, position) =>
      this.#members.step(index, actions[position] ?? null),
    );
  }

  /**
   * Lets members begin an episode each, as `send` does a step: `recv` gives the first observation and info, with reward 0 and
   * flags 0.
   *
   * @param indices which members; null: all
   * @param seeds a seed or null for each of them; null: their streams go on
   * @throws GEM_INVALID_SEED, GEM_INVALID_ARGUMENT; GEM_IN_FLIGHT when one of them is in flight
   */
  sendReset(
    indices: readonly number[] | null = null,
    seeds: readonly (Seed | null)[] | null = null,
  ): void {
    const members = indices ?? this.#all();
    checkMembers("sendReset", members, this.numEnvs);
    const starts = seeds === null ? [] : listSeeds("sendReset", seeds, members.length);
    this.flights.assertHome(members, "sendReset");
    this.flights.launch(members, (index, position) =>
      resetAsStep(this.#members.reset(index, starts[position] ?? null, {})),
    );
  }

  /**
   * The results of members that were sent, as soon as there are enough; all that are there, in order of completion.
   *
   * @throws GEM_INVALID_ARGUMENT when nothing is in flight and the wait has no end; the member's own code or GEM_ENV_FAULT when
   *   members failed, once: what the others did comes with the next `recv`
   */
  recv(options: RecvOptions = {}): MaybePromise<VectorRecvResult> {
    return this.take(readRecvOptions(options));
  }

  /** `recv`, its options checked already. */
  take(wait: Wait): MaybePromise<VectorRecvResult> {
    return chain(this.flights.take(wait), (landed) =>
      gatherLanded(this.flights, landed, (faults) => vectorFault(faults, this.#idOf)),
    );
  }

  /** What is there already, or null when that is nothing, or a member has failed, or somebody waits for it. */
  takeNow(): VectorRecvResult | null {
    const landed = this.flights.takeSteps();
    return landed.length === 0
      ? null
      : gatherLanded(this.flights, landed, (faults) => vectorFault(faults, this.#idOf));
  }

  /** The members that were sent and not received. */
  get inFlight(): readonly number[] {
    return this.#flights?.members ?? [];
  }

  /** Where members are that were sent. */
  get flights(): FlightQueue {
    this.#flights ??= new FlightQueue(this.numEnvs);
    return this.#flights;
  }

  /** Closes every member, those in flight when they are back; their results are lost. */
  close(): MaybePromise<void> {
    if (this.inFlight.length > 0) return this.flights.discard().then(() => this.close());
    return chain(
      this.#each(this.#all(), (index) => this.#members.env(index).close()),
      (failed) => {
        if (failed.length > 0) throw vectorFault(failed, this.#idOf);
      },
    );
  }

  /**
   * Runs one task per member; a failing one leaves the others alone. Gives the members that failed, when all have run (differs
   * from upstream D18, where what the others did is lost).
   */
  #each(
    members: readonly number[],
    task: (index: number, position: number) => MaybePromise<void>,
  ): MaybePromise<readonly MemberFault[]> {
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
    for (let position = 0; position < members.length; position++) {
      const outcome = attempt(position);
      if (!(outcome instanceof Promise)) continue;
      const goesOn = this.asyncMode || this.#members.env(members[position] ?? 0).worksElsewhere;
      if (goesOn) {
        waiting.push(outcome);
        continue;
      }
      waiting.push(this.#inTurn(outcome, position + 1, members.length, attempt));
      break;
    }
    return waiting.length > 0 ? Promise.all(waiting).then(() => faults) : faults;
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

  readonly #idOf = (index: number): string => this.#members.env(index).id;

  /** The positions of all members. */
  #all(): readonly number[] {
    this.#positions ??= Array.from({ length: this.numEnvs }, (_, index) => index);
    return this.#positions;
  }

  /** @throws GEM_CLOSED, GEM_RESET_NEEDED when one of them cannot step */
  #checkPhases(verb: string, members: readonly number[]): void {
    for (const index of members) {
      const lack = this.#members.lackOf(index);
      if (lack === undefined) continue;
      const where = `Environment ${String(index)} of the vector (${this.#idOf(index)})`;
      if (lack === "closed")
        throw new GemError("GEM_CLOSED", `${where} is closed. Put an open one in its place.`);
      if (lack !== "reset") throw resetNeeded(where, lack);
      throw new GemError(
        "GEM_RESET_NEEDED",
        `${where} has no episode yet. Call reset() before ${verb}().`,
      );
    }
  }
}
