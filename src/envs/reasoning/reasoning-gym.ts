/**
 * Reasoning Gym: one generated problem an episode, of any dataset of the library reasoning_gym, which judges the answer.
 *
 * Action       last `\boxed{…}` in the reply, braces balanced; none is no answer
 * Observation  the dataset's question; after the answer the terminal marker
 * Reward       the dataset's score, mostly 1 for a right answer, 0 for a wrong one, and something in between
 * Ends         terminated and truncated after one answer
 * Randomness   reset with a seed: [index of the item]; item i of a dataset follows from dataset, options, seed and i
 * Source       gem-llm rg:*, items and scores of reasoning_gym 0.1.23, behaviour in docs/parity.md
 */
import { TERMINAL_STATE } from "../../core/constants.ts";
import { checkSeed } from "../../core/env.ts";
import type {
  EnvSnapshot,
  Info,
  ResetOptions,
  ResetResult,
  Seed,
  StepResult,
} from "../../core/env.ts";
import { chain, type MaybePromise } from "../../core/maybe-promise.ts";
import { SeededEnv, type AttributeView, type EnvInit } from "../../core/seeded-env.ts";
import { GemError } from "../../errors.ts";
import { PythonRandom } from "../../random/python-random.ts";
import { lastBalancedBox } from "../../text/balanced-box.ts";
import { integerView } from "../attribute-views.ts";
import {
  afterReset,
  isState,
  nextUnseeded,
  type ItemPlace,
  type ReasoningState,
} from "./course.ts";
import type { Dataset } from "./dataset.ts";
import type { Item } from "./item.ts";
import type { ReasoningLibrary } from "./library.ts";
import { scoreByRule } from "./rules.ts";

/** What a `ReasoningGymEnv` is made with, checked. */
export interface ReasoningOptions {
  readonly dataset: Dataset;
}

/** The names of its texts: `question` is what a reset shows. */
export type ReasoningPrompts = "question";

/** How many items are made ahead at most while resets come without seeds. */
const MAX_AHEAD = 32;

const seedView: AttributeView = { read: (stored: string) => BigInt(stored) };

const VIEWS: Readonly<Record<string, AttributeView>> = {
  idx: integerView({ min: 0 }),
  dataset_seed: seedView,
  next_seed: seedView,
  next_index: { read: (stored: number) => stored },
  item: {
    read: (stored: ItemPlace | null) =>
      stored === null ? null : { seed: BigInt(stored.seed), index: stored.index },
  },
};

/** An environment over one dataset of reasoning_gym. */
export class ReasoningGymEnv extends SeededEnv<ReasoningOptions, ReasoningState, ReasoningPrompts> {
  protected override state: ReasoningState;
  readonly #library: ReasoningLibrary;
  readonly #seed: bigint;
  /** The item of the episode, as far as it is needed to judge; undefined where a snapshot only named it. */
  #item: Omit<Item, "question"> | undefined;
  /** What the reset that is under way begins with. */
  #arrived:
    { readonly place: ItemPlace; readonly item: Item; readonly isSeeded: boolean } | undefined;
  #ahead = 1;

  /** @param library where items and scores come from */
  constructor(init: EnvInit<ReasoningOptions, ReasoningPrompts>, library: ReasoningLibrary) {
    super(init);
    this.#library = library;
    this.#seed = init.seed;
    const seed = init.seed.toString();
    this.state = { idx: 0, dataset_seed: seed, next_seed: seed, next_index: 0, item: null };
  }

  /** Answers that no rule judges are judged in the library's process, all of a vector's step together. */
  override get worksElsewhere(): boolean {
    return true;
  }

