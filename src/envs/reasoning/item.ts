import type { RuleName } from "./rules.ts";

/** An item of a dataset, as far as an environment needs it. */
export interface Item {
  readonly question: string;
  /** The item's own answer; null where the library has none. */
  readonly answer: string | null;
  /** How answers are judged, where that can be done without the library. */
  readonly rule: RuleName | null;
  /** The number of the process that made it, which still has it; undefined where that is not known. */
  readonly maker: number | undefined;
  /** The seed and the index that it was generated for; other ones may lead to the same item. */
  readonly seed: bigint;
  readonly index: number;
}
