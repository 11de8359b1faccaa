import { Histogram } from "./histogram.ts";
import type { CallStats, WorkerStats } from "./stats.ts";

/** Upper limits of the buckets in ms: powers of four from 1/64 ms to 256 s, where the histogram's own buckets end. */
const LIMITS_MS = Array.from({ length: 13 }, (_, i) => 2 ** (2 * i - 6));

const STEP_METHODS: ReadonlySet<string> = new Set(["step", "vector_step", "vector_send"]);
const RESET_METHODS: ReadonlySet<string> = new Set(["reset", "vector_reset", "vector_send_reset"]);
/** Methods whose calls last as long as what they do. */
const TIMED_METHODS: ReadonlySet<string> = new Set([
  "step",
  "vector_step",
  "reset",
  "vector_reset",
]);

type Labels = Readonly<Record<string, string | number>>;

/** One family of samples in Prometheus' text format. */
class Family {
  readonly #lines: string[];

  constructor(name: string, kind: "counter" | "gauge" | "histogram", help: string) {
    this.#lines = [`# HELP ${name} ${help}`, `# TYPE ${name} ${kind}`];
  }

  add(name: string, labels: Labels, value: number): void {
    const pairs = Object.entries(labels).map(([key, text]) => `${key}="${escape(String(text))}"`);
    const braces = pairs.length === 0 ? "" : `{${pairs.join(",")}}`;
    this.#lines.push(`${name}${braces} ${String(value)}`);
  }

  /** Its lines; none when there are no samples. */
  get lines(): readonly string[] {
    return this.#lines.length > 2 ? this.#lines : [];
  }
}

/** How many environments were stepped (or reset) by id. */
export function countById(
  calls: readonly CallStats[],
  what: "steps" | "resets",
): ReadonlyMap<string, number> {
  const methods = what === "steps" ? STEP_METHODS : RESET_METHODS;
  const counts = new Map<string, number>();
  for (const { id, method, environments } of calls) {
    if (methods.has(method)) counts.set(id, (counts.get(id) ?? 0) + environments);
  }
  return counts;
}

/** The workers' figures in Prometheus' text format (`docs/observability.md` names them). A worker that did not answer is down. */
export function exposition(answers: readonly WorkerStats[], workers: number): string {
  const families = [
    up(answers, workers),
    counters("gem_steps_total", "Environments stepped.", answers, "steps"),
    counters("gem_resets_total", "Environments reset by their client.", answers, "resets"),
    calls(answers),
    errors(answers),
    durations(answers),
    faults(answers),
    ...gauges(answers),
    environments(answers),
    pools(answers),
    recordings("gem_recording_bytes_total", "Bytes of recordings written.", answers, "bytes"),
    recordings("gem_recording_errors_total", "Writes that failed.", answers, "errors"),
  ];
  return `${families.flatMap(({ lines }) => lines).join("\n")}\n`;
}

function up(answers: readonly WorkerStats[], workers: number): Family {
  const family = new Family("gem_worker_up", "gauge", "Whether the worker answered in time.");
  const answered = new Set(answers.map(({ worker }) => worker));
  for (let worker = 0; worker < workers; worker++)
    family.add("gem_worker_up", { worker }, answered.has(worker) ? 1 : 0);
  return family;
}

function counters(
  name: string,
  help: string,
  answers: readonly WorkerStats[],
  what: "steps" | "resets",
): Family {
  const family = new Family(name, "counter", help);
  for (const { worker, calls: all } of answers) {
    for (const [id, count] of countById(all, what)) family.add(name, { id, worker }, count);
  }
  return family;
}

function calls(answers: readonly WorkerStats[]): Family {
  const name = "gem_calls_total";
  const family = new Family(name, "counter", "Calls answered, errors included.");
  for (const { worker, calls: all } of answers) {
    for (const { id, method, count } of all) family.add(name, { id, method, worker }, count);
  }
  return family;
}

