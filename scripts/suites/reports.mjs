/** The counts of Vitest's JSON report. */
export function countVitest(json) {
  const { numPassedTests, numFailedTests, numPendingTests, numTodoTests } = JSON.parse(json);
  return {
    passed: numPassedTests,
    failed: numFailedTests,
    skipped: numPendingTests + numTodoTests,
  };
}

/** The counts of a JUnit report as pytest writes it; an error while collecting or tearing down is a failure. */
export function countJunit(xml) {
  const [suite = ""] = /<testsuite [^>]*>/.exec(xml) ?? [];
  const attribute = (name) => Number(new RegExp(` ${name}="(\\d+)"`).exec(suite)?.[1] ?? 0);
  const failed = attribute("failures") + attribute("errors");
  const skipped = attribute("skipped");
  return { passed: Math.max(0, attribute("tests") - failed - skipped), failed, skipped };
}

/** The summed counts of what `cargo test` printed: one "test result" line for each binary and for the doc tests. */
export function countCargo(output) {
  const counts = { passed: 0, failed: 0, skipped: 0 };
  for (const [, passed, failed, ignored] of output.matchAll(
    /^test result: .*? (\d+) passed; (\d+) failed; (\d+) ignored/gm,
  )) {
    counts.passed += Number(passed);
    counts.failed += Number(failed);
    counts.skipped += Number(ignored);
  }
  return counts;
}

/** The counts of what `tests/fuzz/main.ts` printed: one line for each target. */
export function countFuzz(output) {
  const count = (word) => [...output.matchAll(new RegExp(`^fuzz: \\w+: ${word}:`, "gm"))].length;
  return { passed: count("ok"), failed: count("failed"), skipped: 0 };
}

/**
 * What a suite counts as: a runner that ended badly without a failed test (it crashed, or a file did not load), and one
 * that found no test at all, are each one failure.
 */
export function judge({ passed, failed, skipped }, exitCode) {
  const isSilentFailure = failed === 0 && (exitCode !== 0 || passed + skipped === 0);
  return { passed, failed: isSilentFailure ? 1 : failed, skipped };
}

/** The closing line of a run: what was counted, alone on a line, in words that a machine can read. */
export function closingLine({ passed, failed, skipped }) {
  return `gem: ${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ""}`;
}
