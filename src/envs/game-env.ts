import { GAME_REWARD } from "../core/constants.ts";
import type { Info, RenderFormat, StepResult } from "../core/env.ts";
import type { Prompts } from "../core/prompts.ts";
import { SeededEnv } from "../core/seeded-env.ts";
import { GemError } from "../errors.ts";
import type { Picture } from "./picture.ts";
import { renderPicture } from "./render/render.ts";

/** The names of a set of prompts. */
export type PromptNames<P> = P extends Prompts<infer Name> ? Name : never;

/** What the state of every game holds besides its own entries. */
export interface TurnState {
  /** Turns after which the game is over. */
  max_turns: number;
  /** Turns played, malformed replies included; it goes on counting after the end. */
  turn_count: number;
}

/** What a well-formed move led to. */
export interface Outcome {
  readonly observation: string;
  /** float64 */
  readonly reward: number;
  /** Whether the game is decided; it then ends without `truncated`, also in its last turn. */
  readonly ended: boolean;
}

/**
 * A turn-based game for one player, answered in `\boxed{…}`: counts turns, ends the game, and attaches the suffix.
 *
 * A game implements how to read a reply, what a move does, and what its texts are.
 */
export abstract class GameEnv<
  Options extends object,
  State extends TurnState,
  Move,
  PromptName extends string,
> extends SeededEnv<Options, State, PromptName> {
  /** The move in a reply, or undefined when it has none (a format error). */
  protected abstract readMove(reply: string): Move | undefined;

  /** Plays a well-formed move, which may be against the rules. */
  protected abstract play(move: Move): Outcome;

  /** What the last turn amounts to when it did not decide the game. */
  protected abstract runOutOfTurns(move: Move, outcome: Outcome): Outcome;

  /** The observation after a format error. */
  protected abstract formatErrorText(): string;

  /** What observation wrappers put after the history, for example the board; it has no effect. */
  protected abstract taskSuffix(): string;

  /** What `render` draws, or undefined where there is nothing to look at. */
  protected picture(): Picture | undefined {
    return undefined;
  }

  protected override onStep(reply: string): StepResult {
    const state = this.state;
    state.turn_count += 1;
    const move = this.readMove(reply);
    if (move === undefined) {
      // Upstream quirk Q01: a format error ends the game, and is truncated only in exactly the last turn.
      const truncated = state.turn_count === state.max_turns;
      return [this.formatErrorText(), GAME_REWARD.formatError, true, truncated, this.suffixInfo()];
    }
    const outcome = this.play(move);
    // Upstream quirk Q02: nothing stops a player who goes on after the end; the game is played and counted as before.
    if (outcome.ended || state.turn_count < state.max_turns) {
      return [outcome.observation, outcome.reward, outcome.ended, false, this.suffixInfo()];
    }
    const last = this.runOutOfTurns(move, outcome);
    // Upstream quirk Q03: the limit sets both flags.
    return [last.observation, last.reward, true, true, this.suffixInfo()];
  }

  /** The info of every reset and step. */
  protected suffixInfo(): Info {
    return { suffix: this.taskSuffix() };
  }

  override render(format: RenderFormat): string {
    if (this.phase !== "ready") this.refuse("render");
    const picture = this.picture();
    if (picture !== undefined) return renderPicture(picture, format);
    throw new GemError(
      "GEM_UNSUPPORTED",
      `${this.id} has no board to draw; read its observations.`,
    );
  }

  override methodNames(): readonly string[] {
    return ["get_task_suffix", "render"];
  }

  override callMethod(name: string, args: readonly unknown[]): unknown {
    if (name === "get_task_suffix") return this.taskSuffix();
    // `render` checks the format, which may be anything here.
    if (name === "render") return this.render((args[0] ?? "ansi") as RenderFormat);
    return super.callMethod(name, args);
  }
}
