import { expect, test } from "vitest";
import { decide, decideStrictly } from "../../../../../src/grading/math/decide.ts";
import { symbolicPairs } from "../../../../differential/math/symbolic-pairs.ts";

const tex = String.raw;

test.each([
  [tex`\frac{6}{\sqrt{3}}`, tex`2\sqrt{3}`, true],
  [tex`\frac{1}{1+\sqrt{2}}`, tex`\sqrt2-1`, true],
  [tex`1.414`, tex`\sqrt{2}`, false],
  [tex`12.5\%`, tex`\frac{1}{8}`, true],
  [tex`50\%`, "0.51", false],
  [tex`\left( 3, \frac{2}{4} \right)`, "(3,1/2)", true],
  ["(2,1)", "(1,2)", false],
  ["[1,2]", "(1,2)", false],
  [tex`(5,\infty) \cup (-\infty, 3)`, tex`(-\infty,3)\cup(5,\infty)`, true],
  [tex`\{1,2\}`, tex`\left\{2, 1\right\}`, true],
  [tex`1 \pm \sqrt{19}`, tex`1-\sqrt{19},1+\sqrt{19}`, true],
  ["(x+1)(x+2)", "x^2+3x+2", true],
  ["x(x+2)", "x^2+x", false],
  [tex`x=\frac{2}{4}`, tex`\frac12`, true],
  [tex`80^\circ`, "90", false],
])("%s, where %s is right, is decided here: %s", (answer, gold, correct) => {
  expect(decide(answer, gold)).toMatchObject({ correct });
});

test.each([
  ["a letter that is a unit", "2m+3m", "5m+1"],
  ["a function's call", "x(2)", "3x"],
  ["intervals that touch", "(1,3]\\cup[3,4)", "(1,4)"],
  ["a pair beside a set", tex`\{1,2\}`, "(1,2)"],
  ["a decimal near a root", "1.4142136", tex`\sqrt{2}`],
  ["a root of a root", tex`\sqrt{1+\sqrt{2}}`, tex`\sqrt{2}`],
  ["a tower of powers", tex`9^{9^{9}}`, "3"],
  ["deep brackets", "(".repeat(45) + "x" + ")".repeat(45), "y"],
])("%s is left to the host", (_, answer, gold) => {
  expect(decide(answer, gold)).toBeUndefined();
});

test.each([
  [tex`\frac{6}{\sqrt{3}}`, tex`2\sqrt{3}`, true],
  [tex`\frac{1+x}{2}`, tex`1+\frac{x}{2}`, false],
  [tex`1/2x`, tex`\frac{x}{2}`, false],
  ["(3,1,2)", "(1,2,3)", false],
])("soundly, too: %s, %s: %s", (answer, gold, correct) => {
  expect(decideStrictly(answer, gold)).toMatchObject({ correct });
});

test.each([
  [tex`50\%`, "50"],
  [tex`5\text{ cm}`, "5"],
  ["A", "a"],
  ["(1,2)", tex`\{1,2\}`],
])("a sound verdict on %s, %s is the host's", (answer, gold) => {
  expect(decideStrictly(answer, gold)).toBeUndefined();
});

test("most of what has an exact value needs no host", () => {
  const pairs = symbolicPairs(1800, 11);
  const decided = pairs.filter(([answer, gold]) => decide(answer, gold) !== undefined);
  expect(decided.length / pairs.length).toBeGreaterThan(0.75);
});
