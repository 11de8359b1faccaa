import { GemError } from "../errors.ts";
import { LIMITS } from "../protocol/messages.ts";
import type { Clock } from "./clock.ts";

/** What one client may use of one worker. */
export interface Quotas {
  /** Environments that live at the same time. */
  readonly environments: number;
  /** Sessions that are open at the same time. */
  readonly sessions: number;
  /** Calls a second, on average over a second; Infinity for any number. */
  readonly callsPerSecond: number;
  /** Bytes of one frame, at most `LIMITS.frameBytes`. */
  readonly frameBytes: number;
}

/** What clients may use when a server is told nothing else. */
export const DEFAULT_QUOTAS: Quotas = {
  environments: LIMITS.handles,
  sessions: 10_000,
  callsPerSecond: Number.POSITIVE_INFINITY,
  frameBytes: LIMITS.frameBytes,
};

/** Names of the methods that give back what a client has; they are never refused. */
const FREEING = new Set(["bye", "close", "release"]);

/** The error of a quota: what it is, and how a larger one is had. */
export function overQuota(limit: string, flag: string, advice: string): GemError {
  return new GemError("GEM_LIMIT", `${limit}. ${advice}, or serve with a higher ${flag}.`);
}

/** Lets so many calls a second pass, and as many at once when none came for a second. */
export class CallRate {
  readonly #perSecond: number;
  readonly #clock: Clock;
  #left: number;
  #since: number;

  constructor(perSecond: number, clock: Clock) {
    this.#perSecond = perSecond;
    this.#clock = clock;
    this.#left = Math.max(1, perSecond);
    this.#since = clock.now();
  }

  /** @throws GEM_LIMIT when a call of this method is one too many */
  admit(method: string): void {
    if (FREEING.has(method)) return;
    const now = this.#clock.now();
    const earned = ((now - this.#since) / 1000) * this.#perSecond;
    this.#left = Math.min(Math.max(1, this.#perSecond), this.#left + earned);
    this.#since = now;
    if (this.#left >= 1) {
      this.#left -= 1;
      return;
    }
    throw overQuota(
      `A client may make ${this.#perSecond} calls a second on one worker`,
      "--max-calls-per-second",
      "Make fewer, for example by stepping a vector",
    );
  }
}
