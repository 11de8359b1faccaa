import { z } from "zod";
import { continuation, type Continuation } from "../core/continuation.ts";
import type {
  Env,
  EnvSnapshot,
  Info,
  Observation,
  ResetOptions,
  ResetResult,
  Seed,
  StepResult,
} from "../core/env.ts";
import { chain, type MaybePromise } from "../core/maybe-promise.ts";
import { Wrapper } from "../core/wrapper.ts";
import { GemError } from "../errors.ts";

/** One message of a chat. */
export interface ChatMessage {
  readonly role: "user" | "assistant" | "tool";
  readonly content: string;
}

/** What the chat presets need of a tokenizer (Hugging Face's method, with `tokenize=False`). */
export interface Tokenizer {
  applyChatTemplate(
    messages: readonly ChatMessage[],
    options: { readonly addGenerationPrompt: boolean },
  ): MaybePromise<string>;
}

const tokenizer = z.custom<Tokenizer>(
  (value) => typeof value === "object" && value !== null && "applyChatTemplate" in value,
);

/** Options of `ObservationWrapper`, under upstream's names. */
export interface ObservationOptions {
  /** Whether the agent's own actions stand between the observations. */
  readonly include_action: boolean;
  /** Whether the whole history goes through the tokenizer's chat template. */
  readonly include_chat_template: boolean;
  /** Whether the opening alone goes through it. */
  readonly apply_chat_template_on_reset: boolean;
  /** Past turns to keep beside the newest; null or 0: all. */
  readonly max_history_length: number | null;
  readonly tokenizer: Tokenizer | null;
}

/** What each option may be, with its default. */
export const OBSERVATION_OPTIONS: {
  readonly [K in keyof ObservationOptions]: z.ZodType<ObservationOptions[K]>;
} = {
  include_action: flag(true),
  include_chat_template: flag(true),
  apply_chat_template_on_reset: flag(false),
  max_history_length: z
    .int()
    .min(0)
    .nullable()
    .default(null)
    .describe("a non-negative integer, or null for no limit"),
  tokenizer: tokenizer
    .nullable()
    .default(null)
    .describe("a tokenizer with apply_chat_template, or null"),
};

function flag(value: boolean): z.ZodType<boolean> {
  return z.boolean().default(value).describe("true or false");
}

/** An observation of the history, and whether a tool gave it. */
interface Turn {
  readonly text: string;
  readonly use_tool: boolean;
}

/**
 * Shows the agent the history of the episode as one text: observations, with or without its own actions, plain or through a
 * chat template.
 *
 * Each text that enters the history gets a newline when it lacks one; `info.prefix` and `info.suffix` of the newest step stand
 * around the whole, outside the chat template (upstream quirk Q12).
 */
export class ObservationWrapper extends Wrapper {
  override readonly className = "ObservationWrapper";
  readonly #options: ObservationOptions;
  #turns: Turn[] = [];
  #actions: string[] = [];
  /** The history as plain text, as far as it is composed: the first so many turns and the actions between them. */
  #plainText = "";
  #plainTurns = 0;
  /** What was shown last of that history, and what stood before it. */
  #shown: Continuation | undefined;
  #shownBefore = "";

  /** @throws GEM_INVALID_OPTION when the options contradict each other */
  constructor(env: Env, options: ObservationOptions) {
    super(env);
    checkOptions(options);
    this.#options = options;
  }

  override get continuation(): Continuation | undefined {
    return this.#shown;
  }

  override get repeatsAfterFault(): boolean {
    return this.env.repeatsAfterFault;
  }

  override reset(seed?: Seed | null, options?: ResetOptions): MaybePromise<ResetResult> {
    return chain(this.env.reset(seed, options), ([observation, info]) => {
      const text = this.#text(observation);
      return chain(this.#openingOf(text), (opening) => {
        this.#turns = [];
        this.#actions = [];
        this.#composeAnew();
        this.#pushTurn(opening, info);
        return chain(this.#compose(info), (composed): ResetResult => [composed, info]);
      });
    });
  }

  override step(action: string | null): MaybePromise<StepResult> {
    const step = this.env.step(action);
    return step instanceof Promise
      ? step.then((later) => this.#addStep(action, later))
      : this.#addStep(action, step);
  }

  /** Adds a turn to the history and shows all of it in the place of the observation. */
  #addStep(action: string | null, step: StepResult): MaybePromise<StepResult> {
    const [observation, reward, terminated, truncated, info] = step;
    const parsed = info["parsed_action"];
    this.#actions.push(typeof parsed === "string" ? parsed : (action ?? ""));
    this.#pushTurn(this.#text(observation), info);
    this.#forget();
    const text = this.#compose(info);
    return text instanceof Promise
      ? text.then((later): StepResult => [later, reward, terminated, truncated, info])
      : [text, reward, terminated, truncated, info];
  }

