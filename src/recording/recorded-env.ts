import type { EnvSnapshot, Env, ResetOptions, ResetResult, Seed, StepResult } from "../core/env.ts";
import { chain, type MaybePromise } from "../core/maybe-promise.ts";
import { SeededEnv } from "../core/seeded-env.ts";
import { Wrapper } from "../core/wrapper.ts";
import { ERROR_KINDS, isGemError } from "../errors.ts";
import { packText, toPlain, toPlainOptions } from "./plain.ts";
import type { Recording } from "./recording.ts";
import { EPISODES_BETWEEN_STATES, type Note, type Track } from "./track.ts";

/** How an environment was made, for its line. */
export interface Making {
  /** An id, `{class}`, `{object, id}` or `{program, id}`. */
  readonly what: unknown;
  readonly options: Readonly<Record<string, unknown>>;
  /** Name and options, the first innermost. */
  readonly wrappers: readonly (readonly [name: string, options: unknown])[];
  /** What its generators started from; null where its kind fixes that. */
  readonly seed: bigint | null;
  readonly slot: number;
}

/** The beginning of an episode that goes on from the one before. */
const GOING_ON: Note = { kind: "begin", fields: { seed: null } };

/** A larger state is not worth writing down again and again. */
const MOST_STATE_TEXT = 65_536;

/**
 * Notes what passes between an environment and whoever plays it. It changes nothing, and is no layer for those who count wrappers.
 *
 * What it notes are references; they become text when the loop has nothing else to do.
 */
export class RecordedEnv extends Wrapper {
  override readonly className = "RecordedEnv";
  readonly making: Making;
  readonly recording: Recording;
  readonly #track: Track;
  #isClosed = false;

