import { afterAll, describe, expect, test } from "vitest";
import { gradeAnswer } from "../../src/grading/math/grade-math.ts";
import { closeLibraryPools } from "../../src/hosts/host-pool.ts";
import { formPairs } from "./math/form-pairs.ts";
import { gsm8kPairs } from "./math/gsm8k-pairs.ts";
import { LONG_PAIRS } from "./math/long-pairs.ts";
import { upstreamVerdicts, type Pair } from "./math/math-oracle.ts";
import { numberPairs } from "./math/number-pairs.ts";
import { oddPairs } from "./math/odd-pairs.ts";
import { symbolicPairs } from "./math/symbolic-pairs.ts";
import { VECTORS } from "./math/vectors.ts";

const MINUTES = 60_000;

afterAll(closeLibraryPools);

/** What we say of a pair; a fault is its text. */
async function ourVerdict([answer, gold]: Pair): Promise<boolean | string> {
  try {
    return (await gradeAnswer(answer, gold, { deadlineMs: MINUTES })).correct;
  } catch (error) {
    return String(error);
  }
}

describe.each([
  ["cases known one by one", VECTORS],
  ["long ones", LONG_PAIRS],
  ["answers to GSM8K's questions", gsm8kPairs(2000, 1)],
  ["simple numbers", numberPairs(1000, 4)],
  ["LaTeX of every form", formPairs(1200, 2)],
  ["what has an exact value", symbolicPairs(1800, 11)],
  ["odd texts", oddPairs(1200, 3)],
])("the verdicts are upstream's: %s", (_, pairs) => {
  test(`all ${String(pairs.length)}`, { timeout: 5 * MINUTES }, async () => {
    const [theirs, ours] = await Promise.all([
      upstreamVerdicts(pairs),
      Promise.all(pairs.map(ourVerdict)),
    ]);
    const differing = pairs.flatMap((pair, i) =>
      ours[i] === theirs[i] ? [] : [{ pair, ours: ours[i], upstream: theirs[i] }],
    );
    expect(differing).toEqual([]);
  });
});
