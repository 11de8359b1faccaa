import { describe, expect, it } from "vitest";
import {
  closingLine,
  countCargo,
  countJunit,
  countVitest,
  judge,
} from "../../../scripts/suites/reports.mjs";

describe("countVitest", () => {
  it("counts pending and to-do tests as skipped", () => {
    const report = { numPassedTests: 7, numFailedTests: 1, numPendingTests: 2, numTodoTests: 1 };
    expect(countVitest(JSON.stringify(report))).toEqual({ passed: 7, failed: 1, skipped: 3 });
  });
});

describe("countJunit", () => {
  it("counts errors as failures", () => {
    const xml =
      '<?xml version="1.0"?><testsuites name="pytest tests"><testsuite name="pytest" errors="1" failures="2" skipped="3" tests="10" time="0.5">';
    expect(countJunit(xml)).toEqual({ passed: 4, failed: 3, skipped: 3 });
  });

  it("counts nothing in a file that is no report", () => {
    expect(countJunit("")).toEqual({ passed: 0, failed: 0, skipped: 0 });
  });
});

describe("countCargo", () => {
  it("sums the binaries and the doc tests", () => {
    const output = [
      "running 3 tests",
      "test result: ok. 3 passed; 0 failed; 1 ignored; 0 measured; 0 filtered out; finished in 0.01s",
      "test result: FAILED. 4 passed; 2 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.00s",
    ].join("\n");
    expect(countCargo(output)).toEqual({ passed: 7, failed: 2, skipped: 1 });
  });
});

describe("judge", () => {
  it("keeps the counts of a run that ended well", () => {
    expect(judge({ passed: 3, failed: 0, skipped: 1 }, 0)).toEqual({
      passed: 3,
      failed: 0,
      skipped: 1,
    });
  });

  it("counts a runner that crashed as one failure", () => {
    expect(judge({ passed: 3, failed: 0, skipped: 0 }, 137)).toEqual({
      passed: 3,
      failed: 1,
      skipped: 0,
    });
  });

  it("counts a run without tests as one failure", () => {
    expect(judge({ passed: 0, failed: 0, skipped: 0 }, 0)).toEqual({
      passed: 0,
      failed: 1,
      skipped: 0,
    });
  });

  it("does not count failed tests twice", () => {
    expect(judge({ passed: 3, failed: 2, skipped: 0 }, 1)).toEqual({
      passed: 3,
      failed: 2,
      skipped: 0,
    });
  });
});

describe("closingLine", () => {
  it("names skipped tests only where there are some", () => {
    expect(closingLine({ passed: 123, failed: 0, skipped: 0 })).toBe("gem: 123 passed, 0 failed");
    expect(closingLine({ passed: 1, failed: 2, skipped: 3 })).toBe(
      "gem: 1 passed, 2 failed, 3 skipped",
    );
  });
});
