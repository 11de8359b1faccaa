/**
 * Wiki Game: find a way from one page of an encyclopedia to another by following links.
 *
 * Action       last `\boxed{…}` in the reply, up to the brace that closes it: the exact title of a link on offer, or `<PREV_PAGE>`; else a format error
 * Observation  English text; reset gives the rules, a step what happened; the suffix holds the page and the links on offer
 * Reward       target 1 · other move or way back -0.05 · page without links -0.1 or 0 · no link, no way back, format error -0.2 · last turn 0
 * Ends         terminated: target, out of turns, page without links (noregrets); truncated: out of turns
 * Randomness   reset: with backend zim or folder the pages, from the environment's stream; else the server draws; step: none
 * Source       axon-rl/gem game:WikiGame (not in gem-llm 0.1.0), behaviour in docs/parity.md
 */
import { z } from "zod";
import type { Info, ResetOptions, ResetResult, StepResult } from "../../../core/env.ts";
import { defineFamily, type Family } from "../../../core/family.ts";
import { chain, type MaybePromise } from "../../../core/maybe-promise.ts";
import type { OptionValues } from "../../../core/options.ts";
import { SeededEnv, type AttributeView, type EnvInit } from "../../../core/seeded-env.ts";
import { GemError } from "../../../errors.ts";
import { Tuple } from "../../../protocol/values.ts";
import { lastBalancedBox } from "../../../text/balanced-box.ts";
import { integerView } from "../../attribute-views.ts";
import type { WikiBackend } from "./backend.ts";
import { BACKENDS, createBackend } from "./backends/index.ts";
import { pagesView, pageView, PREVIOUS_PAGE, titlesOf, type WikiPage } from "./page.ts";
import { summarize, SUMMARY_UNITS } from "./summary.ts";
import { PROMPTS, type WikiText } from "./texts.ts";

const VARIANTS = ["noregrets", "oneback", "freenav", "eidetic"] as const;

// Differs from upstream D03: options that no game can be played with are refused when the environment is made.
const OPTIONS = {
  max_turns: z.int().min(1).default(10).describe("a positive integer"),
  backend: z
    .enum(BACKENDS)
    .default("mw")
    .describe(`one of ${quoted(BACKENDS)}`),
  trawler_kwargs: z
    .record(z.string(), z.unknown())
    .nullable()
    .default(null)
    .describe("a map of the backend's options, or null"),
  page_summary_length: z
    .preprocess(
      (value) => (value instanceof Tuple ? value.items : value),
      z.tuple([z.int().min(1), z.enum(SUMMARY_UNITS)]),
    )
    .default([100, "characters"])
    .describe(`[length, unit]: a positive integer, and one of ${quoted(SUMMARY_UNITS)}`),
  variant: z
    .enum(VARIANTS)
    .default("noregrets")
    .describe(`one of ${quoted(VARIANTS)}`),
};

/** The game's own rewards. */
const REWARD = { success: 1, internalStep: -0.05, fail: 0, invalid: -0.2, deadEnd: -0.1 } as const;

/** Random pages that are drawn again because their titles say that they list meanings of a word. */
const MAX_REDRAWS = 10;
/** Characters of a wrong title that are repeated to the agent. */
const MAX_ECHO = 200;
/** Pairs of random pages that are drawn until they differ. */
const MAX_PAIRS = 100;

type WikiOptions = OptionValues<typeof OPTIONS>;

interface WikiState {
  max_turns: number;
  start_page: WikiPage | null;
  target_page: WikiPage | null;
  current_page: WikiPage | null;
  page_history: WikiPage[];
  /** Whether the last move led back, or to a page without links. */
  backtracked: boolean;
  turn_count: number;
  /** All links that were on a visited page, in the order in which they were seen; used by the variant "eidetic" alone. */
  perfect_memory: Set<string>;
}

/** A state while an episode runs. */
interface Episode extends WikiState {
  start_page: WikiPage;
  target_page: WikiPage;
  current_page: WikiPage;
}

const VIEWS: Readonly<Record<string, AttributeView>> = {
  max_turns: integerView({ min: 1 }),
  start_page: pageView,
  target_page: pageView,
  current_page: pageView,
  page_history: pagesView,
  turn_count: integerView({ min: 0 }),
};

class WikiGameEnv extends SeededEnv<WikiOptions, WikiState, WikiText> {
  readonly #backend: WikiBackend;
  readonly #closing = new AbortController();
  protected override state: WikiState = {
    max_turns: this.options.max_turns,
    start_page: null,
    target_page: null,
    current_page: null,
    page_history: [],
    backtracked: false,
    turn_count: 0,
    perfect_memory: new Set(),
  };

  constructor(init: EnvInit<WikiOptions, WikiText>) {
    super(init);
    // Differs from upstream D49: nothing is opened or asked for before the first reset.
    const { backend, trawler_kwargs } = this.options;
    this.#backend = createBackend(this.id, backend, trawler_kwargs ?? {}, this.host);
  }

  protected override resetOptionNames(): readonly string[] {
    return ["start", "target"];
  }

