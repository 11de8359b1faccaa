import { GemError } from "../errors.ts";
import { Alarm } from "./alarm.ts";
import { Errands } from "./errands.ts";
import type { HostCommand } from "./host-command.ts";
import { HostLost, Suspicion, lossFault } from "./host-lost.ts";
import { HostProcess, type HostEnd } from "./host-process.ts";
import { completeOptions } from "./host-settings.ts";
import type { HostedObject } from "./hosted-object.ts";
import { hostMain, hostPython, type LibraryName } from "./libraries.ts";
import { PinnedObject, askSafely, readMade } from "./pinned-object.ts";
import type { PoolOptions, PoolStats, RunOptions } from "./pool-options.ts";
import { workFolder } from "./work-folder.ts";
import type { Question } from "./question.ts";

export type { HostCommand } from "./host-command.ts";
export type { HostedObject } from "./hosted-object.ts";
export type { PoolOptions, PoolStats, RunOptions } from "./pool-options.ts";

/** How long work waits before another process is started for it, in ms. */
const GROW_AFTER_MS = 50;
/** How long none is started after one could not start while others work, in ms. */
const START_AGAIN_MS = 30_000;
/** How often one that is killed while it starts is started again. */
const MOST_STARTS = 3;
/** How much work a process is given in advance, in ms, and in calls. */
const ADVANCE_MS = 5;
const ADVANCE_CALLS = { least: 2, most: 64 } as const;

/** Python processes that host one library, started when they are needed. */
export class HostPool {
  readonly #command: () => HostCommand;
  readonly #options: Required<PoolOptions>;
  readonly #errands = new Errands();
  readonly #growth = new Alarm(() => this.#grow());
  #hosts: HostProcess[] = [];
  #name = "a library";
  #restarts = 0;
  #failedStarts = 0;
  #startAgainAt = 0;
  #isClosed = false;

  /**
   * @param command how a process is started; called at the first use, and may throw GEM_UNAVAILABLE
   * @throws GEM_INVALID_ARGUMENT when an environment variable is no number
   */
  constructor(command: () => HostCommand, options: PoolOptions = {}) {
    this.#command = command;
    this.#options = completeOptions(options);
  }

