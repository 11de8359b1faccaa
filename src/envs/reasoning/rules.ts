/**
 * Scorers of reasoning_gym that are simple enough to be written again, so that the library need not be asked. Which dataset has which
 * is told by `python/gem/_host/libraries/reasoning.py`, and only where the scorer's text is the one that was written again.
 *
 * Beyond ASCII, Python and JavaScript differ in what is a digit or a lower-case letter, so such texts are left to the library.
 */
import { strip } from "../../text/strip.ts";
import { defaultScore } from "./default-score.ts";
import { isAscii, sameNumber } from "./same-number.ts";

/** What an answer earns, given the item's own: float64 from 0 to 1; undefined where only the library knows. */
type Rule = (answer: string, own: string) => number | undefined;

/** A scorer that is known here. */
export type RuleName =
  "contained" | "equal" | "amount" | "number" | "stripped" | "folded" | "joined";

const RULES: Readonly<Record<RuleName, Rule>> = {
  /** The default scorer. */
  contained: defaultScore,
  /** `ab`, `self_reference`. */
  equal: (answer, own) => Number(answer === own),
  /** `chain_sum`, `products`: the same number, commas aside, else as the default. */
  amount: (answer, own) => {
    const [bare, bareOwn] = [answer.replaceAll(",", ""), own.replaceAll(",", "")];
    const isSame = sameNumber(bare, bareOwn);
    if (isSame === undefined) return undefined;
    return isSame ? 1 : defaultScore(bare, bareOwn);
  },
  /** `decimal_chain_sum`. */
  number: (answer, own) => {
    const isSame = sameNumber(answer, own);
    return isSame === undefined ? undefined : Number(isSame);
  },
  /** `circuit_logic`: also among white space, which costs its share. */
  stripped: (answer, own) =>
    answer === own || strip(answer) === own ? defaultScore(answer, own) : 0,
  /** `family_relationships`: in any case, among white space. */
  folded: (answer, own) => {
    if (!isAscii(answer) || !isAscii(own)) return undefined;
    return Number(strip(answer).toLowerCase() === strip(own).toLowerCase());
  },
  /** `dice`, `zebra_puzzles`: in any case, over several lines. */
  joined: (answer, own) => {
    if (!isAscii(answer) || !isAscii(own)) return undefined;
    return Number(join(answer) === join(own));
  },
};

/** Whether this is a scorer that is known here. */
export function isRuleName(name: unknown): name is RuleName {
  return typeof name === "string" && Object.hasOwn(RULES, name);
}

/**
 * What an answer earns by a rule.
 *
 * @param own the item's own answer
 * @returns float64 from 0 to 1; undefined where only the library knows
 */
export function scoreByRule(
  name: RuleName,
  answer: string | null,
  own: string,
): number | undefined {
  return answer === null ? 0 : RULES[name](answer, own);
}

function join(text: string): string {
  return text.replaceAll("\n", "").toLowerCase();
}