  protected override ownState(): Record<string, unknown> {
    return { obs_queue: this.#turns, act_queue: this.#actions };
  }

  protected override setOwnState(state: EnvSnapshot): void {
    const { obs_queue: turns, act_queue: actions } = state;
    if (!Array.isArray(turns) || !Array.isArray(actions)) {
      throw new GemError(
        "GEM_INVALID_STATE",
        "An ObservationWrapper's state holds the lists obs_queue and act_queue.",
      );
    }
    this.#turns = turns as Turn[];
    this.#actions = actions as string[];
    this.#composeAnew();
  }

  #text(observation: Observation): string {
    if (typeof observation === "string") return observation;
    throw new GemError(
      "GEM_UNSUPPORTED",
      `ObservationWrapper composes text, but ${this.id} gave an observation that is no string. Use it without this wrapper.`,
    );
  }

  #openingOf(text: string): MaybePromise<string> {
    const { tokenizer: model, apply_chat_template_on_reset: apply } = this.#options;
    if (!apply || model === null) return text;
    return model.applyChatTemplate([{ role: "user", content: text }], {
      addGenerationPrompt: true,
    });
  }

  #pushTurn(text: string, info: Info): void {
    this.#turns.push({ text, use_tool: info["use_tool"] === true });
  }

  /** Drops what is older than the history may be, the opening included. */
  #forget(): void {
    const limit = this.#options.max_history_length;
    // Differs from upstream D16: 0 means no limit for actions too, where upstream fails at the first step.
    if (limit === null || limit === 0) return;
    if (this.#turns.length <= limit + 1 && this.#actions.length <= limit) return;
    this.#turns.splice(0, this.#turns.length - limit - 1);
    this.#actions.splice(0, this.#actions.length - limit);
    this.#composeAnew();
  }

  #compose(info: Info): MaybePromise<string> {
    const { prefix, suffix } = info;
    const before = typeof prefix === "string" ? prefix : "";
    const after = typeof suffix === "string" ? suffix : "";
    const { include_chat_template: template, tokenizer: model } = this.#options;
    if (!template || model === null) return this.#show(before, after);
    return chain(
      model.applyChatTemplate(this.#messages(), { addGenerationPrompt: true }),
      (text) => before + text + after,
    );
  }

  /** Composes the plain history between two texts, going on from what was shown last where that is the same history. */
  #show(before: string, after: string): string {
    const last = this.#shown;
    const known = this.#plainText.length;
    if (last !== undefined && !last.isTaken) {
      // Somebody may have read that text, which made it one piece of memory; the history goes on as a part of it
      // rather than as many pieces, which would be joined again and again.
      const start = this.#shownBefore.length;
      this.#plainText = last.text.slice(start, start + known);
    }
    const added = this.#takeTurns();
    this.#plainText += added;
    const text = before + this.#plainText + after;
    this.#shown =
      last !== undefined && before === this.#shownBefore
        ? continuation(text, {
            from: last.serial,
            keep: before.length + known,
            tail: added + after,
          })
        : continuation(text);
    this.#shownBefore = before;
    return text;
  }

  /** The turns that are not in the plain text yet, as its next part. */
  #takeTurns(): string {
    const withActions = this.#options.include_action;
    let added = "";
    for (; this.#plainTurns < this.#turns.length; this.#plainTurns++) {
      const i = this.#plainTurns;
      if (withActions && i > 0) added += withNewline(this.#actions[i - 1] ?? "");
      added += withNewline(this.#turns[i]?.text ?? "");
    }
    return added;
  }

  #composeAnew(): void {
    this.#shown = undefined;
    this.#plainText = "";
    this.#plainTurns = 0;
  }

  #messages(): ChatMessage[] {
    const messages: ChatMessage[] = [];
    this.#turns.forEach((turn, i) => {
      messages.push({ role: turn.use_tool ? "tool" : "user", content: turn.text });
      const action = this.#actions[i];
      if (action !== undefined) messages.push({ role: "assistant", content: action });
    });
    return messages;
  }
}

function withNewline(text: string): string {
  return text === "" || text.endsWith("\n") ? text : `${text}\n`;
}

function checkOptions(options: ObservationOptions): void {
  const {
    include_action,
    include_chat_template,
    apply_chat_template_on_reset,
    tokenizer: model,
  } = options;
  if (include_chat_template && apply_chat_template_on_reset) {
    throw new GemError(
      "GEM_INVALID_OPTION",
      "include_chat_template and apply_chat_template_on_reset exclude each other: pass one of them.",
    );
  }
  if (include_chat_template && !include_action) {
    throw new GemError(
      "GEM_INVALID_OPTION",
      "include_chat_template needs include_action: a chat has both sides.",
    );
  }
  if ((include_chat_template || apply_chat_template_on_reset) && model === null) {
    throw new GemError(
      "GEM_INVALID_OPTION",
      "A chat template needs a tokenizer: pass tokenizer=..., or turn include_chat_template and apply_chat_template_on_reset off.",
    );
  }
}
