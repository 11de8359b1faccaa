/** What became of each test, by name. */
export type TestResults = ReadonlyMap<string, boolean>;

// eslint-disable-next-line no-control-regex -- colours of a terminal
const COLOURS = /\u001b\[[\d;]*m/g;
const SUMMARY = /^=+ short test summary info =+$/;
const RESULT = /^(PASSED|FAILED|ERROR|XFAIL|XPASS) (.+)$/;
const PASSING = new Set(["PASSED", "XFAIL"]);

/** Reads the short summary that pytest writes (`-rA`); without one there are no results. */
export function readPytest(output: string): TestResults {
  const results = new Map<string, boolean>();
  let isSummary = false;
  for (const raw of output.replace(COLOURS, "").split("\n")) {
    const line = raw.trimEnd();
    if (SUMMARY.test(line)) isSummary = true;
    const match = isSummary ? RESULT.exec(line) : null;
    if (match === null) continue;
    const [, outcome = "", rest = ""] = match;
    const test = rest.split(" - ", 1)[0] ?? rest;
    const name = test.slice(test.lastIndexOf("::") + (test.includes("::") ? 2 : 1));
    // A test that failed in one place has failed.
    results.set(name, PASSING.has(outcome) && results.get(name) !== false);
  }
  return results;
}

/**
 * The share of tests that passed, 0 … 1: by weight, where a weight names one of them, else by number.
 * A test that has a weight and no result has not passed.
 */
export function scoreOf(results: TestResults, weights: Readonly<Record<string, number>>): number {
  const named = Object.entries(weights);
  const isWeighted = named.some(([name, weight]) => weight > 0 && results.has(name));
  const entries = isWeighted ? named : [...results.keys()].map((name) => [name, 1] as const);
  let passed = 0;
  let total = 0;
  for (const [name, weight] of entries) {
    total += weight;
    if (results.get(name) === true) passed += weight;
  }
  return total > 0 ? passed / total : 0;
}
