import { Env, checkAction, checkSeed } from "../core/env.ts";
import type {
  EnvPhase,
  EnvSnapshot,
  Info,
  Observation,
  ResetOptions,
  ResetResult,
  Seed,
  StepResult,
} from "../core/env.ts";
import { GemError, show } from "../errors.ts";
import { ClientRef, Float64, Tuple } from "../protocol/values.ts";
import type { ClientObject } from "./client-object.ts";

/** An environment that is an object of the client; it may be wrapped and mixed into vectors like any other. */
export class ClientEnv extends Env {
  readonly id: string;
  readonly #object: ClientObject;
  #closed = false;

  constructor(id: string, object: ClientObject) {
    super();
    this.id = id;
    this.#object = object;
  }

  /** Whether it resets before it steps is the object's affair. */
  override get phase(): EnvPhase {
    return this.#closed ? "closed" : "ready";
  }

  override async reset(seed?: Seed | null, options: ResetOptions = {}): Promise<ResetResult> {
    this.#assertOpen("reset");
    const start = seed === undefined || seed === null ? null : checkSeed(seed);
    const value = await this.#object.call("reset", [start], options);
    const items = itemsOf(value);
    const [observation, info] = items ?? [];
    if (items?.length !== 2 || !isInfo(info))
      throw this.#fault("reset", "(observation, info)", value);
    return [observation as Observation, info];
  }

  override async step(action: string | null): Promise<StepResult> {
    this.#assertOpen("step");
    checkAction(action);
    const value = await this.#object.call("step", [action]);
    const items = itemsOf(value);
    const [observation, reward, terminated, truncated, info] = items ?? [];
    const number = reward instanceof Float64 ? reward.value : reward;
    if (
      items?.length !== 5 ||
      typeof number !== "number" ||
      typeof terminated !== "boolean" ||
      typeof truncated !== "boolean" ||
      !isInfo(info)
    ) {
      throw this.#fault("step", "(observation, reward, terminated, truncated, info)", value);
    }
    return [observation as Observation, number, terminated, truncated, info];
  }

  override async sampleRandomAction(): Promise<string> {
    this.#assertOpen("sample_random_action");
    const action = await this.#object.call("sample_random_action");
    if (typeof action !== "string") throw this.#fault("sample_random_action", "a string", action);
    return action;
  }

  override async getState(): Promise<EnvSnapshot> {
    this.#assertOpen("get_state");
    return { object: await this.#object.call("get_state") };
  }

  override async setState(state: EnvSnapshot): Promise<void> {
    this.#assertOpen("set_state");
    if (!Object.hasOwn(state, "object")) {
      const message = `This is no state of ${this.id}. Pass what get_state() returned.`;
      throw new GemError("GEM_INVALID_STATE", message);
    }
    await this.#object.call("set_state", [state["object"]]);
  }

  /** The ref of a new object made like this one, whose state is not to be relied on. */
  async spawnObject(options: Readonly<Record<string, unknown>>): Promise<number> {
    this.#assertOpen("spawn");
    const copy = await this.#object.call("spawn", [], options);
    if (!(copy instanceof ClientRef)) throw this.#fault("spawn", "an environment", copy);
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
    if (!this.#closed) return;
    throw new GemError(
      "GEM_CLOSED",
      `${this.id} is closed; ${verb} needs an open environment. Make a new one.`,
    );
  }

  #fault(method: string, wanted: string, got: unknown): GemError {
    return new GemError(
      "GEM_OBJECT_FAULT",
      `${method}() of ${this.id} must return ${wanted}, it returned ${describe(got)}.`,
      { method },
    );
  }
}

/** The values of what was a Python tuple or list. */
function itemsOf(value: unknown): readonly unknown[] | undefined {
  if (value instanceof Tuple) return value.items;
  return Array.isArray(value) ? value : undefined;
}

function isInfo(value: unknown): value is Info {
  return (
    typeof value === "object" && value !== null && Object.getPrototypeOf(value) === Object.prototype
  );
}

function describe(value: unknown): string {
  const items = itemsOf(value);
  return items === undefined ? show(value) : `${items.length} values: ${show(items)}`;
}
