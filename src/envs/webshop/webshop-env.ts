/**
 * WebShop: find what a customer asks for in a shop, choose its options and buy it.
 *
 * Action       last `\boxed{…}`: `search[words]` on any page, or `click[label]` of something that can be clicked; else a format error
 * Observation  the page as text, text with marked buttons, HTML or an address; the suffix lists the actions, the prefix says what is wanted
 * Reward       buying: 0 … 1 for how well it fits · format error -0.1 · else 0
 * Ends         terminated: a purchase, more than `error_tolerance` format errors; terminated and truncated: out of turns
 * Randomness   reset: ten letters that name the session, then the goal by weight, from the environment's stream
 * Source       axon-rl/gem WebshopEnv (not in gem-llm 0.1.0), behaviour in docs/parity.md
 */
import { z } from "zod";
import type { Info, ResetOptions, ResetResult, StepResult } from "../../core/env.ts";
import { SeededEnv } from "../../core/seeded-env.ts";
import { GemError, show } from "../../errors.ts";
import { pythonReprOfString } from "../../text/python-repr.ts";
import { readAction } from "./action.ts";
import {
  clickables,
  donePage,
  hasSearchBox,
  itemPage,
  LABEL,
  PAGE_PRODUCTS,
  resultsPage,
  searchPage,
  SUB_PAGES,
  subPage,
  type Piece,
  type Place,
  type SubPage,
} from "./page.ts";
import type { Goal, Product } from "./record.ts";
import { MODES, renderPage, type Mode } from "./render-page.ts";
import { judge } from "./reward.ts";
import type { ShopReader, Split } from "./shop-file.ts";
import { openShop } from "./shop.ts";
import type { ShopText } from "./texts.ts";

const textOrNull = z.string().nullable().default(null).describe("a string or null");

/** What a `WebshopEnv` is made with, checked. */
export interface WebshopOptions {
  readonly observation_mode: Mode;
  readonly split: Split;
  readonly max_turns: number;
  readonly show_attrs: boolean;
  /** What every reset is for: a customer's name, or the number of a goal. */
  readonly session: string | number | null;
  readonly session_prefix: string | null;
  readonly error_tolerance: number;
  readonly format_error_reward: number;
  readonly data_folder: string | null;
}

/** What each option of `WebshopEnv` may be. */
export const WEBSHOP_OPTIONS: {
  readonly [Name in keyof WebshopOptions]: z.ZodType<WebshopOptions[Name]>;
} = {
  observation_mode: z
    .enum(MODES)
    .default("text")
    .describe(`one of ${MODES.map((mode) => `"${mode}"`).join(", ")}`),
  split: z.enum(["train", "test"]).default("train").describe('"train" or "test"'),
  max_turns: z.int().min(1).default(15).describe("a positive integer"),
  show_attrs: z.boolean().default(false).describe("true or false"),
  session: z
    .union([z.string(), z.int().min(0)])
    .nullable()
    .default(null)
    .describe("a string, the number of a goal, or null"),
  session_prefix: textOrNull,
  error_tolerance: z.int().min(0).default(15).describe("an integer, 0 or more"),
  format_error_reward: z.number().default(-0.1).describe("a number"),
  data_folder: textOrNull,
};

interface WebshopState {
  max_turns: number;
  turn_count: number;
  error_count: number;
  /** Names the customer. */
  session: string;
  /** The number of the goal in its split. */
  goal_index: number;
  instruction_text: string;
  place: Place;
  keywords: string[];
  asin: string | null;
  /** The chosen value by option. */
  options: Record<string, string>;
  /** The products that were looked at since the last search began. */
  visited: string[];
}

const LETTERS = "abcdefghijklmnopqrstuvwxyz";
const SESSION_LETTERS = 10;
const QUERY_EXAMPLE = "<your query>";

/** Shopping in a simulated shop. */
export class WebshopEnv extends SeededEnv<WebshopOptions, WebshopState, ShopText> {
  protected override state: WebshopState = {
    max_turns: this.options.max_turns,
    turn_count: 0,
    error_count: 0,
    session: "",
    goal_index: 0,
    instruction_text: "",
    place: { kind: "search" },
    keywords: [],
    asin: null,
    options: {},
    visited: [],
  };

  protected override resetOptionNames(): readonly string[] {
    return ["session", "instruction_text"];
  }