  constructor(env: Env, making: Making, recording: Recording) {
    super(env);
    this.making = making;
    this.recording = recording;
    this.#track = recording.open({
      what: toPlain(making.what),
      id: env.id,
      options: toPlainOptions(making.options),
      wrappers: toPlain(making.wrappers),
      seed: making.seed === null ? null : making.seed.toString(),
      slot: making.slot,
    });
  }

  /** Records another environment as this one is. */
  like(env: Env, options: Making["options"], seed: bigint | null): RecordedEnv {
    return new RecordedEnv(env, { ...this.making, options, seed }, this.recording);
  }

  override get repeatsAfterFault(): boolean {
    return this.env.repeatsAfterFault;
  }

  /** Says that the environment was changed past this, so that its state is written down before it goes on. */
  touch(): void {
    this.#track.isTouched = true;
  }

  override reset(seed: Seed | null = null, options: ResetOptions = {}): MaybePromise<ResetResult> {
    const ready = this.#catchUp();
    if (ready instanceof Promise) return ready.then(() => this.#reset(seed, options));
    return this.#reset(seed, options);
  }

  override step(action: string | null): MaybePromise<StepResult> {
    if (this.#track.isTouched) return chain(this.#catchUp(), () => this.#step(action));
    let step: MaybePromise<StepResult>;
    try {
      step = this.env.step(action);
    } catch (error) {
      throw this.#fault("step", error);
    }
    if (step instanceof Promise) return this.#stepLater(action, step);
    this.recording.noteStep(this.#track, action, step, this.env.continuation);
    return step;
  }

  override sampleRandomAction(): MaybePromise<string> {
    return this.#noting("sample_random_action", () =>
      chain(this.env.sampleRandomAction(), (action) => {
        this.recording.note(this.#track, { kind: "sample", fields: { action } });
        return action;
      }),
    );
  }

  override getState(): MaybePromise<EnvSnapshot> {
    return this.env.getState();
  }

  override setState(state: EnvSnapshot): MaybePromise<void> {
    const text = tryPack(state);
    return this.#noting("set_state", () =>
      chain(this.env.setState(state), () => this.#noteState(text)),
    );
  }

  override attributeNames(): readonly string[] {
    return this.env.attributeNames();
  }

  override getAttribute(name: string): unknown {
    return this.env.getAttribute(name);
  }

  override setAttribute(name: string, value: unknown): MaybePromise<void> {
    const fields = { name, value: toPlain(value) };
    return this.#noting("setting an attribute", () =>
      chain(this.env.setAttribute(name, value), () =>
        this.recording.note(this.#track, { kind: "set", fields }),
      ),
    );
  }

  override callMethod(method: string, args: readonly unknown[]): unknown {
    const fields = { method, args: toPlain(args) };
    return this.#noting(method, () =>
      chain(this.env.callMethod(method, args), (value) => {
        this.recording.note(this.#track, { kind: "call", fields });
        return value;
      }),
    );
  }

  /** Closes the environment; settles when all that was noted of it is in the file. */
  override async close(): Promise<void> {
    try {
      await this.env.close();
    } finally {
      if (!this.#isClosed) {
        this.#isClosed = true;
        await this.recording.close(this.#track);
      }
    }
  }

  #reset(seed: Seed | null, options: ResetOptions): MaybePromise<ResetResult> {
    const note = this.#beginning(seed, options);
    this.#track.episodesSinceState += 1;
    let result: MaybePromise<ResetResult>;
    try {
      result = this.env.reset(seed, options);
    } catch (error) {
      throw this.#fault("reset", error);
    }
    if (result instanceof Promise) return this.#resetLater(note, result);
    this.recording.note(this.#track, note, result, this.env.continuation);
    return result;
  }

  #beginning(seed: Seed | null, options: ResetOptions): Note {
    const state = this.#dueState();
    const hasOptions = Object.keys(options).length > 0;
    if (seed === null && state === undefined && !hasOptions) return GOING_ON;
    const fields = {
      seed: seed === null ? null : String(seed),
      options: hasOptions ? toPlain(options) : undefined,
      state,
    };
    return { kind: "begin", fields };
  }

  async #resetLater(note: Note, reset: Promise<ResetResult>): Promise<ResetResult> {
    const start = performance.now();
    let later: ResetResult;
    try {
      later = await reset;
    } catch (error) {
      throw this.#fault("reset", error);
    }
    const ms = performance.now() - start;
    this.recording.note(this.#track, note, later, this.env.continuation, ms);
    return later;
  }

  #step(action: string | null): MaybePromise<StepResult> {
    return this.step(action);
  }

  async #stepLater(action: string | null, step: Promise<StepResult>): Promise<StepResult> {
    const start = performance.now();
    let later: StepResult;
    try {
      later = await step;
    } catch (error) {
      throw this.#fault("step", error);
    }
    const ms = performance.now() - start;
    this.recording.noteStep(this.#track, action, later, this.env.continuation, ms);
    return later;
  }

  /** The state from time to time, so that playing an episode again does not mean playing all before it. */
  #dueState(): string | undefined {
    if (this.#track.episodesSinceState < EPISODES_BETWEEN_STATES) return undefined;
    this.#track.episodesSinceState = 0;
    if (!(this.unwrapped instanceof SeededEnv) || this.env.worksElsewhere) return undefined;
    try {
      const state = this.env.getState();
      const text = state instanceof Promise ? undefined : tryPack(state);
      return text === undefined || text.length > MOST_STATE_TEXT ? undefined : text;
    } catch {
      // An environment that holds something outside itself has none.
      return undefined;
    }
  }

  /** Writes the state down when the environment was changed past this. */
  #catchUp(): MaybePromise<void> {
    if (!this.#track.isTouched) return undefined;
    this.#track.isTouched = false;
    const lost = (error: unknown): void => void this.#fault("get_state", error, true);
    try {
      const state = chain(this.env.getState(), (now) => this.#noteState(tryPack(now)));
      return state instanceof Promise ? state.catch(lost) : state;
    } catch (error) {
      lost(error);
      return undefined;
    }
  }

  #noteState(state: string | undefined): void {
    this.#track.episodesSinceState = 0;
    if (state !== undefined) {
      this.recording.note(this.#track, { kind: "state", fields: { state } });
      return;
    }
    const message = "The state holds objects of the client, which cannot be written down.";
    const fields = { during: "set_state", code: "GEM_UNSUPPORTED", message };
    this.recording.note(this.#track, { kind: "fault", fields });
  }

  /** Runs something; when it fails so that nobody knows where the environment stands, that is noted. */
  #noting<T>(during: string, run: () => MaybePromise<T>): MaybePromise<T> {
    try {
      const value = run();
      if (!(value instanceof Promise)) return value;
      return value.catch((error: unknown) => {
        throw this.#fault(during, error);
      });
    } catch (error) {
      throw this.#fault(during, error);
    }
  }

  #fault(during: string, error: unknown, always = false): unknown {
    const code = isGemError(error) ? error.code : "GEM_INTERNAL";
    if (always || ERROR_KINDS[code] !== "caller") {
      const message = error instanceof Error ? error.message : String(error);
      const fields = { during, code, message };
      this.recording.note(this.#track, { kind: "fault", fields });
      // Where it stands now is in its state, if it has one.
      this.#track.isTouched = !always;
    }
    return error;
  }
}

/** A state as text; undefined when it holds what has no form in a file. */
function tryPack(state: EnvSnapshot): string | undefined {
  try {
    return packText(state);
  } catch {
    return undefined;
  }
}