  /**
   * Calls a function of the library, which remembers nothing, in any process.
   *
   * @throws GEM_OBJECT_FAULT or the code that its exception carries; GEM_DEADLINE when it runs too long, GEM_ENV_FAULT when it ends
   *   its process; GEM_UNAVAILABLE when no process can be started; GEM_CLOSED
   */
  run(fn: string, args: readonly unknown[], options: RunOptions = {}): Promise<unknown> {
    const { deadlineMs = this.#options.deadlineMs, ahead = false, owner = this.#name } = options;
    const { near, onPlaced } = options;
    if (this.#isClosed) return Promise.reject(this.#closedError());
    return new Promise((resolve, reject) => {
      const suspicion = new Suspicion();
      const question: Question = {
        item: [0, "run", [fn, args], {}],
        deadlineMs,
        owner,
        near,
        onPlaced,
        resolve,
        reject: (error) => {
          if (!(error instanceof HostLost)) reject(error);
          else if (suspicion.isGuilty(error)) reject(lossFault(error, `${fn}() of ${owner}`));
          else this.#errandAgain(question);
        },
      };
      this.#errands.add(question, ahead);
      this.#dispatch();
    });
  }

  /**
   * Makes an object of the library. It stays in one process, that with the fewest objects.
   *
   * @param envId the library's own name of what is made
   * @param options keyword arguments of the library's `make`
   * @param streamSeed what the object's random streams start from
   * @param owner for whom, for messages: an environment's id
   * @throws HostLost when this ended its process, or what the library raises as `HostedObject.call` throws it; GEM_UNAVAILABLE,
   *   GEM_CLOSED
   */
  async make(
    envId: string,
    options: Readonly<Record<string, unknown>>,
    streamSeed: bigint,
    owner: string,
  ): Promise<HostedObject> {
    const suspicion = new Suspicion();
    for (;;) {
      const host = this.#roomiest();
      const release = this.#holdObject(host);
      try {
        const made = await this.#makeIn(host, envId, options, streamSeed, owner);
        const [ref, methods] = readMade(made, owner);
        return new PinnedObject(host, ref, methods, owner, this.#options.deadlineMs, release);
      } catch (error) {
        release();
        if (!(error instanceof HostLost) || suspicion.isGuilty(error)) throw error;
      }
    }
  }

  /** Ends all processes; what is asked then fails with GEM_CLOSED. */
  async close(): Promise<void> {
    this.#isClosed = true;
    this.#growth.clear();
    for (const question of this.#errands.takeAll()) question.reject(this.#closedError());
    await Promise.all(this.#hosts.map((host) => host.close()));
  }

  /** What there is at the moment. */
  stats(): PoolStats {
    const sum = (count: (host: HostProcess) => number): number =>
      this.#hosts.reduce((total, host) => total + count(host), 0);
    return {
      processes: this.#hosts.length,
      objects: sum((host) => host.objects),
      queued: this.#errands.length + sum((host) => host.pending),
      restarts: this.#restarts,
    };
  }

  /** The processes' numbers. */
  pids(): readonly number[] {
    return this.#hosts.map((host) => host.pid).filter((pid) => pid !== undefined);
  }

  #makeIn(
    host: HostProcess,
    envId: string,
    options: Readonly<Record<string, unknown>>,
    streamSeed: bigint,
    owner: string,
  ): Promise<unknown> {
    const { deadlineMs } = this.#options;
    const item = [0, "make", [envId, streamSeed], options] as const;
    return new Promise((resolve, reject) => {
      askSafely(host, { item, deadlineMs, owner, resolve, reject });
    });
  }

  #holdObject(host: HostProcess): () => void {
    host.objects += 1;
    return () => {
      host.objects -= 1;
      this.#endIfDone(host);
    };
  }

  #errandAgain(question: Question): void {
    if (this.#isClosed) {
      question.reject(this.#closedError());
      return;
    }
    this.#errands.putBack(question);
    this.#dispatch();
  }

  /** Hands out errands to processes that have room for them. */
  #dispatch(): void {
    if (this.#errands.length === 0 || this.#isClosed) return;
    while (this.#errands.urgent > 0) {
      const host =
        this.#nearest(this.#errands.firstUrgent) ??
        this.#leastBusy((candidate) => candidate.pending < advance(candidate));
      if (host === undefined) break;
      const question = this.#errands.nextUrgent();
      if (question !== undefined) place(host, question);
    }
    while (this.#errands.urgent === 0) {
      const host = this.#leastBusy((candidate) => candidate.pending === 0);
      const question = host === undefined ? undefined : this.#errands.nextAhead();
      if (host === undefined || question === undefined) break;
      place(host, question);
    }
    if (this.#errands.length > 0 && !this.#hosts.some(isUsable)) this.#startForErrands();
    if (this.#isCrowded()) this.#growth.set(performance.now() + GROW_AFTER_MS);
  }

  #startForErrands(): void {
    if (this.#hosts.length >= this.#mostProcesses) return;
    try {
      this.#start();
    } catch (error) {
      this.#refuseErrands(asGemError(error));
    }
  }

  #refuseErrands(error: GemError): void {
    for (const question of this.#errands.takeAll()) question.reject(error);
  }

  /** The process that a question should rather be put to, also where others are less busy. */
  #nearest(question: Question | undefined): HostProcess | undefined {
    if (question?.near === undefined) return undefined;
    return this.#hosts.find((host) => host.pid === question.near && host.isReady && isUsable(host));
  }

  /** The usable process that answers and has the fewest open questions, of those that fit. */
  #leastBusy(fits: (host: HostProcess) => boolean): HostProcess | undefined {
    let best: HostProcess | undefined;
    for (const host of this.#hosts) {
      if (!isUsable(host) || !host.isReady || !fits(host)) continue;
      if (best === undefined || host.pending < best.pending) best = host;
    }
    return best;
  }

  /** The process for a new object. @throws what starting one throws, GEM_CLOSED */
  #roomiest(): HostProcess {
    if (this.#isClosed) throw this.#closedError();
    const usable = this.#hosts.filter(isUsable);
    const best = fewestObjects(usable);
    if (best === undefined) {
      if (this.#hosts.length < this.#mostProcesses) return this.#start();
      return fewestObjects(this.#hosts.filter((host) => host.isAlive)) ?? this.#start();
    }
    const isBusy = best.objects > 0 && best.pending > 0;
    return isBusy && usable.length < this.#options.size && this.#mayStart ? this.#start() : best;
  }

  /** Whether work waits in a queue or behind other work. */
  #isCrowded(): boolean {
    return this.#errands.urgent > 0 || this.#hosts.some((host) => host.isReady && host.pending > 1);
  }

  /** Starts another process where work has waited for a while. */
  #grow(): void {
    const usable = this.#hosts.filter(isUsable);
    if (this.#isClosed || usable.length >= this.#options.size) return;
    if (!this.#mayStart || usable.some((host) => !host.isReady) || !this.#isCrowded()) return;
    try {
      this.#start();
    } catch {
      this.#startAgainAt = performance.now() + START_AGAIN_MS;
    }
  }

  get #mayStart(): boolean {
    return performance.now() >= this.#startAgainAt;
  }

  /** Processes there may be, those that are to end or are held up by a long call included. */
  get #mostProcesses(): number {
    return 2 * this.#options.size + 2;
  }

  #start(): HostProcess {
    const command = this.#command();
    this.#name = command.name;
    const host = new HostProcess(command, this.#options, {
      onReady: () => {
        this.#failedStarts = 0;
        this.#dispatch();
      },
      onAnswer: (answering) => this.#afterAnswer(answering),
      onSlow: (slow) => this.#rescue(slow),
      onEnd: (ended, questions, end) => this.#afterEnd(ended, questions, end),
    });
    this.#hosts.push(host);
    return host;
  }

  #afterAnswer(host: HostProcess): void {
    const { maxAgeMs, maxCalls } = this.#options;
    if (host.answers >= maxCalls || performance.now() - host.bornAt >= maxAgeMs) host.isDue = true;
    this.#endIfDone(host);
    this.#dispatch();
  }

