import type { Env, EnvSnapshot, ResetResult, Seed, StepResult } from "../core/env.ts";
import { GemError } from "../errors.ts";
import type { MakeOptions } from "../make.ts";
import { canonical, shorten } from "./canonical.ts";
import { Deadline } from "./deadline.ts";
import { describeError, isUnsupported } from "./faults.ts";
import { NOISE } from "./replies.ts";
import type { CheckName } from "./report.ts";
import type { CheckSettings } from "./settings.ts";
import type { Subject } from "./subject.ts";

/** How long instances have to close after a check, in ms. */
const CLOSING_MS = 5000;

/** What one check works with: instances of the subject, its time, and what earlier checks saw. */
export class CheckRun {
  readonly subject: Subject;
  readonly settings: CheckSettings;
  readonly deadline: Deadline;
  readonly seen: Seen;
  /** What the first instance called itself; undefined before there is one. */
  id: string | undefined;
  readonly #open: Env[] = [];

  constructor(subject: Subject, settings: CheckSettings, seen: Seen) {
    this.subject = subject;
    this.settings = settings;
    this.deadline = new Deadline(settings.deadlineMs);
    this.seen = seen;
  }

  /** A new instance; it is closed when the check is over. */
  async fresh(options: MakeOptions = {}): Promise<Player> {
    const env = await this.deadline.run("making it", () => this.subject.fresh(options));
    this.#open.push(env);
    this.id ??= env.id;
    return new Player(this, env);
  }

  /** An instance that continues from where another stands. */
  async fork(player: Player): Promise<Player> {
    const env = await this.deadline.run("copying it", () => this.subject.fork(player.env));
    this.#open.push(env);
    return new Player(this, env);
  }

  /** Closes all instances, whatever comes of it: closing has a check of its own. */
  async end(): Promise<void> {
    if (this.deadline.isStuck) return;
    const closing = new Deadline(CLOSING_MS);
    for (const env of this.#open) {
      if (closing.isOver) return;
      await closing.run("close()", () => env.close()).catch(() => undefined);
    }
  }
}

/** What checks learn for later ones. */
export class Seen {
  #least = Infinity;
  #most = -Infinity;
  #count = 0;
  #strange: string | undefined;
  /** How many different trajectories the seeds led to; undefined: two runs of one seed differed. */
  ways: number | undefined;
  /** Whether the environment offers random actions. */
  offersActions = true;
  /** What is wrong with its random actions, if anything. */
  actionComplaint: string | undefined;
  /** Whether malformed replies are known to be answered. */
  takesNoise = false;
  /** What is wrong with the types, as far as another check would see it, too. */
  typeComplaint: string | undefined;
  /** What was thrown → the check that it failed. */
  readonly thrown: Map<string, CheckName> = new Map<string, CheckName>();

  /** Takes note of a reward. */
  reward(reward: unknown, action: string | null): void {
    this.#count += 1;
    if (typeof reward !== "number") return;
    if (!Number.isFinite(reward)) this.#strange ??= `${String(reward)} for ${showAction(action)}`;
    this.#least = Math.min(this.#least, reward);
    this.#most = Math.max(this.#most, reward);
  }

  /** The least and the greatest reward, how many there were, and the first one that is not finite. */
  get rewards(): { least: number; most: number; count: number; strange: string | undefined } {
    const [least, most, count] = [this.#least, this.#most, this.#count];
    return { least, most, count, strange: this.#strange };
  }
}

/** An instance that is played within a check's time; what it is told and says is kept as text. */
export class Player {
  readonly env: Env;
  readonly #run: CheckRun;

  constructor(run: CheckRun, env: Env) {
    this.#run = run;
    this.env = env;
  }

  reset(seed: Seed | null = null): Promise<ResetResult> {
    const what = seed === null ? "reset()" : `reset(${String(seed)})`;
    return this.#run.deadline.run(what, () => this.env.reset(seed));
  }

  async step(action: string | null): Promise<StepResult> {
    const call = (): ReturnType<Env["step"]> => this.env.step(action);
    const result = await this.#run.deadline.run(`step(${showAction(action)})`, call);
    if (Array.isArray(result)) this.#run.seen.reward(result[1], action);
    return result;
  }

  sample(): Promise<string> {
    return this.#run.deadline.run("sample_random_action()", () => this.env.sampleRandomAction());
  }

  getState(): Promise<EnvSnapshot> {
    return this.#run.deadline.run("get_state()", () => this.env.getState());
  }

  setState(state: EnvSnapshot): Promise<void> {
    return this.#run.deadline.run("set_state()", () => this.env.setState(state));
  }

  close(): Promise<void> {
    return this.#run.deadline.run("close()", () => this.env.close());
  }

  /** The action to play as the `index`th: of the settings, the environment's own random one, or noise. */
  async choose(index: number): Promise<string> {
    const { settings, seen } = this.#run;
    if (settings.actions !== undefined)
      return settings.actions[index % settings.actions.length] ?? "";
    if (seen.offersActions && (index % 5 !== 4 || !seen.takesNoise)) {
      const action = await this.#sampleIfOffered();
      if (action !== undefined) return action;
    }
    return NOISE[(index * 7) % NOISE.length] ?? "";
  }

  /** A random action; undefined when there is none, which a check of its own reports. */
  async #sampleIfOffered(): Promise<string | undefined> {
    const { deadline, seen } = this.#run;
    try {
      const action: unknown = await this.sample();
      if (typeof action === "string") return action;
      seen.actionComplaint = `It must be a text, it is ${shorten(canonical(action))}.`;
    } catch (error) {
      if (deadline.isOver) throw error;
      if (!isUnsupported(error)) seen.actionComplaint = describeError(error);
    }
    seen.offersActions = false;
    return undefined;
  }

  /**
   * Resets and plays; an episode that ends is followed by the next one without a seed.
   *
   * @returns all that was said, a text for each reset and each step
   */
  async play(seed: Seed | null, steps: number): Promise<string[]> {
    const first = canonical(await this.reset(seed));
    return [first, ...(await this.playOn(0, steps))];
  }

  /** Plays on without a reset. @param from how many actions were played before */
  async playOn(from: number, steps: number): Promise<string[]> {
    const log: string[] = [];
    for (let index = from; index < from + steps; index++) {
      const action = await this.choose(index);
      const result = await this.step(action);
      log.push(`${showAction(action)} -> ${canonical(result)}`);
      if (hasEnded(result)) log.push(canonical(await this.reset()));
    }
    return log;
  }
}

/** Whether a step ended its episode. @throws GEM_ENV_FAULT when it is no step */
export function hasEnded(result: unknown): boolean {
  if (Array.isArray(result)) return result[2] === true || result[3] === true;
  throw new GemError(
    "GEM_ENV_FAULT",
    `step() must return an array, it returned ${canonical(result)}.`,
  );
}

/** An action as it appears in a report. */
export function showAction(action: string | null): string {
  const text = JSON.stringify(action);
  return text.length > 60 ? `${text.slice(0, 60)}… (${String(action?.length)} characters)` : text;
}
