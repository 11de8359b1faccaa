/** An item of a dataset, as far as an environment needs it. */
export interface Item {
  readonly question: string;
  /** The item's own answer; null where the library has none. */
  readonly answer: string | null;
  /** Whether the library's default scorer judges answers, so that they need not be sent to it. */
  readonly isDefault: boolean;
  /** The seed and the index that it was generated for; other ones may lead to the same item. */
  readonly seed: bigint;
  readonly index: number;
}
