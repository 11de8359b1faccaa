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
import { closedError, misshapen, readAction, readReset, readStep } from "../core/object-env.ts";
import { GemError } from "../errors.ts";
import { ClientRef } from "../protocol/values.ts";
import type { ClientObject } from "./client-object.ts";

/** An environment that is an object of the client; it may be wrapped and mixed into vectors like any other. */
export class ClientEnv extends Env {
  readonly id: string;
  readonly #object: ClientObject;
  /** Whether states leave out what the object itself holds: it lives on at the client, whatever becomes of this side. */
  keepsObjectOut = false;
  #closed = false;

  constructor(id: string, object: ClientObject) {
    super();
    this.id = id;
    this.#object = object;
  }

  /** The number of its object. */
  get ref(): number {
    return this.#object.ref;
  }

  /** Whether it resets before it steps is the object's affair. */
  override get phase(): EnvPhase {
    return this.#closed ? "closed" : "ready";
  }

  /** Nobody but the client can end what its object does, which runs on the thread that waits. */
  override follow(_rules: FaultRules): boolean {
    return true;
  }

  /** The client forgets a state when the call has its reply. */
  override get hasLastingState(): boolean {
    return false;
  }

  override async reset(seed?: Seed | null, options: ResetOptions = {}): Promise<ResetResult> {
    this.#assertOpen("reset");
    const start = seed === undefined || seed === null ? null : checkSeed(seed);
    return readReset(this.id, await this.#object.call("reset", [start], options));
  }

  override async step(action: string | null): Promise<StepResult> {
    this.#assertOpen("step");
    checkAction(action);
    return readStep(this.id, await this.#object.call("step", [action]));
  }

  override async sampleRandomAction(): Promise<string> {
    this.#assertOpen("sample_random_action");
    return readAction(this.id, await this.#object.call("sample_random_action"));
  }

  override async getState(): Promise<EnvSnapshot> {
    this.#assertOpen("get_state");
    if (this.keepsObjectOut) return { object: null };
    return { object: await this.#object.call("get_state") };
  }

  override async setState(state: EnvSnapshot): Promise<void> {
    this.#assertOpen("set_state");
    if (!Object.hasOwn(state, "object")) {
      const message = `This is no state of ${this.id}. Pass what get_state() returned.`;
      throw new GemError("GEM_INVALID_STATE", message);
    }
    if (this.keepsObjectOut) return;
    await this.#object.call("set_state", [state["object"]]);
  }

  /** The ref of a new object made like this one, whose state is not to be relied on. */
  async spawnObject(options: Readonly<Record<string, unknown>>): Promise<number> {
    this.#assertOpen("spawn");
    const copy = await this.#object.call("spawn", [], options);
    if (!(copy instanceof ClientRef)) throw misshapen(this.id, "spawn", "an environment", copy);
    return copy.ref;
  }

  /** None are declared: the client knows its object. */
  override attributeNames(): readonly string[] {
    return [];
  }

  override getAttribute(name: string): Promise<unknown> {
    return this.#object.call("getattr", [name]);
  }

  override async setAttribute(name: string, value: unknown): Promise<void> {
    await this.#object.call("setattr", [name, value]);
  }

  override callMethod(name: string, args: readonly unknown[]): Promise<unknown> {
    return this.#object.call("call", [name, args]);
  }

  override async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    await this.#object.call("close");
  }

  /** Closes it without telling the object: the client has let go of it. */
  detach(): void {
    this.#closed = true;
  }

  #assertOpen(verb: string): void {
    if (this.#closed) throw closedError(this.id, verb);
  }
}