  /** Ends a process that is due and has nothing left that somebody wants. */
  #endIfDone(host: HostProcess): void {
    if (!host.isDue || host.objects > 0 || !host.isReady || host.isWanted) return;
    if (host.pending > 0) host.kill();
    else void host.close();
  }

  /** Moves what waits behind a long call elsewhere: functions are run there, objects are rebuilt by whoever has them. */
  #rescue(host: HostProcess): void {
    if (host.pending < 2) return;
    const hasOther = this.#hosts.some(isUsable) || this.#hosts.length < this.#mostProcesses;
    if (!hasOther) return;
    host.isDue = true;
    const reason = new HostLost("bystander", "deadline", "it waited behind a call that runs long");
    for (const question of host.takeWaiting()) question.reject(reason);
  }

  #afterEnd(host: HostProcess, questions: readonly Question[], end: HostEnd): void {
    this.#hosts = this.#hosts.filter((other) => other !== host);
    if (this.#isClosed) {
      for (const question of questions) question.reject(this.#closedError());
      return;
    }
    if (end.during === "ready" && !host.isDue) this.#restarts += 1;
    const refusal = end.during === "starting" ? this.#judgeStart(end) : undefined;
    questions.forEach((question, position) => {
      const role = position === 0 ? end.first : "bystander";
      question.reject(refusal ?? new HostLost(role, end.reason, end.detail));
    });
    if (refusal !== undefined) this.#refuseErrands(refusal);
    this.#dispatch();
  }

  /** What is said to those who waited for a process that did not start; undefined when others can serve them. */
  #judgeStart({ detail }: HostEnd): GemError | undefined {
    this.#failedStarts += 1;
    this.#startAgainAt = performance.now() + START_AGAIN_MS;
    if (this.#hosts.some((host) => host.isReady && isUsable(host))) return undefined;
    this.#startAgainAt = 0;
    const wasKilled = detail.includes("SIGKILL") && this.#failedStarts < MOST_STARTS;
    if (wasKilled) return undefined;
    const message = `The Python process for ${this.#name} could not start: ${detail}.`;
    return new GemError("GEM_UNAVAILABLE", message);
  }

  #closedError(): GemError {
    return new GemError("GEM_CLOSED", `The processes for ${this.#name} were closed.`);
  }
}

/** How many calls a process is given in advance: enough that it need not wait, few enough that others can take them. */
function advance({ usualMs }: HostProcess): number {
  if (usualMs === 0) return ADVANCE_CALLS.least;
  const calls = Math.floor(ADVANCE_MS / usualMs);
  return Math.min(ADVANCE_CALLS.most, Math.max(ADVANCE_CALLS.least, calls));
}

function place(host: HostProcess, question: Question): void {
  if (host.pid !== undefined) question.onPlaced?.(host.pid);
  askSafely(host, question);
}

function isUsable(host: HostProcess): boolean {
  return host.isAlive && !host.isDue && !host.isSlow;
}

function fewestObjects(hosts: readonly HostProcess[]): HostProcess | undefined {
  let best: HostProcess | undefined;
  for (const host of hosts) if (best === undefined || host.objects < best.objects) best = host;
  return best;
}

function asGemError(error: unknown): GemError {
  if (error instanceof GemError) return error;
  const reason = error instanceof Error ? error.message : String(error);
  return new GemError("GEM_UNAVAILABLE", `A Python process could not be started: ${reason}.`);
}

const pools = new Map<LibraryName, HostPool>();

/** The pool of a library in this thread, made at the first use; processes start when something is asked. */
export function libraryPool(name: LibraryName): HostPool {
  const known = pools.get(name);
  if (known !== undefined) return known;
  const pool = new HostPool(() => ({
    name,
    command: hostPython(name),
    args: [hostMain(), "--library", name],
    cwd: workFolder(),
  }));
  pools.set(name, pool);
  return pool;
}

/** What this thread's pools of libraries are at, by library. */
export function libraryPoolStats(): Readonly<Record<string, PoolStats>> {
  return Object.fromEntries([...pools].map(([name, pool]) => [name, pool.stats()]));
}

/** Closes this thread's pools of libraries; a later use makes new ones. */
export async function closeLibraryPools(): Promise<void> {
  const closing = [...pools.values()];
  pools.clear();
  await Promise.all(closing.map((pool) => pool.close()));
}
