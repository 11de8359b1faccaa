/**
 * Gymnasium's environments with a handful of actions, played in words.
 *
 * Action       last `\boxed{…}` in the reply with an action's number or name, in any case of letters; none is a format error
 * Observation  English text; reset gives the rules and what there is to see, a step what there is to see
 * Reward       the environment's own · format error -0.1
 * Ends         terminated: as the environment says, format error; truncated: its limit of steps
 * Randomness   the environment's own generator, seeded at each reset
 * Source       gymnasium 1.4.0
 */
import { GAME_REWARD } from "../../core/constants.ts";
import { checkAction } from "../../core/env.ts";
import type { Observation, ResetOptions, ResetResult, Seed, StepResult } from "../../core/env.ts";
import type { Prompts } from "../../core/prompts.ts";
import type { EnvInit } from "../../core/seeded-env.ts";
import { libraryPool, type HostPool } from "../../hosts/host-pool.ts";
import { lastBoxed } from "../../text/boxed.ts";
import { HostedEnv } from "../hosted-env.ts";
import type { Kind, Sight } from "./kind.ts";

/** The texts of these environments. */
export type GymnasiumPrompts = "rules" | "view" | "format_error";

/** One of Gymnasium's environments. */
export class GymnasiumEnv extends HostedEnv {
  readonly #kind: Kind;
  readonly #prompts: Prompts<GymnasiumPrompts>;

  /** @param init `options.env_id` is Gymnasium's id, the others are for its constructor */
  constructor(
    init: EnvInit<Readonly<Record<string, unknown>>, GymnasiumPrompts>,
    kind: Kind,
    pool: () => HostPool = () => libraryPool("gymnasium"),
  ) {
    const { env_id, ...options } = init.options;
    super({
      id: init.id,
      pool,
      envId: String(env_id),
      options: given(options),
      seed: init.seed,
      attributes: [],
      methods: [],
    });
    this.#kind = kind;
    this.#prompts = init.prompts;
  }

  override async reset(seed?: Seed | null, options: ResetOptions = {}): Promise<ResetResult> {
    const [sight, info] = await super.reset(seed, options);
    const view = this.#view(sight);
    return [this.#prompts.render("rules", { actions: this.#actions(), view }), info];
  }

  override async step(action: string | null): Promise<StepResult> {
    const move = this.#readAction(checkAction(action));
    if (move === undefined && this.phase === "ready") {
      // Differs from upstream D65: Gymnasium raises; here a reply without an action is what it is in games (quirk Q02 included).
      const text = this.#prompts.render("format_error", { actions: this.#actions() });
      return [text, GAME_REWARD.formatError, true, false, {}];
    }
    const [sight, reward, terminated, truncated, info] = await super.step(String(move ?? ""));
    const view = this.#prompts.render("view", { view: this.#view(sight), reward });
    return [view, reward, terminated, truncated, info];
  }

  override async sampleRandomAction(): Promise<string> {
    const number = await super.sampleRandomAction();
    return `\\boxed{${this.#kind.actions[Number(number)]?.[0] ?? number}}`;
  }

  /** The number of the action in a reply. */
  #readAction(reply: string): number | undefined {
    const content = lastBoxed(reply, /[^{}\\]*\}/y)
      ?.trim()
      .toLowerCase();
    if (content === undefined) return undefined;
    const { actions } = this.#kind;
    const index = actions.findIndex(
      (names, number) => String(number) === content || names.includes(content),
    );
    return index < 0 ? undefined : index;
  }

  #actions(): string {
    return this.#kind.actions
      .map((names, number) => `${String(number)} (${names[0] ?? ""})`)
      .join(", ");
  }

  #view(sight: Observation): string {
    return typeof sight === "string" ? sight : this.#kind.describe(sightOf(sight));
  }
}

function sightOf({ values, picture }: Readonly<Record<string, unknown>>): Sight {
  return { values, picture: typeof picture === "string" ? picture : null };
}

/** The options that were given. */
function given(options: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));
}
