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
import { isBroken, mendFirst, resetAlone, resetNeeded, stepAlone } from "./guard.ts";
import { chain, type MaybePromise } from "./maybe-promise.ts";
import type { Place } from "./place.ts";

/**
 * An environment under a fault policy: its calls have a deadline, and after a fault another one, made alike, may be in its place.
 * Everything else is forwarded to the one that is there.
 */
export class GuardedEnv extends Env {
  readonly place: Place;
  readonly rules: FaultRules;

  constructor(place: Place, rules: FaultRules) {
    super();
    this.place = place;
    this.rules = rules;
  }

  get id(): string {
    return this.place.env.id;
  }

  override get phase(): EnvPhase {
    return this.place.env.phase;
  }

  override get worksElsewhere(): boolean {
    return this.place.env.worksElsewhere;
  }

  override get hasLastingState(): boolean {
    return this.place.env.hasLastingState;
  }

  /** Its calls are watched here. */
  override follow(_rules: FaultRules): boolean {
    return true;
  }

  override reset(seed: Seed | null = null, options: ResetOptions = {}): MaybePromise<ResetResult> {
    return resetAlone(this.place, seed, options, this.rules);
  }

  override step(action: string | null): MaybePromise<StepResult> {
    return stepAlone(this.place, action, this.rules);
  }

  override sampleRandomAction(): MaybePromise<string> {
    return chain(this.place.env.sampleRandomAction(), (drawn) => {
      this.place.origin.journal?.addDraw(drawn);
      return drawn;
    });
  }

  override getState(): MaybePromise<EnvSnapshot> {
    const { broken } = this.place.origin;
    if (broken !== undefined && isBroken(this.place)) throw resetNeeded(this.id, broken);
    return this.place.env.getState();
  }

  override setState(state: EnvSnapshot): MaybePromise<void> {
    return chain(mendFirst(this.place), () => this.place.env.setState(state));
  }

  override attributeNames(): readonly string[] {
    return this.place.env.attributeNames();
  }

  override getAttribute(name: string): unknown {
    return this.place.env.getAttribute(name);
  }

  override setAttribute(name: string, value: unknown): MaybePromise<void> {
    return this.#changed().setAttribute(name, value);
  }

  override methodNames(): readonly string[] {
    return this.place.env.methodNames();
  }

  override callMethod(name: string, args: readonly unknown[]): unknown {
    return this.#changed().callMethod(name, args);
  }

  override render(format: RenderFormat): MaybePromise<string> {
    return this.place.env.render(format);
  }

  override close(): MaybePromise<void> {
    return this.place.env.close();
  }

  override get unwrapped(): Env {
    return this.place.env.unwrapped;
  }

  /** The environment, about to be changed by other means than a step: what is known of its episode ends here. */
  #changed(): Env {
    this.place.origin.journal = undefined;
    return this.place.env;
  }
}
