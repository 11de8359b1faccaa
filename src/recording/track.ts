import type { Continuation } from "../core/continuation.ts";
import type { Observation, ResetResult, StepResult } from "../core/env.ts";
import { ClientRef } from "../protocol/values.ts";
import type { LineWriter } from "./line-writer.ts";
import { packText, toPlain } from "./plain.ts";
import { TextHash } from "./text-hash.ts";

/** After so many episodes an environment's state is written down, so that later ones can be played again without those before. */
export const EPISODES_BETWEEN_STATES = 64;

/** The flags of a step: terminated counts 2, truncated 1. */
const FLAGS = [
  ',"terminated":false,"truncated":false',
  ',"terminated":false,"truncated":true',
  ',"terminated":true,"truncated":false',
  ',"terminated":true,"truncated":true',
];

/** Something rarer than a step: its line but for what the track adds. */
export interface Note {
  readonly kind: "env" | "begin" | "sample" | "state" | "set" | "call" | "fault" | "close";
  readonly fields: Readonly<Record<string, unknown>>;
}

/** What is written of an observation that is no text. It may change later, so it is read when it is seen. */
export class SeenObject {
  readonly text: string | undefined;
  readonly plain: unknown;

  constructor(observation: unknown, isWhole: boolean) {
    this.text = textOf(observation);
    this.plain = isWhole ? toPlain(observation) : null;
  }
}

/** One recorded environment: how its lines are written. */
export class Track {
  /** Whether the environment was changed past its recording. */
  isTouched = false;
  /** Episodes begun since the state was last known. */
  episodesSinceState = 0;
  readonly #key: string;
  readonly #stepOpening: string;
  readonly #withObservations: boolean;
  readonly #hash = new TextHash();
  /** The number of the observation that was hashed last; 0: it had none. */
  #serial = 0;
  /** Units at the end of an episode's first observation, and of later ones, that the next one does not keep. */
  #firstCut = 0;
  #laterCut = 0;
  #t = 0;
  #episode = 0;

  /** @param key unique within the file @param withObservations whether observations are written whole */
  constructor(key: string, withObservations: boolean) {
    this.#key = key;
    this.#withObservations = withObservations;
    this.#stepOpening = `{"kind":"step","env":"${key}","t":`;
  }

  /**
   * Writes a step's line.
   *
   * @param at when, in ms @param ms how long it took, or a negative number
   * @param shown how the environment's newest observation went on from the one before, where that is known
   */
  step(
    lines: LineWriter,
    at: string,
    action: string | null,
    step: StepResult,
    ms: number,
    shown?: Continuation,
  ): void {
    const [observation, reward, terminated, truncated] = step;
    this.#t += 1;
    lines.raw(`${this.#stepOpening}${String(this.#t)},"action":`);
    if (action === null) lines.raw("null");
    else lines.text(action);
    const flags = FLAGS[(terminated ? 2 : 0) + (truncated ? 1 : 0)] ?? "";
    this.#seen(lines, `,"reward":${numberText(reward)}${flags}`, observation, shown);
    this.#end(lines, at, ms);
    if (terminated || truncated) this.#forget();
  }

  /** Writes the line of something rarer. @param result what a `begin` gave */
  note(
    lines: LineWriter,
    at: string,
    { kind, fields }: Note,
    result: ResetResult | undefined,
    ms: number,
    shown?: Continuation,
  ): void {
    lines.raw(`{"kind":"${kind}","env":"${this.#key}"`);
    if (result !== undefined) {
      lines.raw(`,"episode":${String(this.#episode++)}`);
      this.#t = 0;
    }
    for (const [name, value] of Object.entries(fields)) {
      if (value === undefined) continue;
      lines.raw(`,"${name}":`);
      if (value === null) lines.raw("null");
      else if (typeof value === "string") lines.text(value);
      else lines.json(value);
    }
    if (result !== undefined) this.#seen(lines, "", result[0], shown);
    this.#end(lines, at, ms);
  }

  /** @param before what stands in the line before the hash */
  #seen(
    lines: LineWriter,
    before: string,
    observation: Observation,
    shown: Continuation | undefined,
  ): void {
    const held: unknown = observation;
    const text = held instanceof SeenObject ? held.text : textOf(held);
    if (text === undefined) {
      lines.raw(`${before},"hash":null`);
      return;
    }
    this.#take(text, shown);
    lines.raw(`${before},"hash":"`);
    lines.hex(this.#hash.high);
    lines.hex(this.#hash.low);
    lines.raw('"');
    if (!this.#withObservations) return;
    lines.raw(',"observation":');
    if (held instanceof SeenObject) lines.json(held.plain);
    else lines.text(text);
  }

  /** Hashes an observation; where it is known how it goes on from the last one, neither is read nor has to become one piece of memory. */
  #take(text: string, shown: Continuation | undefined): void {
    const hash = this.#hash;
    if (shown?.text !== text) {
      this.#serial = 0;
      hash.update(text);
      return;
    }
    const { from, keep, tail, serial } = shown;
    // What will be kept of this one is guessed from what was kept of the one at the same place of the episode before.
    const isNext = from !== 0 && from === this.#serial;
    if (isNext && this.#t > 1) this.#laterCut = hash.units - keep;
    else if (isNext) this.#firstCut = hash.units - keep;
    const cut = this.#t === 0 ? this.#firstCut : this.#laterCut;
    if (!isNext || !hash.append(text, keep, tail, cut)) hash.update(text, cut);
    this.#serial = serial;
  }

  /** Lets go of the last observation, which may be long. */
  #forget(): void {
    this.#hash.forget();
    this.#serial = 0;
  }

  #end(lines: LineWriter, at: string, ms: number): void {
    lines.raw(ms < 0 ? at : `${at},"ms":${String(Math.round(ms * 1000) / 1000)}`);
    lines.endLine();
  }
}

/** What is hashed of an observation that is no text; undefined for one that is an object of the client. */
export function textOf(observation: unknown): string | undefined {
  if (typeof observation === "string") return observation;
  if (observation instanceof ClientRef) return undefined;
  try {
    return packText(observation);
  } catch {
    return undefined;
  }
}

/** A reward in JSON; what JSON has no number for is a string. */
export function numberText(value: number): string {
  if (Object.is(value, -0)) return "-0";
  return Number.isFinite(value) ? String(value) : `"${String(value)}"`;
}
