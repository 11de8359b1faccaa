import { expect, it } from "vitest";
import { readPytest, scoreOf } from "../../../../src/envs/terminal/test-results.ts";

const OUTPUT = [
  "PASSED too early",
  "\u001b[36m=========================== short test summary info ============================\u001b[0m",
  "\u001b[32mPASSED\u001b[0m tests/test_outputs.py::\u001b[1mtest_one\u001b[0m",
  "PASSED tests/test_outputs.py::TestX::test_two[a b]",
  "FAILED tests/test_outputs.py::test_three - AssertionError: no::such",
  "ERROR tests/test_outputs.py::test_four - fixture",
  "XFAIL tests/test_outputs.py::test_five - known",
  "SKIPPED [1] tests/test_outputs.py:3: why",
  "==== 2 passed in 0.1s ====",
].join("\n");

it("reads the outcome of each test from pytest's summary", () => {
  expect(Object.fromEntries(readPytest(OUTPUT))).toEqual({
    test_one: true,
    "test_two[a b]": true,
    test_three: false,
    test_four: false,
    test_five: true,
  });
  expect(readPytest("Segmentation fault").size).toBe(0);
});

it("counts by weight where a weight names a test, else by number", () => {
  const results = new Map([
    ["a", true],
    ["b", false],
    ["c", true],
  ]);
  expect(scoreOf(results, {})).toBe(2 / 3);
  expect(scoreOf(results, { other: 5 })).toBe(2 / 3);
  expect(scoreOf(results, { a: 3, b: 1 })).toBe(3 / 4);
  expect(scoreOf(results, { a: 1, gone: 1 })).toBe(1 / 2);
  expect(scoreOf(results, { a: 0, b: 0 })).toBe(2 / 3);
  expect(scoreOf(new Map(), { a: 1 })).toBe(0);
});