  protected override onReset({ session, instruction_text: text }: ResetOptions): ResetResult {
    const given = session ?? this.options.session;
    if (given !== null && typeof given !== "string" && !isGoalNumber(given)) {
      throw invalid(`session must be a string, the number of a goal, or null, got ${show(given)}`);
    }
    if (text !== undefined && text !== null && typeof text !== "string") {
      throw invalid(`instruction_text must be a string or null, got ${show(text)}`);
    }
    const shop = this.#shop();
    const name =
      given === null ? this.random.choices(LETTERS, SESSION_LETTERS).join("") : String(given);
    const goal_index = typeof given === "number" ? given : this.#drawGoal(shop);
    const goal = shop.goal(this.options.split, goal_index);
    this.state = {
      max_turns: this.options.max_turns,
      turn_count: 0,
      error_count: 0,
      session: (this.options.session_prefix ?? "") + name,
      goal_index,
      instruction_text: text ?? goal.instruction_text,
      ...searchState(),
      visited: [],
    };
    const pieces = this.#pieces();
    return [this.#observation(pieces), this.#info(pieces)];
  }

  protected override onStep(reply: string): StepResult {
    const { state } = this;
    state.turn_count += 1;
    const { name, argument, text } = readAction(reply);
    let reward = 0;
    let isOver = false;
    if (name === "search" && argument !== undefined) {
      this.#search(argument);
    } else if (name === "click" && argument !== undefined && this.#canClick(argument)) {
      const bought = this.#click(argument);
      reward = bought ?? 0;
      isOver = bought !== undefined;
    } else {
      reward = this.options.format_error_reward;
      state.error_count += 1;
      isOver = state.error_count > this.options.error_tolerance;
    }
    const pieces = this.#pieces();
    const info = { parsed_action: text, ...this.#info(pieces) };
    const isLast = state.turn_count >= state.max_turns;
    return [this.#observation(pieces), reward, isOver || isLast, isLast, info];
  }

  protected override drawAction(): string {
    const actions = this.#actions(this.#pieces());
    const words = this.state.instruction_text.replace(/[{}[\]\n]/g, " ");
    const action = actions.length === 0 ? `search[${words}]` : this.random.choice(actions);
    return `\\boxed{${action.replace(QUERY_EXAMPLE, words)}}`;
  }

  protected override derivedNames(): readonly string[] {
    return ["goal", "available_actions", "url"];
  }

  protected override derive(name: string): unknown {
    if (name === "url") return this.#url();
    if (this.phase !== "ready") return null;
    return name === "goal" ? { ...this.#goal() } : this.#actions(this.#pieces());
  }

  override methodNames(): readonly string[] {
    return ["get_task_prefix", "get_task_suffix"];
  }

  override callMethod(name: string, args: readonly unknown[]): unknown {
    if (name !== "get_task_prefix" && name !== "get_task_suffix") {
      return super.callMethod(name, args);
    }
    if (this.phase !== "ready") this.refuse(name);
    return this.#info(this.#pieces())[name === "get_task_prefix" ? "prefix" : "suffix"];
  }

  #shop(): ShopReader {
    return openShop(this.id, this.options.data_folder);
  }

  /**
   * Draws a goal by weight.
   *
   * Differs from upstream D145: every episode draws one; upstream's sessions have names of one letter, which keep their goals.
   * Differs from upstream D146: all goals can be drawn, each by its own weight; upstream's are shifted by one.
   */
  #drawGoal(shop: ShopReader): number {
    const { count, sums } = shop.goals(this.options.split);
    if (count === 0) {
      throw new GemError(
        "GEM_UNAVAILABLE",
        `${this.id}: the shop has no goals of the split "${this.options.split}". Make it with some by \`gem webshop build\`.`,
      );
    }
    const drawn = this.random.random() * (sums[count - 1] ?? 0);
    let low = 0;
    let high = count - 1;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (drawn < (sums[middle] ?? 0)) high = middle;
      else low = middle + 1;
    }
    return low;
  }

  #goal(): Goal {
    return this.#shop().goal(this.options.split, this.state.goal_index);
  }

