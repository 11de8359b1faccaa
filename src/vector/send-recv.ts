/** What members of a vector do while nobody waits for them, and who waits for what they did. */
import type { MaybePromise } from "../core/maybe-promise.ts";
import { GemError, show } from "../errors.ts";
import type { MemberStep } from "./vector-result.ts";

/** What `recv` waits for. */
export interface RecvOptions {
  /** How many results to wait for (default 1); fewer come when nothing else is in flight. */
  readonly min?: number;
  /** How many to take at most (default: all that are there). */
  readonly max?: number | null;
  /** After how many seconds to give what is there, perhaps nothing; null (the default): never. */
  readonly maxWaitSeconds?: number | null;
  /** Ends the wait: it rejects with the signal's reason, and no result is lost. */
  readonly signal?: AbortSignal;
}

/** The checked form of `RecvOptions`, and what only a server needs. */
export interface Wait {
  readonly min: number;
  readonly max: number;
  readonly maxWaitSeconds: number | null;
  readonly signal?: AbortSignal | undefined;
  /** Whether results have to stay for now although there are enough. */
  readonly isHeld?: () => boolean;
}

/** What came back from a member: its step, or why there is none. */
export type Landing =
  | { readonly index: number; readonly step: MemberStep }
  | { readonly index: number; readonly error: unknown };

/** Who is told when a member sets out and when it is back. */
export interface FlightObserver {
  departs(index: number): void;
  lands(index: number): void;
}

interface Waiter extends Wait {
  readonly resolve: (landed: readonly Landing[]) => void;
  timer: NodeJS.Timeout | undefined;
  isExpired: boolean;
  readonly stop: () => void;
}

/** The longest that a timer can be set to. */
const LONGEST_WAIT_SECONDS = 2 ** 31 / 1000 - 1;

/** Members in flight (sent and not received), in order of completion, and those who wait for them. */
export class FlightQueue {
  observer: FlightObserver | undefined;
  /** Where a member is: 0 at home, 1 in flight, 2 back and not received. */
  readonly #where: Uint8Array;
  #running = 0;
  #landed: Landing[] = [];
  #waiters: Waiter[] = [];
  #isLaunching = false;
  #waking: NodeJS.Immediate | undefined;

  constructor(count: number) {
    this.#where = new Uint8Array(count);
  }

