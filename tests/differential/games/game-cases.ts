import type { Dice } from "../dice.ts";

/** What a client reads of an environment, as plain data: sets are sorted lists, tuples and arrays are lists. */
export type PlainState = Readonly<Record<string, unknown>>;

/** An id, options, and how many seeds it is played with. */
export type Case = readonly [id: string, options: Readonly<Record<string, unknown>>, seeds: number];

/** How one game is compared with the reference implementation. */
export interface GameCases {
  /** The game's name in its ids. */
  readonly game: string;
  readonly cases: readonly Case[];
  /** A reply that is right, wrong, repeated, out of range or oddly written; malformed ones are mixed in elsewhere. */
  readonly mixed: (state: PlainState, dice: Dice) => string;
  /** The next reply of a player who wins, or undefined when there is none (a mixed reply is played then). */
  readonly winning: (state: PlainState, dice: Dice) => string | undefined;
  /** Kinds of steps that the runs have to meet besides those of every game; see `kindOf` in `games.test.ts`. */
  readonly meets: readonly string[];
  /**
   * Absent when the reference implementation draws random actions that it can read itself; "unreadable" when its answers
   * have to be put right to compare (the draws are the same), "none" when it has no random actions.
   */
  readonly sampler?: "unreadable" | "none";
  /** Ids that the reference implementation does not have or cannot construct, and how it plays the same game. */
  readonly judged?: Readonly<Record<string, Judged>>;
}

/** What the reference implementation is asked for in place of an id. */
export interface Judged {
  readonly id: string;
  readonly kwargs: Readonly<Record<string, unknown>>;
  /** Turns the draws of each reset on after construction, where the constructor cannot make them. */
  readonly draws?: boolean;
}

/** An answer in a box. */
export function box(content: string): string {
  return `\\boxed{${content}}`;
}
