/** What answers queries: an index on this machine, or another server. */

/** A passage as clients get it; `contents` is always there, with the title as its first line. */
export type PassageDocument = Readonly<Record<string, unknown>> & { readonly contents: string };

/** A passage that was found. */
export interface Hit {
  readonly document: PassageDocument;
  /** Larger is better; null where the engine gives none. */
  readonly score: number | null;
}

/** Answers queries. */
export interface SearchEngine {
  /** Its method's name. */
  readonly name: string;
  /** How many passages it searches; null where it does not know. */
  readonly passages: number | null;
  /**
   * The passages that fit each query best, best first, at most `topk` each.
   *
   * @throws GEM_UNAVAILABLE, GEM_DEADLINE (a fault is never an empty list), or the signal's reason
   */
  search(
    queries: readonly string[],
    topk: number,
    signal: AbortSignal,
  ): Promise<readonly (readonly Hit[])[]>;
  close(): Promise<void>;
}

/** Contents in the form that servers of passages agree on: the title in quotes, a line end, the text. */
export function contentsOf(title: string, text: string): string {
  return `"${title}"\n${text}`;
}
