import { describe, expect, it } from "vitest";
import { CHECK_NAMES, type CheckReport } from "../../../src/check/report.ts";
import { formatReport, formatReports } from "../../../src/check/table.ts";

function report(id: string, failing?: string): CheckReport {
  const checks = CHECK_NAMES.map((name) => {
    if (name === failing) return { name, outcome: "failed", detail: `${id} differs` } as const;
    if (name === "memory") return { name, outcome: "skipped", detail: "no gc" } as const;
    return { name, outcome: "passed", detail: "fine" } as const;
  });
  return { id, checks, passed: failing === undefined };
}

describe("formatReport", () => {
  it("has a line for each check, and the details of failures below", () => {
    const lines = formatReport(report("my:Env-v0", "fork")).split("\n");
    expect(lines[0]).toBe("my:Env-v0");
    expect(lines.slice(1, 3)).toEqual(["  ✓ start          fine", "  ✓ types          fine"]);
    expect(lines).toContain("  ✗ fork           see below");
    expect(lines).toContain("  – memory         no gc");
    expect(lines.slice(-4)).toEqual([
      "",
      "  ✗ fork: my:Env-v0 differs",
      "",
      "12 passed, 1 failed, 1 skipped",
    ]);
  });
});

describe("formatReports", () => {
  it("is the same for one", () => {
    expect(formatReports([report("a:A")])).toBe(formatReport(report("a:A")));
  });

  it("has a line for each environment and a column for each check", () => {
    const lines = formatReports([report("a:A"), report("b:Longer", "types")]).split("\n");
    expect(lines[0]).toBe("           1  2  3  4  5  6  7  8  9 10 11 12 13 14");
    expect(lines[1]).toBe("a:A        ✓  ✓  ✓  ✓  ✓  ✓  ✓  ✓  ✓  ✓  ✓  ✓  ✓  –");
    expect(lines[2]).toBe("b:Longer   ✓  ✗  ✓  ✓  ✓  ✓  ✓  ✓  ✓  ✓  ✓  ✓  ✓  –");
    expect(lines.slice(-5)).toEqual([
      "",
      "b:Longer",
      "  ✗ types: b:Longer differs",
      "",
      "2 environments: 25 passed, 1 failed, 2 skipped",
    ]);
  });
});
