import { afterAll, expect, test } from "vitest";
import { gradeAnswer } from "../../../../src/grading/math/grade-math.ts";
import { closeLibraryPools } from "../../../../src/hosts/host-pool.ts";
import { FAMILIES } from "./strict-families.ts";
import { DIFFERENT, SAME } from "./strict-pairs.ts";

type Pair = readonly [string, string];

const NUMBERS: readonly Pair[] = [
  ...([
    [2, 3],
    [3, 2],
    [5, 7],
    [4, 11],
    [13, 6],
    [9, 5],
    [12, 7],
    [6, 10],
  ] as const),
].map(([a, b]) => [String(a), String(b)]);

afterAll(closeLibraryPools);

/** Which of the pairs, taken in both orders, are not judged as they should be. */
async function misjudged(pairs: readonly Pair[], isSame: boolean): Promise<Pair[]> {
  const both = pairs.flatMap(([a, b]): Pair[] => [
    [a, b],
    [b, a],
  ]);
  const verdicts = await Promise.all(
    both.map(async ([answer, gold]) => gradeAnswer(answer, gold, { profile: "strict" })),
  );
  return both.filter((_, i) => verdicts[i]?.correct !== isSame);
}

function written(isSame: boolean): Pair[] {
  const families = FAMILIES.filter((family) => family.isSame === isSame);
  return families.flatMap(({ write }) => NUMBERS.map(([a, b]) => write(Number(a), Number(b))));
}

test("answers that mean the same are right", { timeout: 240_000 }, async () => {
  expect(await misjudged(SAME, true)).toEqual([]);
});

test(
  "answers that do not are wrong, also where upstream says otherwise",
  { timeout: 240_000 },
  async () => {
    expect(await misjudged(DIFFERENT, false)).toEqual([]);
  },
);

test("laws of arithmetic and algebra hold for all numbers", { timeout: 240_000 }, async () => {
  expect(await misjudged(written(true), true)).toEqual([]);
});

test("mistakes against them are found for all numbers", { timeout: 240_000 }, async () => {
  expect(await misjudged(written(false), false)).toEqual([]);
});
