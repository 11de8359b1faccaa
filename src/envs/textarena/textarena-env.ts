/**
 * TextArena's games for one player, and its games of two against an opponent in the host.
 *
 * Action       last `\boxed{…}` in the reply, braces balanced, else the whole reply, of either the last 4,096 characters; TextArena puts it in
 *              brackets where it has none
 * Observation  what the game, and the other player, said since the last turn; reset adds how to answer, the end adds why it ended
 * Reward       0 until the end, then the player's reward of TextArena (-1 to 1)
 * Ends         terminated: as TextArena says, which allows one invalid move in a row; truncated too: its limit of turns
 * Randomness   Python's global generators, which are the environment's own while it runs, and one for the opponent; seeded at each reset
 * Source       textarena 0.7.4
 */
import { checkAction } from "../../core/env.ts";
import type {
  Info,
  Observation,
  ResetOptions,
  ResetResult,
  Seed,
  StepResult,
} from "../../core/env.ts";
import type { Prompts } from "../../core/prompts.ts";
import type { EnvInit } from "../../core/seeded-env.ts";
import { libraryPool, type HostPool } from "../../hosts/host-pool.ts";
import { lastBalancedBox } from "../../text/balanced-box.ts";
import { HostedEnv } from "../hosted-env.ts";

/** What a move may be long; the longest that a game asks for has a few hundred characters. */
const MOST_CHARACTERS = 4096;

/** The texts of these environments. */
export type TextArenaPrompts = "how_to_answer" | "ending";

/** What a `TextArenaEnv` is made with; `game` are arguments of TextArena's constructor. */
export interface TextArenaOptions {
  readonly env_id: string;
  readonly player_id?: number;
  readonly opponent?: string | readonly string[];
  readonly game: Readonly<Record<string, unknown>>;
}

/** One of TextArena's games. */
export class TextArenaEnv extends HostedEnv {
  readonly #prompts: Prompts<TextArenaPrompts>;

  /** @param deadlineMs how long one call may run; default: the pool's */
  constructor(
    init: EnvInit<TextArenaOptions, TextArenaPrompts>,
    deadlineMs?: number,
    pool: () => HostPool = () => libraryPool("textarena"),
  ) {
    const { env_id, ...options } = init.options;
    super({
      id: init.id,
      pool,
      envId: env_id,
      options: { ...options },
      seed: init.seed,
      ...(deadlineMs === undefined ? {} : { deadlineMs }),
      attributes: [],
      methods: [],
    });
    this.#prompts = init.prompts;
  }

  override async reset(seed?: Seed | null, options: ResetOptions = {}): Promise<ResetResult> {
    const [said, info] = await super.reset(seed, options);
    return [joined(said, this.#prompts.render("how_to_answer")), info];
  }

  override async step(action: string | null): Promise<StepResult> {
    const reply = checkAction(action);
    // Differs from upstream D61: TextArena reads the whole reply, and most of its games the first brackets in it.
    const result = await super.step(lastPart(lastBalancedBox(reply) ?? reply));
    const [said, reward, terminated, truncated, info] = result;
    if (!terminated) return result;
    const ending = this.#prompts.render("ending", { reason: reasonOf(info) });
    return [joined(said, ending), reward, terminated, truncated, info];
  }

  override async sampleRandomAction(): Promise<string> {
    return `\\boxed{${await super.sampleRandomAction()}}`;
  }
}

/** The end of a text, cut between characters. Some of TextArena's patterns take time quadratic in a text's length. */
function lastPart(text: string): string {
  if (text.length <= MOST_CHARACTERS) return text;
  const end = text.slice(-MOST_CHARACTERS);
  return /^[\uDC00-\uDFFF]/.test(end) ? end.slice(1) : end;
}

function reasonOf(info: Info): string {
  return typeof info["reason"] === "string" ? info["reason"] : "";
}

function joined(said: Observation, text: string): string {
  const parts = [typeof said === "string" ? said : "", text];
  return parts.filter((part) => part !== "").join("\n\n");
}
