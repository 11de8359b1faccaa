import type { Snapshot } from "./snapshot.ts";

const MEBIBYTE = 1_048_576;

/** How many rows of calls and of faults are shown. */
const MOST_ROWS = 20;

/** A snapshot as tables. */
export function view(snapshot: Snapshot): string {
  const { workers, calls, faults, environments } = snapshot;
  const kinds = Object.keys(environments).length;
  const count = Object.values(environments).reduce((sum, of) => sum + of, 0);
  const lines = [
    `${amount(snapshot.steps_per_second)} steps/s   ${String(count)} environments of ${String(kinds)} ids   ${String(workers.length)} workers`,
    "",
    ...table(
      ["id", "call", "calls/s", "envs/s", "p50 ms", "p99 ms", "errors"],
      calls
        .slice(0, MOST_ROWS)
        .map((call) => [
          call.id,
          call.method,
          amount(call.calls_per_second),
          amount(call.environments_per_second),
          duration(call.p50_ms),
          duration(call.p99_ms),
          String(call.errors),
        ]),
    ),
    "",
    ...table(
      ["worker", "pid", "steps/s", "envs", "sessions", "runs", "waits", "busy", "late ms", "MiB"],
      workers.map((worker) => [
        worker.address,
        String(worker.pid),
        amount(worker.steps_per_second),
        String(worker.environments),
        String(worker.sessions),
        String(worker.calls_in_flight),
        String(worker.calls_waiting),
        `${String(Math.round(worker.utilization * 100))} %`,
        worker.delay_p99_ms === null ? "-" : duration(worker.delay_p99_ms),
        String(Math.round(worker.rss / MEBIBYTE)),
      ]),
    ),
  ];
  if (faults.length === 0) return lines.join("\n");
  const rows = faults
    .slice(0, MOST_ROWS)
    .map(({ id, cause, outcome, count: often }) => [id, cause, outcome, String(often)]);
  return [...lines, "", ...table(["faults", "cause", "outcome", "count"], rows)].join("\n");
}

/** Columns of text to the left, those of numbers to the right. */
function table(header: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const isText = header.map((_, column) =>
    rows.some((row) => !/^[\d.\-%k ]+$/.test(row[column] ?? "")),
  );
  const widths = header.map((title, column) =>
    Math.max(title.length, ...rows.map((row) => row[column]?.length ?? 0)),
  );
  return [header, ...rows].map((row) =>
    row
      .map((cell, column) => {
        const width = widths[column] ?? 0;
        return isText[column] === true ? cell.padEnd(width) : cell.padStart(width);
      })
      .join("  ")
      .trimEnd(),
  );
}

function amount(value: number): string {
  if (value >= 100_000) return `${(value / 1000).toFixed(0)}k`;
  return value >= 100 || value === 0 ? value.toFixed(0) : value.toFixed(1);
}

function duration(ms: number): string {
  if (ms >= 100) return ms.toFixed(0);
  return ms >= 1 ? ms.toFixed(1) : ms.toFixed(3);
}