  #product(): Product {
    const { asin } = this.state;
    const product = asin === null ? undefined : this.#shop().product(asin);
    if (product !== undefined) return product;
    throw new GemError("GEM_UNAVAILABLE", `${this.id}: the shop has no product ${show(asin)}.`);
  }

  #found(): readonly string[] {
    return this.#shop().search(this.state.keywords.join(" "));
  }

  #search(query: string): void {
    const keywords = query.split(/\s+/).filter((word) => word !== "");
    Object.assign(this.state, { ...searchState(), keywords, place: { kind: "results", page: 1 } });
  }

  #canClick(label: string): boolean {
    return label !== LABEL.search.toLowerCase() && clickables(this.#pieces()).includes(label);
  }

  /** Clicks something that can be clicked; gives the reward of a purchase. */
  #click(label: string): number | undefined {
    const { state } = this;
    const { place } = state;
    if (label === LABEL.back.toLowerCase()) {
      Object.assign(state, { ...searchState(), visited: [] });
    } else if (place.kind === "results") {
      this.#clickResult(label, place.page);
    } else if (label === LABEL.previous.toLowerCase()) {
      if (place.kind === "sub_page") state.place = { kind: "item" };
      else this.#leaveItem();
    } else if (label === LABEL.buy.toLowerCase()) {
      return this.#buy();
    } else if (isSubPage(label)) {
      state.place = { kind: "sub_page", name: label };
    } else {
      this.#choose(label);
    }
    return undefined;
  }

  #clickResult(label: string, page: number): void {
    const { state } = this;
    if (label === LABEL.next.toLowerCase()) {
      state.place = { kind: "results", page: page + 1 };
    } else if (label === LABEL.previous.toLowerCase()) {
      state.place = { kind: "results", page: page - 1 };
    } else {
      const asin = this.#found().find((found) => found.toLowerCase() === label);
      if (asin === undefined) return;
      if (!state.visited.includes(asin)) state.visited.push(asin);
      Object.assign(state, { asin, options: {}, place: { kind: "item" } });
    }
  }

  #leaveItem(): void {
    const index = this.#found().indexOf(this.state.asin ?? "");
    const page = Math.floor(Math.max(index, 0) / PAGE_PRODUCTS) + 1;
    Object.assign(this.state, { asin: null, options: {}, place: { kind: "results", page } });
  }

  #choose(value: string): void {
    const chosen = Object.entries(this.#product().options).find(([, values]) =>
      values.includes(value),
    );
    if (chosen !== undefined) this.state.options[chosen[0].toLowerCase()] = value;
  }

  #buy(): number {
    const { reward } = judge(this.#product(), Object.values(this.state.options), this.#goal());
    this.state.place = { kind: "done" };
    return reward;
  }

  #pieces(): readonly Piece[] {
    const { place, instruction_text: wanted, options } = this.state;
    switch (place.kind) {
      case "search":
        return searchPage(wanted);
      case "results":
        return this.#results(place.page);
      case "item":
        return itemPage(wanted, this.#product(), this.options.show_attrs);
      case "sub_page":
        return subPage(wanted, this.#product(), place.name);
      case "done": {
        const product = this.#product();
        const goal = this.#goal();
        return donePage(product, options, goal, judge(product, Object.values(options), goal));
      }
    }
  }

  #results(page: number): readonly Piece[] {
    const shop = this.#shop();
    const asins = this.#found();
    const shown = asins
      .slice((page - 1) * PAGE_PRODUCTS, page * PAGE_PRODUCTS)
      .flatMap((asin) => shop.product(asin) ?? []);
    return resultsPage(this.state.instruction_text, shown, page, asins.length);
  }

  #observation(pieces: readonly Piece[]): string {
    const { options, visited } = this.state;
    return renderPage(
      { pieces, url: this.#url(), options, visited },
      this.options.observation_mode,
    );
  }

  /** The address of the page, in the form of WebShop's own. */
  #url(): string {
    const { place, session, keywords, asin, options } = this.state;
    const words = encodeURIComponent(keywords.join(" "));
    const chosen = JSON.stringify(options);
    const product = `${session}/${asin ?? ""}`;
    const paths: Record<Place["kind"], string> = {
      search: session,
      results: `search_results/${session}/${words}/${place.kind === "results" ? place.page : 1}`,
      item: `item_page/${product}/${words}/${chosen}`,
      sub_page: `item_sub_page/${product}/${words}/${place.kind === "sub_page" ? place.name : ""}/${chosen}`,
      done: `done/${product}/${chosen}`,
    };
    return `http://127.0.0.1:3000/${paths[place.kind]}`;
  }

  #actions(pieces: readonly Piece[]): readonly string[] {
    const labels = clickables(pieces).filter((label) => label !== LABEL.search.toLowerCase());
    const clicks = labels.map((label) => `click[${label}]`);
    return hasSearchBox(pieces) ? [...clicks, `search[${QUERY_EXAMPLE}]`] : clicks;
  }

  #info(pieces: readonly Piece[]): Info {
    const { turn_count, instruction_text: instruction } = this.state;
    const actions = `[${this.#actions(pieces).map(pythonReprOfString).join(", ")}]`;
    return {
      suffix: this.prompts.render("suffix", { actions }),
      prefix: this.prompts.render("prefix", { instruction, turn_count }),
    };
  }
}

/** What the search page knows: nothing is looked for or chosen. */
function searchState(): Pick<WebshopState, "place" | "keywords" | "asin" | "options"> {
  return { place: { kind: "search" }, keywords: [], asin: null, options: {} };
}

function isSubPage(label: string): label is SubPage {
  return SUB_PAGES.some((name) => name === label);
}

function isGoalNumber(value: unknown): value is number {
  return typeof value === "number" && Number.isSafeInteger(value) && value >= 0;
}

function invalid(problem: string): GemError {
  return new GemError("GEM_INVALID_OPTION", `reset() of WebshopEnv: ${problem}.`);
}

/** Every id's options: modes in this order, each for both splits. */
export function webshopVariants(): Readonly<Record<string, Partial<WebshopOptions>>> {
  const modes = ["html", "text", "text_rich"] as const;
  const splits: readonly Split[] = ["train", "test"];
  return Object.fromEntries(
    modes.flatMap((observation_mode) =>
      splits.map((split) => [`webshop:${split}-${observation_mode}`, { observation_mode, split }]),
    ),
  );
}
