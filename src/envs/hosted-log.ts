import { createHash } from "node:crypto";
import type { GemError } from "../errors.ts";
import { encode } from "../protocol/codec.ts";

/** One call that may have changed an object, and what came of it. */
export interface HostedEvent {
  readonly method: string;
  readonly args: readonly unknown[];
  readonly kwargs: Readonly<Record<string, unknown>>;
  /** Of the answer, or of the error. */
  readonly digest: string;
}

/** How many calls, and how many characters of actions, are kept to be played again. */
const MOST_EVENTS = 10_000;
const MOST_CHARACTERS = 4_194_304;

/** What an object has gone through since it was made, or since it was given a state: enough to bring another one to the same point. */
export class HostedLog {
  /** The state that it was given, if it was. */
  readonly base: unknown;
  #events: HostedEvent[] = [];
  #characters = 0;
  #isComplete = true;

  /** @param base what the object's `set_state` was given; undefined: nothing */
  constructor(base?: unknown, events: readonly HostedEvent[] = []) {
    this.base = base;
    for (const event of events) this.add(event);
  }

  get events(): readonly HostedEvent[] {
    return this.#events;
  }

  /** Whether nothing was left out: a log that has become too long is given up. */
  get isComplete(): boolean {
    return this.#isComplete;
  }

  /** Notes a call. */
  add(event: HostedEvent): void {
    if (!this.#isComplete) return;
    const [first] = event.args;
    this.#characters += typeof first === "string" ? first.length : 0;
    this.#events.push(event);
    if (this.#events.length <= MOST_EVENTS && this.#characters <= MOST_CHARACTERS) return;
    this.#isComplete = false;
    this.#events = [];
  }

  /** As plain data. */
  toState(): Readonly<Record<string, unknown>> {
    const events = this.#events.map(({ method, args, kwargs, digest }) => [
      method,
      args,
      kwargs,
      digest,
    ]);
    return { base: this.base ?? null, events };
  }

  /** The log that `toState` gave as plain data; undefined when this is none. */
  static fromState(state: unknown): HostedLog | undefined {
    if (!isMap(state) || !Array.isArray(state["events"])) return undefined;
    const events = state["events"].map(readEvent);
    if (events.includes(undefined)) return undefined;
    const complete = events.filter((event) => event !== undefined);
    return new HostedLog(state["base"] ?? undefined, complete);
  }
}

function readEvent(item: unknown): HostedEvent | undefined {
  if (!Array.isArray(item)) return undefined;
  const [method, args, kwargs, digest] = item as readonly unknown[];
  if (typeof method !== "string" || typeof digest !== "string") return undefined;
  if (!Array.isArray(args) || !isMap(kwargs)) return undefined;
  return { method, args, kwargs, digest };
}

function isMap(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** What tells an answer from others. */
export function digestOf(answer: unknown): string {
  return createHash("sha1").update(encode(answer)).digest("base64");
}

/** What tells an error that a library raised from others. */
export function digestOfError({ code, message }: GemError): string {
  return digestOf([code, message]);
}