  override reset(seed?: Seed | null, options: ResetOptions = {}): MaybePromise<ResetResult> {
    if (this.phase === "closed") return super.reset(seed, options);
    const start = seed === undefined || seed === null ? undefined : checkSeed(seed);
    const place = start === undefined ? this.#next() : this.#drawn(new PythonRandom(start));
    this.#ahead = start === undefined ? Math.min(MAX_AHEAD, 2 * this.#ahead) : 1;
    const range = this.#range(place, start === undefined ? this.#ahead : 1);
    // Before the stream is seeded: a reset that cannot have its item changes nothing.
    return chain(this.#library.items.item(this.id, range), (item) => {
      this.#arrived = { place, item, isSeeded: start !== undefined };
      return super.reset(seed, options);
    });
  }

  protected override onReset(): ResetResult {
    const arrived = this.#arrived;
    if (arrived === undefined) throw new GemError("GEM_INTERNAL", `${this.id} has no item.`);
    const { place, item, isSeeded } = arrived;
    this.#arrived = undefined;
    if (isSeeded) this.#drawn(this.random);
    this.state = afterReset(this.state, this.#seed, this.options.dataset.size, place, isSeeded);
    this.#item = withoutQuestion(item);
    this.#library.items.ahead(this.#range(this.#next(), this.#ahead));
    // Upstream quirk Q41: the question is shown as it is; nothing tells that the answer is to be boxed.
    return [this.prompts.render("question", { question: item.question }), {}];
  }

  protected override onStep(reply: string): MaybePromise<StepResult> {
    const place = this.#place("step");
    const answer = lastBalancedBox(reply) ?? null;
    return chain(this.#current(place), (item) => {
      const { rule, answer: own } = item;
      const score = rule === null || own === null ? undefined : scoreByRule(rule, answer, own);
      return score === undefined ? this.#judge(item, answer) : ended(score);
    });
  }

  // Differs from upstream D55: a random action exists, a boxed number.
  protected override drawAction(): string {
    return `\\boxed{${String(this.random.randint(0, 100))}}`;
  }

  // Differs from upstream D57: a state holds the place in the dataset too, so a fork goes on with the same items.
  override setState(snapshot: EnvSnapshot): void {
    const { state } = snapshot;
    if (!isState(state, this.options.dataset.size)) {
      throw new GemError(
        "GEM_INVALID_STATE",
        `This is no state of ${this.id}. Pass what get_state() of an environment with the same id and options returned.`,
      );
    }
    super.setState(snapshot);
    this.#item = undefined;
  }

  protected override attributeViews(): Readonly<Record<string, AttributeView>> {
    return VIEWS;
  }

  protected override derivedNames(): readonly string[] {
    return ["name", "size", "seed", "data"];
  }

  protected override derive(name: string): unknown {
    const { dataset } = this.options;
    if (name === "name") return dataset.name;
    if (name === "size") return dataset.size;
    if (name === "seed") return this.#seed;
    if (this.state.item === null) return null;
    const { seed, index } = this.state.item;
    return this.#library.entry(this.id, dataset, BigInt(seed), index);
  }

  #place(verb: string): ItemPlace {
    return this.state.item ?? this.refuse(verb);
  }

  /** The item that a reset without a seed begins with. */
  #next(): ItemPlace {
    return nextUnseeded(this.state, this.#seed, this.options.dataset.size);
  }

  /** The item that a seeded reset begins with, from a stream that has just been seeded. */
  #drawn(random: PythonRandom): ItemPlace {
    const index = random.randint(0, this.options.dataset.size - 1);
    return { seed: this.state.dataset_seed, index };
  }

  #range({ seed, index }: ItemPlace, count: number) {
    return { dataset: this.options.dataset, seed: BigInt(seed), start: index, count };
  }

  #current(place: ItemPlace): MaybePromise<Omit<Item, "question">> {
    return this.#item ?? this.#library.items.item(this.id, this.#range(place, 1));
  }

  #judge(item: Omit<Item, "question">, answer: string | null): MaybePromise<StepResult> {
    const { seed, index, maker } = item;
    const judged = this.#library.score({
      owner: this.id,
      dataset: this.options.dataset,
      seed,
      // Upstream quirk Q44: the first dataset judges, also answers to items of those that followed it.
      judgeSeed: this.#seed,
      index,
      answer,
      maker,
    });
    // Differs from upstream D56: where the library's scorer raises, the answer earns 0 and `error` says why.
    return chain(judged, ({ score, error }) => ended(score, error === null ? {} : { error }));
  }
}

/** What is kept of an item until it is answered: questions are long. */
function withoutQuestion({ question: _, ...rest }: Item): Omit<Item, "question"> {
  return rest;
}

/** Upstream quirk Q45: an answer ends the episode with both flags; nothing stops a second one, which is judged alike. */
function ended(score: number, info: Info = {}): StepResult {
  return [TERMINAL_STATE, score, true, true, info];
}
