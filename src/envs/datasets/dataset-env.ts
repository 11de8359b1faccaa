import type {
  EnvSnapshot,
  Observation,
  ResetOptions,
  ResetResult,
  Seed,
  StepResult,
} from "../../core/env.ts";
import { checkSeed } from "../../core/env.ts";
import { chain, type MaybePromise } from "../../core/maybe-promise.ts";
import { SeededEnv, type AttributeView, type EnvInit } from "../../core/seeded-env.ts";
import type { Dataset } from "../../data/dataset.ts";
import { GemError, show } from "../../errors.ts";
import { integerView } from "../attribute-views.ts";
import { emptyDataset, isState, missingColumn, nextPlace, type DatasetState } from "./course.ts";
import { readGiven } from "./given.ts";
import type { DatasetLibrary } from "./library.ts";
import type { DatasetOptions } from "./options.ts";
import { RowSource } from "./row-source.ts";
import { valuesOf } from "./values.ts";
import { applyView, isSource, isView, type DatasetRef } from "./view.ts";
import { valueAt } from "./floats.ts";

const VIEWS: Readonly<Record<string, AttributeView>> = {
  idx: integerView({ min: 0 }),
  epoch: integerView({ min: 0 }),
};

const VALUES = "dataset_values";

/**
 * An environment over the rows of a dataset: one question an episode, one answer.
 *
 * Differs from upstream D117: rows are loaded at the first reset and shared by all environments, each of which keeps only their order.
 * A reset that cannot have its row changes nothing. Differs from upstream D118: a state holds the order and the place in it.
 */
export abstract class DatasetEnv<
  Options extends DatasetOptions,
  PromptName extends string,
