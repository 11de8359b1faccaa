import type { Env, EnvSnapshot, ResetOptions, StepResult } from "./env.ts";
import { chain, type MaybePromise } from "./maybe-promise.ts";

/** Where an episode started: a state, or a reset with a seed. */
type Start =
  | { readonly kind: "state"; readonly state: EnvSnapshot }
  | { readonly kind: "reset"; readonly seed: bigint; readonly options: ResetOptions };

/** What happened since: an action with its reward and flags, or an action that was drawn. */
type Happening =
  | {
      readonly action: string | null;
      readonly reward: number;
      readonly terminated: boolean;
      readonly truncated: boolean;
    }
  | { readonly drawn: string };

/** Watches over the deadline of one call. */
export type Watch = <T>(call: MaybePromise<T>) => MaybePromise<T>;

/** That an environment cannot be brought to where another one was. */
export class NotRestorable extends Error {
  constructor(reason: string) {
    super(reason);
    this.name = "NotRestorable";
  }
}

/** After so many happenings the next step begins with a new snapshot, where there can be one. */
const MOST_HAPPENINGS = 256;

/** What an environment has gone through since its episode began, so that another can be brought there. */
export class EpisodeJournal {
  readonly #start: Start | undefined;
  readonly #happenings: Happening[] = [];

  private constructor(start: Start | undefined) {
    this.#start = start;
  }

  /**
   * Begins where an environment stands now.
   *
   * @param reset how its episode was started just now, where it was with a seed
   */
  static begin(
    env: Env,
    reset?: { readonly seed: bigint; readonly options: ResetOptions },
  ): MaybePromise<EpisodeJournal> {
    const otherwise = (): EpisodeJournal =>
      new EpisodeJournal(reset === undefined ? undefined : { kind: "reset", ...reset });
    if (!env.hasLastingState) return otherwise();
    try {
      const taken = env.getState();
      const begun = (state: EnvSnapshot): EpisodeJournal =>
        new EpisodeJournal({ kind: "state", state });
      return taken instanceof Promise ? taken.then(begun, otherwise) : begun(taken);
    } catch {
      return otherwise();
    }
  }

  /** Whether a new snapshot is due, because much has happened. */
  get isLong(): boolean {
    return this.#start?.kind === "state" && this.#happenings.length >= MOST_HAPPENINGS;
  }

  /** Notes a step. */
  addStep(action: string | null, [, reward, terminated, truncated]: StepResult): void {
    this.#happenings.push({ action, reward, terminated, truncated });
  }

  /** Notes an action that the environment drew, which moved its generators. */
  addDraw(drawn: string): void {
    this.#happenings.push({ drawn });
  }

  /** Brings another environment here. @throws NotRestorable when it goes another way; what its calls throw */
  async restore(env: Env, watch: Watch): Promise<void> {
    const start = this.#start;
    if (start === undefined) throw new NotRestorable("how its episode began is not known");
    if (start.kind === "state") await watch(env.setState(start.state));
    else await watch(env.reset(start.seed, start.options));
    for (const happening of this.#happenings) {
      if (!(await watch(happensAgain(env, happening)))) {
        throw new NotRestorable(
          "it went another way when its episode was played again: it depends on more than its seed and its actions",
        );
      }
    }
  }
}

function happensAgain(env: Env, happening: Happening): MaybePromise<boolean> {
  if ("drawn" in happening)
    return chain(env.sampleRandomAction(), (drawn) => drawn === happening.drawn);
  return chain(
    env.step(happening.action),
    ([, reward, terminated, truncated]) =>
      Object.is(reward, happening.reward) &&
      terminated === happening.terminated &&
      truncated === happening.truncated,
  );
}
