import { GemError, isGemError } from "../errors.ts";
import type { HostPool, HostedObject } from "../hosts/host-pool.ts";
import { HostLost, Suspicion, lossFault } from "../hosts/host-lost.ts";
import { HostedLog, digestOf, digestOfError } from "./hosted-log.ts";

/** How an object is made, and made again. */
export interface ObjectRecipe {
  /** The environment's id, for messages. */
  readonly id: string;
  readonly pool: () => HostPool;
  readonly envId: string;
  readonly options: Readonly<Record<string, unknown>>;
  readonly streamSeed: bigint;
  readonly deadlineMs: number | undefined;
}

type Kwargs = Readonly<Record<string, unknown>>;

/** How often an object is rebuilt for one call before its environment is given up. */
const MOST_REBUILDS = 5;

/**
 * An object in a host that outlives its process: when that is lost through no fault of its own, another is made and goes through the
 * same calls. Whoever calls it sees nothing but the time that takes.
 */
export class ReplayedObject {
  readonly #recipe: ObjectRecipe;
  /** How long one call may run, in ms; undefined: as long as the pool says. */
  deadlineMs: number | undefined;
  #object: HostedObject | undefined;
  #log = new HostedLog();
  /** The call that runs, after which the next may. */
  #running: Promise<unknown> | undefined;

  constructor(recipe: ObjectRecipe) {
    this.#recipe = recipe;
    this.deadlineMs = recipe.deadlineMs;
  }

  /** What has happened since the object was new. */
  get log(): HostedLog {
    return this.#log;
  }

  /** Whether its process is to be replaced. */
  get isDue(): boolean {
    return this.#object?.isDue ?? false;
  }

  /** Whether there is an object; none after it was lost for good. */
  get isHeld(): boolean {
    return this.#object !== undefined;
  }

  /** Calls a method that may change the object. @throws what it raises; GEM_DEADLINE, GEM_ENV_FAULT when the object is lost for good */
  play(method: string, args: readonly unknown[], kwargs: Kwargs = {}): Promise<unknown> {
    return this.#inTurn(async () => {
      const note = (digest: string): void => this.#log.add({ method, args, kwargs, digest });
      try {
        const answer = await this.#call(method, args, kwargs);
        note(digestOf(answer));
        return answer;
      } catch (error) {
        if (isGemError(error) && this.#object !== undefined) note(digestOfError(error));
        throw error;
      }
    });
  }

  /** Calls a method that changes nothing. @throws as `play` does */
  look(method: string, args: readonly unknown[] = []): Promise<unknown> {
    return this.#inTurn(() => this.#call(method, args, {}));
  }

  /** Which of the optional methods the object has. */
  methods(): Promise<ReadonlySet<string>> {
    return this.#inTurn(async () => (await this.#alive()).methods);
  }

  /** Forgets what has happened: what comes next does not depend on it. With `anew` it happens to a new object. */
  forget(anew: boolean): void {
    this.#log = new HostedLog();
    if (anew) this.release();
  }

  /** Brings the object to the end of a log. @throws GEM_ENV_FAULT when it goes another way, and then nothing has changed */
  become(log: HostedLog): Promise<void> {
    return this.#inTurn(async () => {
      const object = await this.#retrying(() => this.#rebuild(log));
      this.release();
      this.#object = object;
      this.#log = new HostedLog(log.base, log.events);
    });
  }

  /** Calls the object's `close` if it is still there and has one. @throws what it raises */
  closeIfAlive(): Promise<void> {
    return this.#inTurn(async () => {
      const object = this.#object;
      if (object === undefined || object.isGone || !object.methods.has("close")) return;
      try {
        await object.call("close", [], {}, this.deadlineMs);
      } catch (error) {
        // Lost with its process, it is as closed as can be.
        if (!(error instanceof HostLost)) throw error;
      }
    });
  }

  /** Lets go of the object; the next call makes another. */
  release(): void {
    this.#object?.release();
    this.#object = undefined;
  }

  #call(method: string, args: readonly unknown[], kwargs: Kwargs): Promise<unknown> {
    return this.#retrying(async () => {
      const object = await this.#alive();
      return object.call(method, args, kwargs, this.deadlineMs);
    }, method);
  }

  async #alive(): Promise<HostedObject> {
    if (this.#object !== undefined && !this.#object.isGone) return this.#object;
    this.release();
    if (!this.#log.isComplete) throw this.#notReplayable();
    this.#object = await this.#rebuild(this.#log);
    return this.#object;
  }

  /** Does something with the object, again with a new one where it is lost through no fault of its own. */
  async #retrying<T>(task: () => Promise<T>, method = "make"): Promise<T> {
    const suspicion = new Suspicion();
    const call = `${method}() of ${this.#recipe.id}`;
    for (let attempt = 1; ; attempt++) {
      try {
        return await task();
      } catch (error) {
        if (!(error instanceof HostLost)) throw error;
        this.release();
        if (suspicion.isGuilty(error) || attempt === MOST_REBUILDS) throw lossFault(error, call);
      }
    }
  }

  /** Makes an object that has gone through the log. @throws HostLost, GEM_ENV_FAULT when it goes another way */
  async #rebuild(log: HostedLog): Promise<HostedObject> {
    const { pool, envId, options, streamSeed, id } = this.#recipe;
    const { deadlineMs } = this;
    const object = await pool().make(envId, options, streamSeed, id);
    try {
      // All at once: they are answered in order.
      const start =
        log.base === undefined ? undefined : object.call("set_state", [log.base], {}, deadlineMs);
      const digests = log.events.map(({ method, args, kwargs }) =>
        digestAgain(object.call(method, args, kwargs, deadlineMs)),
      );
      const outcomes = await Promise.allSettled([start, ...digests]);
      const lost = outcomes.find((outcome) => outcome.status === "rejected");
      if (lost !== undefined) throw lost.reason;
      if ((await Promise.all(digests)).some((digest, i) => digest !== log.events[i]?.digest))
        throw this.#differs();
      return object;
    } catch (error) {
      object.release();
      throw error;
    }
  }

  #differs(): GemError {
    const { id } = this.#recipe;
    return new GemError(
      "GEM_ENV_FAULT",
      `${id} went another way when its episode was played again: it depends on more than its seed and its actions. reset() starts a new episode.`,
    );
  }

  #notReplayable(): GemError {
    const { id } = this.#recipe;
    return new GemError(
      "GEM_ENV_FAULT",
      `${id} lost its process, and too much has happened since its last seed to play it again. reset() starts a new episode.`,
    );
  }

  async #inTurn<T>(task: () => Promise<T>): Promise<T> {
    const before = this.#running;
    const run = before === undefined ? task() : before.then(task, task);
    const done = run.catch(() => undefined);
    this.#running = done;
    try {
      return await run;
    } finally {
      if (this.#running === done) this.#running = undefined;
    }
  }
}

async function digestAgain(call: Promise<unknown>): Promise<string> {
  try {
    return digestOf(await call);
  } catch (error) {
    if (isGemError(error)) return digestOfError(error);
    throw error;
  }
}
