import type { CheckOutcome, CheckReport, CheckResult } from "./report.ts";
import { CHECK_NAMES } from "./report.ts";

const TICKS: Readonly<Record<CheckOutcome, string>> = { passed: "✓", failed: "✗", skipped: "–" };

/** A report as a table with a line for each check; the details of failures follow below. */
export function formatReport(report: CheckReport): string {
  const width = Math.max(...CHECK_NAMES.map((name) => name.length));
  const lines = report.checks.map(({ name, outcome, detail }) => {
    const text = outcome === "failed" ? "see below" : detail;
    return `  ${TICKS[outcome]} ${name.padEnd(width)}  ${text}`;
  });
  return [report.id, ...lines, ...failures(report), "", summary([report])].join("\n");
}

/** Several reports as a table with a line for each environment and a column for each check; failures follow below. */
export function formatReports(reports: readonly CheckReport[]): string {
  const [only] = reports;
  if (only !== undefined && reports.length === 1) return formatReport(only);
  const width = Math.max(0, ...reports.map(({ id }) => id.length));
  const head = `${" ".repeat(width)}  ${CHECK_NAMES.map((_, index) => `${index + 1}`.padStart(2)).join(" ")}`;
  const lines = reports.map(
    ({ id, checks }) =>
      `${id.padEnd(width)}  ${checks.map(({ outcome }) => ` ${TICKS[outcome]}`).join(" ")}`,
  );
  const legend = CHECK_NAMES.map((name, index) => `${index + 1} ${name}`).join(", ");
  const below = reports.flatMap((report) =>
    report.passed ? [] : ["", report.id, ...failures(report).slice(1)],
  );
  return [head, ...lines, "", legend, ...below, "", summary(reports)].join("\n");
}

function failures({ checks }: CheckReport): string[] {
  const lines = checks
    .filter(({ outcome }) => outcome === "failed")
    .map(({ name, detail }) => `  ✗ ${name}: ${detail}`);
  return lines.length === 0 ? [] : ["", ...lines];
}

function summary(reports: readonly CheckReport[]): string {
  const results = reports.flatMap<CheckResult>(({ checks }) => checks);
  const count = (wanted: CheckOutcome): number =>
    results.filter(({ outcome }) => outcome === wanted).length;
  const counts = (["passed", "failed", "skipped"] as const)
    .map((outcome) => `${count(outcome)} ${outcome}`)
    .join(", ");
  return reports.length === 1 ? counts : `${reports.length} environments: ${counts}`;
}