function errors(answers: readonly WorkerStats[]): Family {
  const name = "gem_call_errors_total";
  const family = new Family(name, "counter", "Calls answered with an error, of the caller or not.");
  for (const { worker, calls: all } of answers) {
    for (const call of all) {
      const { id, method } = call;
      if (call.errors > 0) family.add(name, { id, method, worker }, call.errors);
    }
  }
  return family;
}

function durations(answers: readonly WorkerStats[]): Family {
  const name = "gem_step_seconds";
  const help = "From the arrival of a step or reset to its reply; of a vector, one for the call.";
  const family = new Family(name, "histogram", help);
  for (const { worker, calls: all } of answers) {
    for (const call of all) {
      if (!TIMED_METHODS.has(call.method)) continue;
      const labels = { id: call.id, method: call.method, worker };
      const histogram = Histogram.fromWire(call);
      for (const ms of LIMITS_MS)
        family.add(`${name}_bucket`, { ...labels, le: ms / 1000 }, histogram.below(ms));
      family.add(`${name}_bucket`, { ...labels, le: "+Inf" }, histogram.count);
      family.add(`${name}_sum`, labels, histogram.sumMs / 1000);
      family.add(`${name}_count`, labels, histogram.count);
    }
  }
  return family;
}

function faults(answers: readonly WorkerStats[]): Family {
  const name = "gem_faults_total";
  const family = new Family(name, "counter", "Faults of environments, by cause and outcome.");
  for (const { worker, faults: all } of answers) {
    for (const { id, cause, outcome, count } of all)
      family.add(name, { id, cause, outcome, worker }, count);
  }
  return family;
}

function gauges(answers: readonly WorkerStats[]): Family[] {
  const gauge = (
    name: string,
    help: string,
    read: (stats: WorkerStats) => number | null,
  ): Family => {
    const family = new Family(name, "gauge", help);
    for (const stats of answers) {
      const value = read(stats);
      if (value !== null) family.add(name, { worker: stats.worker }, value);
    }
    return family;
  };
  const seconds = (ms: number | null): number | null => (ms === null ? null : ms / 1000);
  return [
    gauge("gem_sessions", "Sessions that are known.", (stats) => stats.sessions),
    gauge("gem_clients", "Clients that are known.", (stats) => stats.clients),
    gauge("gem_calls_in_flight", "Calls that run.", (stats) => stats.calls_in_flight),
    gauge("gem_calls_waiting", "Calls that wait for their turn.", (stats) => stats.calls_waiting),
    gauge(
      "gem_event_loop_utilization",
      "Part of the time since the last question in which the worker worked.",
      (stats) => stats.loop.utilization,
    ),
    gauge(
      "gem_event_loop_delay_seconds",
      "99th percentile since the last question of how late the worker's loop was.",
      (stats) => seconds(stats.loop.delay_p99_ms),
    ),
    gauge("gem_heap_bytes", "JavaScript heap of the worker.", (stats) => stats.memory.heap_used),
    gauge(
      "gem_resident_bytes",
      "Resident memory of the whole process.",
      (stats) => stats.memory.rss,
    ),
    gauge("gem_uptime_seconds", "Since the worker began.", (stats) => stats.uptime_seconds),
  ];
}

function environments(answers: readonly WorkerStats[]): Family {
  const name = "gem_environments";
  const family = new Family(name, "gauge", "Environments that exist.");
  for (const { worker, environments: all } of answers) {
    for (const [id, count] of Object.entries(all)) family.add(name, { id, worker }, count);
  }
  return family;
}

function pools(answers: readonly WorkerStats[]): Family {
  const name = "gem_host_processes";
  const family = new Family(name, "gauge", "Python processes that host a library.");
  for (const { worker, pools: all } of answers) {
    for (const [library, { processes }] of Object.entries(all))
      family.add(name, { library, worker }, processes);
  }
  return family;
}

function recordings(
  name: string,
  help: string,
  answers: readonly WorkerStats[],
  what: "bytes" | "errors",
): Family {
  const family = new Family(name, "counter", help);
  for (const { worker, recording } of answers) family.add(name, { worker }, recording[what]);
  return family;
}

function escape(text: string): string {
  return text.replaceAll("\\", "\\\\").replaceAll('"', '\\"').replaceAll("\n", "\\n");
}