  protected override async onReset(options: ResetOptions): Promise<ResetResult> {
    const titles = titlesOf(options, this.id);
    this.#backend.startEpisode?.();
    const [start, target] =
      titles === undefined
        ? await this.#drawPages()
        : [await this.#namedPage(titles[0]), await this.#namedPage(titles[1])];
    const episode: Episode = {
      max_turns: this.options.max_turns,
      start_page: start,
      target_page: target,
      current_page: start,
      page_history: [start],
      backtracked: false,
      turn_count: 0,
      // Differs from upstream D45: an episode remembers nothing of the one before.
      perfect_memory: this.#remember(new Set(), start),
    };
    this.state = episode;
    const { max_turns } = episode;
    const rules = this.prompts.render(`rules_${this.options.variant}`, {
      start: start.title,
      target: target.title,
      max_turns,
      target_summary: this.#summary(target),
      example: start.links[0] ?? PREVIOUS_PAGE,
    });
    return [rules, this.#info(episode)];
  }

  protected override onStep(reply: string): MaybePromise<StepResult> {
    const episode = this.#episode();
    // Upstream quirk Q40: only the last box counts, blanks and all, also when it is malformed and a good one stands before it.
    const title = lastBalancedBox(reply);
    if (title === undefined || title === "") return this.#formatError(episode);
    if (title === PREVIOUS_PAGE) return this.#goBack(episode);
    if (!this.#offered(episode).includes(title)) return this.#unknown(episode, title);
    // Differs from upstream D47: nothing has changed when the page cannot be had, so the same step can be played again.
    return chain(this.#namedPage(title), (page) => this.#visit(this.#episode(), page));
  }

  protected override drawAction(): string {
    const { current_page, perfect_memory } = this.state;
    // Differs from upstream D49: on a page without links there is a random action, too.
    const links = [current_page?.links ?? [], [...perfect_memory]].find((list) => list.length > 0);
    return `\\boxed{${links === undefined ? PREVIOUS_PAGE : this.random.choice(links)}}`;
  }

  protected override attributeViews(): Readonly<Record<string, AttributeView>> {
    return VIEWS;
  }

  protected override derivedNames(): readonly string[] {
    return ["variant", "page_summary_length", "page_summary_length_unit"];
  }

  protected override derive(name: string): unknown {
    if (name === "variant") return this.options.variant;
    return this.options.page_summary_length[name === "page_summary_length" ? 0 : 1];
  }

  override methodNames(): readonly string[] {
    return ["get_task_suffix", "render"];
  }

  override callMethod(name: string, args: readonly unknown[]): unknown {
    if (name === "get_task_suffix") return this.#suffix(this.#episode());
    if (name === "render") return this.render("ansi");
    return super.callMethod(name, args);
  }

  override close(): MaybePromise<void> {
    void super.close();
    this.#closing.abort(new GemError("GEM_CLOSED", `${this.id} was closed while it waited.`));
    return this.#backend.close?.();
  }

  #formatError(episode: Episode): StepResult {
    episode.turn_count += 1;
    return this.#rejected(episode, "format_error");
  }

  #goBack(episode: Episode): StepResult {
    episode.turn_count += 1;
    const { variant } = this.options;
    const allowed = variant === "freenav" || (variant === "oneback" && !episode.backtracked);
    const before = episode.page_history.at(-2);
    if (!allowed || before === undefined) return this.#rejected(episode, "no_way_back");
    episode.page_history.pop();
    episode.current_page = before;
    episode.backtracked = true;
    const { turn_count, max_turns } = episode;
    return this.#result(episode, "back", REWARD.internalStep, false, turn_count === max_turns);
  }

  #unknown(episode: Episode, title: string): StepResult {
    episode.turn_count += 1;
    const near = this.#offered(episode).find((link) => contains(link, title));
    const name = near === undefined ? "unknown" : "unknown_near";
    return this.#unlessLast(episode, name, REWARD.invalid, {
      title: title.length > MAX_ECHO ? `${title.slice(0, MAX_ECHO)}...` : title,
      near: near ?? "",
    });
  }

  #visit(episode: Episode, page: WikiPage): StepResult {
    episode.turn_count += 1;
    const isTarget = page.title === episode.target_page.title;
    if (!isTarget && page.links.length === 0) {
      if (this.options.variant === "noregrets") return this.#endAt(episode, page);
      if (this.options.variant !== "eidetic") return this.#bounceOff(episode, page);
    }
    episode.current_page = page;
    episode.page_history.push(page);
    episode.backtracked = false;
    this.#remember(episode.perfect_memory, page);
    if (isTarget) return this.#result(episode, "reached", REWARD.success, true, false);
    return this.#unlessLast(episode, "moved", REWARD.internalStep, {});
  }

  #endAt(episode: Episode, page: WikiPage): StepResult {
    // Upstream quirk Q39: a page without links ends the game, but is not in the history.
    episode.current_page = page;
    return this.#result(episode, "stuck", REWARD.fail, true, false);
  }

  #bounceOff(episode: Episode, page: WikiPage): StepResult {
    // Upstream quirk Q38: a page without links takes two turns, and counts as going back.
    episode.turn_count += 1;
    episode.backtracked = true;
    const isLast = episode.turn_count >= episode.max_turns;
    return this.#result(episode, "dead_end", REWARD.deadEnd, false, isLast, { title: page.title });
  }

  /** What leaves everything as it is. */
  #rejected(episode: Episode, name: WikiText): StepResult {
    // Upstream quirk Q37: such a reply does not end the game; in the last turn it is truncated, but not terminated.
    const { turn_count, max_turns } = episode;
    return this.#result(episode, name, REWARD.invalid, false, turn_count === max_turns);
  }

  /** A turn that, when it is the last, ends the game with nothing. */
  #unlessLast(
    episode: Episode,
    name: WikiText,
    reward: number,
    fields: Readonly<Record<string, string>>,
  ): StepResult {
    const { turn_count, max_turns, target_page } = episode;
    if (turn_count < max_turns) return this.#result(episode, name, reward, false, false, fields);
    const observation = this.#text(episode, name, fields);
    const text = this.prompts.render("out_of_turns", { observation, target: target_page.title });
    return [text, REWARD.fail, true, true, this.#info(episode)];
  }

  #result(
    episode: Episode,
    name: WikiText,
    reward: number,
    terminated: boolean,
    truncated: boolean,
    fields: Readonly<Record<string, string>> = {},
  ): StepResult {
    const text = this.#text(episode, name, fields);
    return [text, reward, terminated, truncated, this.#info(episode)];
  }

  #text(episode: Episode, name: WikiText, fields: Readonly<Record<string, string>>): string {
    const { turn_count, max_turns, current_page } = episode;
    return this.prompts.render(name, {
      turn_count,
      max_turns,
      current: current_page.title,
      ...fields,
    });
  }

  #info(episode: Episode): Info {
    return { suffix: this.#suffix(episode) };
  }

  #suffix(episode: Episode): string {
    const lines = this.#offered(episode).map((title) => this.prompts.render("link", { title }));
    return this.prompts.render("suffix", {
      current: episode.current_page.title,
      target: episode.target_page.title,
      summary: this.#summary(episode.current_page),
      links: lines.length === 0 ? this.prompts.render("no_links") : lines.join("\n"),
    });
  }

  #summary({ content }: WikiPage): string {
    return summarize(content, this.options.page_summary_length);
  }

  /** The titles that may be chosen. */
  #offered({ current_page, perfect_memory }: Episode): readonly string[] {
    return this.options.variant === "eidetic" ? [...perfect_memory] : current_page.links;
  }

  #remember(memory: Set<string>, { links }: WikiPage): Set<string> {
    if (this.options.variant === "eidetic") for (const link of links) memory.add(link);
    return memory;
  }

  async #drawPages(): Promise<readonly [start: WikiPage, target: WikiPage]> {
    for (let pairs = 0; pairs < MAX_PAIRS; pairs++) {
      const start = await this.#randomPage();
      const target = await this.#randomPage();
      if (start.title !== target.title) return [start, target];
    }
    throw new GemError("GEM_UNAVAILABLE", `${this.id}: all random pages are the same.`, {
      retryable: false,
    });
  }

  #namedPage(title: string): Promise<WikiPage> {
    return this.#await(this.#backend.page(title, this.#closing.signal));
  }

  async #randomPage(): Promise<WikiPage> {
    for (let redraws = 0; ; redraws++) {
      const drawing = this.#backend.randomPage(this.random, this.#closing.signal);
      const page = await this.#await(drawing);
      if (redraws === MAX_REDRAWS - 1 || !contains(page.title, "disambiguation")) return page;
    }
  }

  /** A page when it is here; a fault names the environment, and a close comes before any other. */
  async #await(page: Promise<WikiPage>): Promise<WikiPage> {
    const { signal } = this.#closing;
    try {
      return await page;
    } catch (error) {
      signal.throwIfAborted();
      if (!(error instanceof GemError)) throw error;
      const message = `${this.id} could not get a page: ${error.message}`;
      throw new GemError(error.code, message, { ...error.details, id: this.id });
    }
  }

  #episode(): Episode {
    const { state } = this;
    if (isEpisode(state)) return state;
    return this.refuse("step");
  }
}

function isEpisode(state: WikiState): state is Episode {
  return state.start_page !== null && state.target_page !== null && state.current_page !== null;
}

function contains(text: string, part: string): boolean {
  return text.toLowerCase().includes(part.toLowerCase());
}

function quoted(words: readonly string[]): string {
  return words.map((word) => `"${word}"`).join(", ");
}

/** The Wiki Game. */
export const wikiGame: Family = defineFamily({
  className: "WikiGameEnv",
  options: OPTIONS,
  prompts: PROMPTS,
  variants: {
    "game:WikiGame-v0-easy": { max_turns: 30 },
    "game:WikiGame-v0-hard": { max_turns: 15 },
  },
  // Differs from upstream D07: an id without a level, for the easy one.
  aliases: { "game:WikiGame-v0": "game:WikiGame-v0-easy" },
  create: (init) => new WikiGameEnv(init),
});
