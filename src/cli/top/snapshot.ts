import { Histogram } from "../../server/metrics/histogram.ts";
import { countById } from "../../server/metrics/prometheus.ts";
import type { CallStats, WorkerStats } from "../../server/metrics/stats.ts";

/** A worker's figures when they were asked for. */
export interface Asked {
  readonly address: string;
  /** `performance.now()` then. */
  readonly at: number;
  readonly stats: WorkerStats;
}

/** Calls of one method on environments of one id, over all workers. */
export interface CallRow {
  readonly id: string;
  readonly method: string;
  readonly calls_per_second: number;
  readonly environments_per_second: number;
  readonly p50_ms: number;
  readonly p99_ms: number;
  readonly errors: number;
}

/** One worker. */
export interface WorkerRow {
  readonly address: string;
  readonly pid: number;
  readonly steps_per_second: number;
  readonly sessions: number;
  readonly clients: number;
  readonly environments: number;
  readonly calls_in_flight: number;
  readonly calls_waiting: number;
  readonly utilization: number;
  readonly delay_p99_ms: number | null;
  readonly rss: number;
}

/** What `gem top` shows. */
export interface Snapshot {
  readonly steps_per_second: number;
  readonly environments: Readonly<Record<string, number>>;
  readonly calls: readonly CallRow[];
  readonly workers: readonly WorkerRow[];
  readonly faults: readonly {
    readonly id: string;
    readonly cause: string;
    readonly outcome: string;
    readonly count: number;
  }[];
}

/** Methods that say how environments do. */
const SHOWN: ReadonlySet<string> = new Set([
  "step",
  "reset",
  "vector_step",
  "vector_reset",
  "vector_send",
]);

/** What happened between two questions to the same workers; a worker that was not asked before counts from its beginning. */
export function snapshotOf(earlier: readonly Asked[], later: readonly Asked[]): Snapshot {
  const before = new Map(earlier.map((asked) => [asked.address, asked]));
  const workers = later.map((asked) => workerRow(before.get(asked.address), asked));
  return {
    steps_per_second: workers.reduce((sum, worker) => sum + worker.steps_per_second, 0),
    environments: sumBy(
      later.flatMap(({ stats }) => Object.entries(stats.environments)),
      ([id]) => id,
      ([, count]) => count,
    ),
    calls: callRows(before, later),
    workers,
    faults: faultRows(later),
  };
}

function workerRow(before: Asked | undefined, { address, at, stats }: Asked): WorkerRow {
  const seconds = secondsOf(before, at, stats);
  const steps = total(countById(stats.calls, "steps"));
  const earlier = before === undefined ? 0 : total(countById(before.stats.calls, "steps"));
  return {
    address,
    pid: stats.pid,
    steps_per_second: Math.max(0, steps - earlier) / seconds,
    // Whoever asks has a session, and is a client, itself.
    sessions: Math.max(0, stats.sessions - 1),
    clients: Math.max(0, stats.clients - 1),
    environments: total(new Map(Object.entries(stats.environments))),
    calls_in_flight: Math.max(0, stats.calls_in_flight - 1),
    calls_waiting: stats.calls_waiting,
    utilization: stats.loop.utilization,
    delay_p99_ms: stats.loop.delay_p99_ms,
    rss: stats.memory.rss,
  };
}

/** Calls of the same kind on several workers. */
interface Merged {
  readonly id: string;
  readonly method: string;
  readonly recent: Histogram;
  readonly all: Histogram;
  callRate: number;
  environmentRate: number;
  errors: number;
}

function callRows(before: ReadonlyMap<string, Asked>, later: readonly Asked[]): CallRow[] {
  const merged = new Map<string, Merged>();
  for (const asked of later) {
    const earlier = before.get(asked.address);
    const seconds = secondsOf(earlier, asked.at, asked.stats);
    const known = new Map(earlier?.stats.calls.map((call) => [keyOf(call), call]));
    for (const call of asked.stats.calls) {
      if (SHOWN.has(call.method)) merge(merged, call, known.get(keyOf(call)), seconds);
    }
  }
  const rows = [...merged.values()].map(({ id, method, recent, all, ...sums }) => {
    const histogram = recent.count > 0 ? recent : all;
    return {
      id,
      method,
      calls_per_second: sums.callRate,
      environments_per_second: sums.environmentRate,
      p50_ms: histogram.quantile(0.5),
      p99_ms: histogram.quantile(0.99),
      errors: sums.errors,
    };
  });
  return rows.sort((a, b) => b.environments_per_second - a.environments_per_second);
}

function merge(
  into: Map<string, Merged>,
  call: CallStats,
  earlier: CallStats | undefined,
  seconds: number,
): void {
  const { id, method } = call;
  const key = keyOf(call);
  const fresh = { recent: new Histogram(), all: new Histogram() };
  const sums = { callRate: 0, environmentRate: 0, errors: 0 };
  const entry = into.get(key) ?? { id, method, ...fresh, ...sums };
  into.set(key, entry);
  const all = Histogram.fromWire(call);
  entry.all.add(all);
  entry.recent.add(earlier === undefined ? all : all.since(Histogram.fromWire(earlier)));
  entry.callRate += Math.max(0, call.count - (earlier?.count ?? 0)) / seconds;
  const environments = call.environments - (earlier?.environments ?? 0);
  entry.environmentRate += Math.max(0, environments) / seconds;
  entry.errors += call.errors;
}

function faultRows(later: readonly Asked[]): Snapshot["faults"] {
  const all = later.flatMap(({ stats }) => stats.faults);
  const counts = sumBy(
    all,
    ({ id, cause, outcome }) => JSON.stringify([id, cause, outcome]),
    ({ count }) => count,
  );
  return Object.entries(counts)
    .map(([key, count]) => {
      const [id = "", cause = "", outcome = ""] = JSON.parse(key) as string[];
      return { id, cause, outcome, count };
    })
    .sort((a, b) => b.count - a.count);
}

function secondsOf(before: Asked | undefined, at: number, stats: WorkerStats): number {
  const seconds = before === undefined ? stats.uptime_seconds : (at - before.at) / 1000;
  return Math.max(seconds, 0.001);
}

function keyOf({ id, method }: CallStats): string {
  return `${method} ${id}`;
}

function total(counts: ReadonlyMap<string, number>): number {
  return [...counts.values()].reduce((sum, count) => sum + count, 0);
}

function sumBy<T>(
  items: readonly T[],
  key: (item: T) => string,
  amount: (item: T) => number,
): Record<string, number> {
  const sums = new Map<string, number>();
  for (const item of items) sums.set(key(item), (sums.get(key(item)) ?? 0) + amount(item));
  return Object.fromEntries(sums);
}