> extends SeededEnv<Options, DatasetState, PromptName> {
  protected override state: DatasetState;
  protected readonly library: DatasetLibrary;
  readonly #seed: bigint;
  readonly #source: RowSource;
  /** The rows in their present order; undefined until they are needed. */
  #rows: Dataset | undefined;
  #isSeeded = false;

  /** @param isShuffled whether the rows are shuffled at the start; later epochs always are */
  constructor(init: EnvInit<Options, PromptName>, library: DatasetLibrary, isShuffled = true) {
    super(init);
    this.library = library;
    this.#seed = init.seed;
    this.#source = new RowSource(init.id, init.options, library);
    // Upstream quirk Q90: the rows are shuffled with the constructor's seed, those of `eval:*` too.
    const view: DatasetRef["view"] = isShuffled ? [["shuffle", init.seed.toString()]] : [];
    this.state = { idx: 0, epoch: 0, dataset: { source: null, view }, row: null, own: {} };
  }

  /** The column that holds what answers are judged by. */
  protected abstract get answerKey(): string;

  /** What shows a row. */
  protected abstract observe(rows: Dataset, row: number): Observation;

  /** Judges a reply. */
  protected abstract judge(reply: string, answer: unknown): MaybePromise<StepResult>;

  /** What an answer to a row is judged by. */
  protected answerOf(rows: Dataset, row: number): unknown {
    return valueAt(rows, row, this.answerKey);
  }

  /** The attribute that shows what answers are judged by. */
  protected get answerName(): string {
    return "answer";
  }

  /** Whether a seeded reset leaves the place alone that resets without one go on from. */
  protected get keepsPlace(): boolean {
    return false;
  }

  /** The columns without which there is no episode. */
  protected columnNames(): readonly string[] {
    return [this.options.question_key, this.answerKey];
  }

  override get worksElsewhere(): boolean {
    return true;
  }

  override reset(seed?: Seed | null, options: ResetOptions = {}): MaybePromise<ResetResult> {
    if (this.phase === "closed") return super.reset(seed, options);
    const isSeeded = seed !== undefined && seed !== null;
    if (isSeeded) checkSeed(seed);
    return chain(this.#load(), (rows) => {
      this.#checkIndex(options["idx"], rows);
      this.#isSeeded = isSeeded;
      return super.reset(seed, options);
    });
  }

  protected override resetOptionNames(): readonly string[] {
    return ["idx"];
  }

  protected override onReset(options: ResetOptions): ResetResult {
    const { idx } = options;
    const rows = this.#present();
    const place = nextPlace(this.state, {
      length: rows.length,
      asked: typeof idx === "number" ? idx : undefined,
      drawn: this.#isSeeded ? () => this.random.randint(0, rows.length - 1) : undefined,
      keepsPlace: this.keepsPlace,
      seed: this.#seed,
    });
    const shown = applyView(rows, place.reshuffle);
    const observation = this.observe(shown, place.state.row ?? 0);
    this.#rows = shown;
    this.state = place.state;
    return [observation, {}];
  }

  /** A judge that fails leaves the question open. */
  override get repeatsAfterFault(): boolean {
    return true;
  }

  protected override onStep(reply: string): MaybePromise<StepResult> {
    return chain(this.#answer(), (answer) => this.judge(reply, answer));
  }

  override setState(snapshot: EnvSnapshot): void {
    const { state } = snapshot;
    if (!isState(state)) {
      throw new GemError(
        "GEM_INVALID_STATE",
        `This is no state of ${this.id}. Pass what get_state() of an environment with the same id returned.`,
      );
    }
    this.#source.check(state.dataset.source);
    super.setState(snapshot);
    this.#rows = undefined;
  }

  override attributeNames(): readonly string[] {
    return ["idx", "epoch", ...this.derivedNames()];
  }

  protected override attributeViews(): Readonly<Record<string, AttributeView>> {
    return VIEWS;
  }

  protected override derivedNames(): readonly string[] {
    return ["dataset", "first_obs", this.answerName, "question_key", this.#answerKeyName, "seed"];
  }

  protected override derive(name: string): unknown {
    if (name === "seed") return this.#seed;
    if (name === "question_key") return this.options.question_key;
    if (name === this.#answerKeyName) return this.answerKey;
    if (name === "first_obs") return this.#firstObservation();
    if (name === this.answerName) return this.#answer();
    return chain(this.#load(), ({ columns, length }) => {
      const { source, view } = this.#source.absolute(this.state.dataset);
      return { source, view, columns, length };
    });
  }

  override setAttribute(name: string, value: unknown): MaybePromise<void> {
    if (name === "first_obs" || name === this.answerName) {
      const own = name === "first_obs" ? { first_obs: value } : { answer: value };
      this.state = { ...this.state, own: { ...this.state.own, ...own } };
      return undefined;
    }
    if (name === "dataset") return this.#replaceRows(value);
    return super.setAttribute(name, value);
  }

  override methodNames(): readonly string[] {
    return [VALUES];
  }

  /** `dataset_values [dataset, columns or null, indices]` gives `{columns, length}`: values of as many rows as fit into an answer. */
  override callMethod(name: string, args: readonly unknown[]): unknown {
    if (name !== VALUES) return super.callMethod(name, args);
    const [ref, columns = null, indices] = args;
    const { source, view } = (ref ?? {}) as Record<string, unknown>;
    if (!isSource(source) || !isView(view)) {
      const message = `${VALUES} of ${this.id} takes [dataset, columns, indices], got ${show(args)}.`;
      throw new GemError("GEM_INVALID_ARGUMENT", message);
    }
    const rows = chain(this.#source.find({ source, view }), (base) => applyView(base, view));
    return chain(rows, (found) => valuesOf(this.id, found, columns, indices));
  }

  /** The name of the option that names the column of answers. */
  get #answerKeyName(): string {
    return this.answerName === "answer" ? "answer_key" : "test_key";
  }

  #load(): MaybePromise<Dataset> {
    if (this.#rows !== undefined) return this.#rows;
    return chain(this.#source.find(this.state.dataset), (base) => {
      this.#check(base);
      this.#source.keep(this.state.dataset.source, base);
      this.#rows = applyView(base, this.state.dataset.view);
      return this.#rows;
    });
  }

  #check(rows: Dataset): void {
    if (rows.length === 0) throw emptyDataset(this.id);
    const missing = this.columnNames().find((name) => !rows.columns.includes(name));
    if (missing !== undefined) throw missingColumn(this.id, missing, rows.columns);
  }

  #present(): Dataset {
    if (this.#rows === undefined) throw new GemError("GEM_INTERNAL", `${this.id} has no rows.`);
    return this.#rows;
  }

  #checkIndex(idx: unknown, { length }: Dataset): void {
    if (idx === undefined || idx === null) return;
    if (typeof idx === "number" && Number.isSafeInteger(idx) && idx >= 0 && idx < length) return;
    throw new GemError(
      "GEM_INVALID_ARGUMENT",
      `idx of ${this.id} must be an integer from 0 to ${length - 1}, got ${show(idx)}.`,
    );
  }

  /** What the episode is judged by; null before the first. */
  #answer(): MaybePromise<unknown> {
    const { own, row } = this.state;
    if ("answer" in own) return own.answer;
    if (row === null) return null;
    return chain(this.#load(), (rows) => this.answerOf(rows, row));
  }

  #firstObservation(): MaybePromise<unknown> {
    const { own, row } = this.state;
    if ("first_obs" in own) return own.first_obs;
    if (row === null) return null;
    return chain(this.#load(), (rows) => this.observe(rows, row));
  }

  /** Takes other rows, in the order in which they come; the episode goes on with the question that it has. */
  #replaceRows(value: unknown): MaybePromise<void> {
    const given = readGiven(this.id, value, (rows) => this.library.datasetOf(rows));
    const ref: DatasetRef =
      "rows" in given
        ? { source: { token: given.token }, view: [] }
        : { source: given.source, view: given.view };
    const object = "rows" in given ? undefined : given.object;
    return chain(this.#firstObservation(), (first_obs) =>
      chain(this.#answer(), (answer) =>
        chain(this.#source.find(ref, object), (base) => {
          this.#check(base);
          this.#source.keep(ref.source, base);
          this.#rows = applyView(base, ref.view);
          const own = this.state.row === null ? this.state.own : { first_obs, answer };
          const idx = this.keepsPlace ? 0 : this.state.idx;
          this.state = { ...this.state, idx, dataset: ref, own };
        }),
      ),
    );
  }
}
