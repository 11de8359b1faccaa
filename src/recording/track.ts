import type { Observation, ResetResult, StepResult } from "../core/env.ts";
import { ClientRef } from "../protocol/values.ts";
import type { LineWriter } from "./line-writer.ts";
import { packText, toPlain } from "./plain.ts";
import { TextHash } from "./text-hash.ts";

/** After so many episodes an environment's state is written down, so that later ones can be played again without those before. */
export const EPISODES_BETWEEN_STATES = 64;

/** Something rarer than a step: its line but for what the track adds. */
export interface Note {
  readonly kind: "env" | "begin" | "sample" | "state" | "set" | "call" | "fault" | "close";
  readonly fields: Readonly<Record<string, unknown>>;
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
  #t = 0;
  #episode = 0;

  /** @param key unique within the file @param withObservations whether observations are written whole */
  constructor(key: string, withObservations: boolean) {
    this.#key = key;
    this.#withObservations = withObservations;
    this.#stepOpening = `{"kind":"step","env":"${key}","t":`;
  }

  /** Writes a step's line. @param at when, in ms @param ms how long it took, or a negative number */
  step(lines: LineWriter, at: string, action: string | null, step: StepResult, ms: number): void {
    const [observation, reward, terminated, truncated] = step;
    this.#t += 1;
    lines.raw(this.#stepOpening);
    lines.raw(String(this.#t));
    lines.raw(',"action":');
    if (action === null) lines.raw("null");
    else lines.text(action);
    lines.raw(',"reward":');
    lines.raw(numberText(reward));
    lines.raw(terminated ? ',"terminated":true' : ',"terminated":false');
    lines.raw(truncated ? ',"truncated":true' : ',"truncated":false');
    this.#seen(lines, observation);
    this.#end(lines, at, ms);
    if (terminated || truncated) this.#hash.forget();
  }

  /** Writes the line of something rarer. @param result what a `begin` gave */
  note(
    lines: LineWriter,
    at: string,
    { kind, fields }: Note,
    result: ResetResult | undefined,
    ms: number,
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
    if (result !== undefined) this.#seen(lines, result[0]);
    this.#end(lines, at, ms);
  }

  #seen(lines: LineWriter, observation: Observation): void {
    const text = typeof observation === "string" ? observation : textOf(observation);
    if (text === undefined) {
      lines.raw(',"hash":null');
      return;
    }
    this.#hash.update(text);
    lines.raw(',"hash":"');
    lines.hex(this.#hash.high);
    lines.hex(this.#hash.low);
    lines.raw('"');
    if (!this.#withObservations) return;
    lines.raw(',"observation":');
    if (typeof observation === "string") lines.text(observation);
    else lines.json(toPlain(observation));
  }

  #end(lines: LineWriter, at: string, ms: number): void {
    lines.raw(at);
    if (ms >= 0) lines.raw(`,"ms":${String(Math.round(ms * 1000) / 1000)}`);
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