  /** Members that were sent and not received, in order of their position. */
  get members(): readonly number[] {
    const members: number[] = [];
    this.#where.forEach((where, index) => {
      if (where !== 0) members.push(index);
    });
    return members;
  }

  /** How many were sent and not received. */
  get size(): number {
    return this.#running + this.#landed.length;
  }

  /** How many results are there. */
  get ready(): number {
    return this.#landed.length;
  }

  /** @throws GEM_IN_FLIGHT when one of these members is in flight; `details.members` names them */
  assertHome(members: readonly number[], verb: string): void {
    if (this.size === 0) return;
    const away = members.filter((index) => this.#where[index] !== 0);
    if (away.length === 0) return;
    throw new GemError(
      "GEM_IN_FLIGHT",
      `${verb}() was refused: ${name(away)} ${away.length === 1 ? "is" : "are"} in flight already. Take the results with recv() first.`,
      { members: away },
    );
  }

  /** @throws GEM_IN_FLIGHT when anything is in flight */
  assertEmpty(verb: string): void {
    if (this.size === 0) return;
    const { members } = this;
    throw new GemError(
      "GEM_IN_FLIGHT",
      `${verb}() needs all environments at home, but ${name(members)} ${members.length === 1 ? "is" : "are"} in flight. Take the results with recv() first; close() discards them.`,
      { members },
    );
  }

  /** Lets members begin, one task each; the task of one that fails is its result. */
  launch(
    members: readonly number[],
    task: (index: number, position: number) => MaybePromise<MemberStep>,
  ): void {
    this.#running += members.length;
    for (const index of members) this.#where[index] = 1;
    this.#isLaunching = true;
    for (let position = 0; position < members.length; position++) {
      const index = members[position] ?? 0;
      this.observer?.departs(index);
      try {
        const outcome = task(index, position);
        if (outcome instanceof Promise) this.#follow(index, outcome);
        else this.#land({ index, step: outcome });
      } catch (error) {
        this.#land({ index, error });
      }
    }
    this.#isLaunching = false;
    this.#wakeSoon();
  }

  /**
   * What is there, as soon as there is enough of it.
   *
   * @throws GEM_INVALID_ARGUMENT when nothing is in flight and the wait has no end
   */
  take(wait: Wait): MaybePromise<readonly Landing[]> {
    if (wait.signal?.aborted === true) throw wait.signal.reason;
    if (this.size === 0 && wait.maxWaitSeconds === null) {
      throw new GemError(
        "GEM_INVALID_ARGUMENT",
        "recv() would wait for ever: nothing is in flight. Call send() first, or say how long to wait.",
      );
    }
    if (this.canTake(wait)) return this.#collect(wait.max);
    if (wait.maxWaitSeconds === 0 && wait.isHeld?.() !== true) return this.#collect(wait.max);
    return new Promise((resolve, reject) => {
      const waiter: Waiter = {
        ...wait,
        resolve,
        timer: undefined,
        isExpired: false,
        stop: () => {
          this.#forget(waiter);
          reject(wait.signal?.reason as Error);
        },
      };
      this.#expect(waiter);
    });
  }

  /** Whether `take` has an answer at once: there is enough, and nobody waits already. */
  canTake(wait: Wait): boolean {
    return this.#waiters.length === 0 && this.#suffices(wait) && this.size > 0;
  }

  /** What is there already, unless somebody waits for it or a member has failed: then nothing. */
  takeSteps(): readonly Landing[] {
    if (this.#waiters.length > 0 || this.#landed.some((landing) => "error" in landing)) return [];
    return this.#collect(Infinity);
  }

  /** Looks whether somebody has what he waits for: at the end of this turn of the event loop, with all that lands in it. */
  wake(): void {
    this.#wakeSoon();
  }

  /** Takes results back that nobody got after all, to be the next. */
  putBack(landed: readonly Landing[]): void {
    for (const { index } of landed) this.#where[index] = 2;
    this.#landed = [...landed, ...this.#landed];
    this.#wakeSoon();
  }

  /** Forgets what is back; resolves when everything has landed. */
  async discard(): Promise<void> {
    while (this.#running > 0) {
      await new Promise<void>((resolve) => {
        this.#expect({
          min: Infinity,
          max: 0,
          maxWaitSeconds: null,
          resolve: () => resolve(),
          timer: undefined,
          isExpired: false,
          stop: () => undefined,
        });
      });
    }
    this.#collect(Infinity);
  }

  #follow(index: number, outcome: Promise<MemberStep>): void {
    outcome.then(
      (step) => this.#land({ index, step }),
      (error: unknown) => this.#land({ index, error }),
    );
  }

  #land(landing: Landing): void {
    this.#running -= 1;
    this.#where[landing.index] = 2;
    this.#landed.push(landing);
    this.observer?.lands(landing.index);
    if (!this.#isLaunching) this.#wakeSoon();
  }

  #expect(waiter: Waiter): void {
    this.#waiters.push(waiter);
    waiter.signal?.addEventListener("abort", waiter.stop);
    const seconds = waiter.maxWaitSeconds;
    if (seconds !== null && seconds < LONGEST_WAIT_SECONDS) {
      waiter.timer = setTimeout(() => {
        waiter.isExpired = true;
        this.#serve();
      }, seconds * 1000);
    }
  }

  #wakeSoon(): void {
    if (this.#waiters.length === 0 || this.#waking !== undefined) return;
    this.#waking = setImmediate(() => {
      this.#waking = undefined;
      this.#serve();
    });
  }

  #serve(): void {
    for (const waiter of [...this.#waiters]) {
      if (!waiter.isExpired && !this.#suffices(waiter)) continue;
      if (waiter.isHeld?.() === true) continue;
      this.#forget(waiter);
      waiter.resolve(this.#collect(waiter.max));
    }
  }

  /** Whether somebody has to wait no longer: enough has landed, or nothing else is going to. */
  #suffices({ min, maxWaitSeconds }: Wait): boolean {
    if (this.#landed.length >= min) return true;
    return this.#running === 0 && (this.#landed.length > 0 || maxWaitSeconds === null);
  }

  #collect(max: number): readonly Landing[] {
    const taken = this.#landed.length <= max ? this.#landed : this.#landed.slice(0, max);
    this.#landed = taken === this.#landed ? [] : this.#landed.slice(max);
    for (const { index } of taken) this.#where[index] = 0;
    return taken;
  }

  #forget(waiter: Waiter): void {
    clearTimeout(waiter.timer);
    waiter.signal?.removeEventListener("abort", waiter.stop);
    this.#waiters = this.#waiters.filter((other) => other !== waiter);
  }
}

/** The options of `recv`, checked. @throws GEM_INVALID_ARGUMENT */
export function readRecvOptions(options: RecvOptions): Wait {
  const { min = 1, max = null, maxWaitSeconds = null, signal } = options;
  if (!Number.isInteger(min) || min < 1) throw wrong("min", "an integer from 1 on", min);
  if (max !== null && (!Number.isInteger(max) || max < min))
    throw wrong("max", `null or an integer from min (${String(min)}) on`, max);
  if (maxWaitSeconds !== null && !(maxWaitSeconds >= 0))
    throw wrong("maxWaitSeconds", "null or a number of seconds from 0 on", maxWaitSeconds);
  return { min, max: max ?? Infinity, maxWaitSeconds, signal };
}

function wrong(what: string, wanted: string, got: unknown): GemError {
  return new GemError(
    "GEM_INVALID_ARGUMENT",
    `recv(): ${what} must be ${wanted}, got ${show(got)}.`,
  );
}

/** Members, for a message: the first few of many. */
function name(members: readonly number[]): string {
  const shown = members.slice(0, 8).join(", ");
  const more = members.length > 8 ? ` and ${String(members.length - 8)} more` : "";
  return `environment${members.length === 1 ? "" : "s"} ${shown}${more}`;
}
