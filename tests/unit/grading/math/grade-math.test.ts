import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  gradeAnswer,
  gradeMath,
  type Disagreement,
} from "../../../../src/grading/math/grade-math.ts";
import { PythonRandom } from "../../../../src/random/python-random.ts";
import { closeLibraryPools, libraryPool } from "../../../../src/hosts/host-pool.ts";

const tex = String.raw;

/** Digits and operators without an end that a pattern could accept. */
function wild(length: number): string {
  const random = new PythonRandom(1);
  return Array.from({ length }, () => "0123456789+-*/".charAt(random.random() * 14)).join("");
}

beforeAll(closeLibraryPools);
afterAll(closeLibraryPools);

describe("what is decided at once", () => {
  test("an equal answer is right, by its form as text", () => {
    expect(gradeMath(tex`so it is \boxed{42}`, "42")).toEqual({
      correct: true,
      tier: "exact",
      stage: "string",
    });
  });

  test("an immense answer to a short gold is wrong, and one that equals its gold is right", () => {
    const immense = "x".repeat(1_000_000);
    expect(gradeAnswer(immense, "42")).toEqual({ correct: false, tier: "exact" });
    expect(gradeAnswer(immense, ["42", immense])).toMatchObject({ correct: true, tier: "exact" });
  });

  test("another whole number is wrong, and no process is asked", () => {
    expect(gradeMath(tex`\boxed{43}`, 42)).toEqual({ correct: false, tier: "symbolic" });
  });

  test("a number with other decimals is right by its plain text", () => {
    expect(gradeMath(tex`\boxed{5.0}`, "5")).toEqual({
      correct: true,
      tier: "exact",
      stage: "value",
    });
  });

  test("a fraction that is not reduced is right by its value", () => {
    expect(gradeMath(tex`\boxed{\frac{2}{4}}`, tex`\frac{1}{2}`)).toEqual({
      correct: true,
      tier: "symbolic",
      stage: "verified",
    });
  });

  test("a reply without a box is wrong", () => {
    expect(gradeMath("42", "42")).toEqual({ correct: false, tier: "exact" });
    expect(gradeMath(null, "42")).toEqual({ correct: false, tier: "exact" });
  });

  test("of several golds one has to be met", () => {
    expect(gradeMath(tex`\boxed{5}`, ["4", 5])).toMatchObject({ correct: true });
    expect(gradeMath(tex`\boxed{6}`, ["4", 5])).toMatchObject({ correct: false });
    expect(gradeMath(tex`\boxed{6}`, [])).toMatchObject({ correct: false });
  });

  test("of a gold in a box its content counts, and one in a broken box is met by nothing", () => {
    expect(gradeMath(tex`\boxed{5}`, tex`it is \boxed{5}`)).toMatchObject({ correct: true });
    expect(gradeAnswer(tex`\boxed{5`, tex`\boxed{5`)).toMatchObject({ correct: false });
  });

  test("a gold of another kind is refused", () => {
    const gold = [null] as unknown as string[];
    expect(() => gradeMath(tex`\boxed{5}`, gold)).toThrow(/must be a text, a number or a list/);
  });

  test("without Math-Verify, fractions must be written alike", () => {
    expect(gradeAnswer("2/4", "1/2", { fast: true })).toEqual({ correct: false, tier: "exact" });
  });
});

test("an expanded square is right by its value, and another polynomial wrong, without a host", () => {
  const right = { correct: true, tier: "symbolic", stage: "value" };
  expect(gradeMath(tex`\boxed{x^2+2x+1}`, "(x+1)^2")).toEqual(right);
  expect(gradeAnswer("x+2", "x+1")).toEqual({ correct: false, tier: "symbolic" });
  expect(gradeAnswer("x+2", "x+1", { fast: true })).toEqual({ correct: false, tier: "symbolic" });
});

describe("what a host decides", () => {
  test("a polynomial with decimals is right", async () => {
    const verdict = await gradeMath(tex`\boxed{0.5x+1}`, "x/2+1");
    expect(verdict).toEqual({ correct: true, tier: "host", stage: "value" });
  });

  test("a set in another order is right by Math-Verify", async () => {
    const verdict = await gradeMath(tex`\boxed{\{1,\sqrt[3]{2}\}}`, tex`\{\sqrt[3]{2},1\}`);
    expect(verdict).toEqual({ correct: true, tier: "host", stage: "verified" });
  });

  test("another expression is wrong", async () => {
    expect(await gradeMath(tex`\boxed{0.5x+2}`, "x/2+1")).toEqual({
      correct: false,
      tier: "host",
    });
  });

  test("a gold that is met counts although another one cannot be checked", async () => {
    const golds = ["9**9**9**9", "x/2+1"];
    const verdict = await gradeAnswer("0.5x+1", golds, { deadlineMs: 1500 });
    expect(verdict.correct).toBe(true);
  });

  test(
    "1,024 right answers at once on a cold pool are 1,024 times right",
    { timeout: 240_000 },
    async () => {
      await closeLibraryPools();
      expect(libraryPool("math").stats().processes).toBe(0);
      const verdicts = await Promise.all(
        Array.from({ length: 1024 }, async (_, k) =>
          gradeMath(tex`\boxed{0.5x^2+${String(k)}x}`, `x(x+${String(2 * k)})/2`),
        ),
      );
      expect(verdicts.filter(({ correct, tier }) => correct && tier === "host")).toHaveLength(1024);
    },
  );
});

describe("a check that cannot be finished is a fault, never a verdict", () => {
  test.each([
    ["a tower of powers", "9**9**9**9", "x", "GEM_DEADLINE"],
    ["a factorial of a factorial", "((9!)!)!", "2", "GEM_DEADLINE"],
    ["a power of 10^9 digits", "10**1000000000", "x", "GEM_DEADLINE"],
    ["a text on which patterns run wild", `$answer: 1${wild(40_000)}x`, "2x", "GEM_DEADLINE"],
  ])("%s", { timeout: 60_000 }, async (_, answer, gold, code) => {
    await expect(async () => gradeAnswer(answer, gold, { deadlineMs: 2000 })).rejects.toMatchObject(
      {
        code,
      },
    );
  });

  test("deep nesting", { timeout: 60_000 }, async () => {
    const answer = `${"(".repeat(1200)}x${")".repeat(1200)}`;
    await expect(async () => gradeAnswer(answer, "x+1")).rejects.toMatchObject({
      code: expect.stringMatching(/GEM_ENV_FAULT|GEM_DEADLINE/) as string,
    });
  });

  test("what comes after a fault is graded as before", async () => {
    const verdict = await gradeMath(tex`\boxed{0.5x+1}`, "x/2+1");
    expect(verdict).toMatchObject({ correct: true, tier: "host" });
  });
});

describe("a twin", () => {
  test("is asked for a share of the verdicts, and disagrees with none of these", async () => {
    const found: Disagreement[] = [];
    const options = { twin: 1, onDisagreement: (one: Disagreement) => found.push(one) };
    for (let k = 0; k < 50; k++) {
      await gradeAnswer(String(k), "7", options);
      await gradeAnswer(tex`\frac{${String(k)}}{4}`, "0.75", options);
      await gradeAnswer(tex`\frac{${String(k)}}{\sqrt{2}}`, tex`3\sqrt{2}`, options);
      await gradeAnswer(`(x+${String(k)})^2`, "x^2+6x+9", { ...options, profile: "strict" });
    }
    while (libraryPool("math").stats().queued > 0) await gradeAnswer("0.5x+2", "x/2+1");
    expect(found).toEqual([]);
  });
});
