import { GemError } from "../errors.ts";
import type { Continuation } from "./continuation.ts";
import { Env } from "./env.ts";
import type {
  EnvPhase,
  EnvSnapshot,
  RenderFormat,
  ResetOptions,
  ResetResult,
  Seed,
  StepResult,
} from "./env.ts";
import type { FaultRules } from "./fault-policy.ts";
import { chain, type MaybePromise } from "./maybe-promise.ts";

/**
 * An environment around another. Everything it does not change itself is forwarded live, through any number of wrappers
 * (differs from upstream D14, whose wrappers keep copies made when they were constructed).
 *
 * A subclass overrides `reset` and `step`; one with a state of its own also overrides `ownState` and `setOwnState`.
 */
export abstract class Wrapper extends Env {
  readonly env: Env;
  /** Upstream's class name. */
  abstract readonly className: string;

  constructor(env: Env) {
    super();
    this.env = env;
  }

  get id(): string {
    return this.env.id;
  }

  override get phase(): EnvPhase {
    return this.env.phase;
  }

  override get worksElsewhere(): boolean {
    return this.env.worksElsewhere;
  }

  override get continuation(): Continuation | undefined {
    return this.env.continuation;
  }

  override follow(rules: FaultRules): boolean {
    return this.env.follow(rules);
  }

  override get hasLastingState(): boolean {
    return this.env.hasLastingState;
  }

  override reset(seed?: Seed | null, options?: ResetOptions): MaybePromise<ResetResult> {
    return this.env.reset(seed, options);
  }

  override step(action: string | null): MaybePromise<StepResult> {
    return this.env.step(action);
  }

  override sampleRandomAction(): MaybePromise<string> {
    return this.env.sampleRandomAction();
  }

  /** The wrapper's own state as plain data; keys are its attribute names. */
  protected ownState(): Record<string, unknown> {
    return {};
  }

  /** Takes over what `ownState` gave. */
  protected setOwnState(_state: EnvSnapshot): void {
    // Nothing to take over.
  }

  override getState(): MaybePromise<EnvSnapshot> {
    return chain(this.env.getState(), (inner) => ({
      env: inner,
      wrapper: structuredClone(this.ownState()),
    }));
  }

  override setState(state: EnvSnapshot): MaybePromise<void> {
    const { env, wrapper } = state;
    if (
      typeof env !== "object" ||
      env === null ||
      typeof wrapper !== "object" ||
      wrapper === null
    ) {
      throw new GemError(
        "GEM_INVALID_STATE",
        `This is no state of a wrapped ${this.id}. Pass what get_state() of the same stack of wrappers returned.`,
      );
    }
    return chain(this.env.setState(env as EnvSnapshot), () => {
      this.setOwnState(structuredClone(wrapper) as EnvSnapshot);
    });
  }

  override attributeNames(): readonly string[] {
    return [...new Set([...Object.keys(this.ownState()), ...this.env.attributeNames()])];
  }

  override getAttribute(name: string): unknown {
    const own = this.ownState();
    return Object.hasOwn(own, name) ? structuredClone(own[name]) : this.env.getAttribute(name);
  }

  override setAttribute(name: string, value: unknown): MaybePromise<void> {
    const own = this.ownState();
    if (!Object.hasOwn(own, name)) return this.env.setAttribute(name, value);
    this.setOwnState({ ...own, [name]: value });
    return undefined;
  }

  override render(format: RenderFormat): MaybePromise<string> {
    return this.env.render(format);
  }

  override methodNames(): readonly string[] {
    return this.env.methodNames();
  }

  override callMethod(name: string, args: readonly unknown[]): unknown {
    return this.env.callMethod(name, args);
  }

  override close(): MaybePromise<void> {
    return this.env.close();
  }

  override get unwrapped(): Env {
    return this.env.unwrapped;
  }
}
