import { describe, expect, it } from "vitest";
import { Histogram } from "../../../../src/server/metrics/histogram.ts";
import { serveMetrics } from "../../../../src/server/metrics/metrics-server.ts";
import { exposition } from "../../../../src/server/metrics/prometheus.ts";
import type { WorkerStats } from "../../../../src/server/metrics/stats.ts";

function worker(index: number, id: string): WorkerStats {
  const histogram = new Histogram();
  for (const ms of [0.01, 0.5, 3]) histogram.observe(ms);
  const call = { id, method: "vector_step", environments: 192, errors: 1 };
  return {
    version: "1",
    pid: 7,
    worker: index,
    uptime_seconds: 1.5,
    sessions: 2,
    clients: 1,
    calls_in_flight: 0,
    calls_waiting: 4,
    environments: { [id]: 64 },
    calls: [{ ...call, ...histogram.toWire() }],
    faults: [{ id, cause: "GEM_DEADLINE", outcome: "retried", count: 3 }],
    loop: { utilization: 0.25, delay_p99_ms: 2, delay_max_ms: 5 },
    memory: { rss: 1000, heap_used: 500, external: 10 },
    pools: { textarena: { processes: 2, objects: 1, queued: 0, restarts: 0 } },
    recording: { bytes: 0, errors: 0 },
  };
}

describe("the exposition for Prometheus", () => {
  it("has a sample for each worker, and says which did not answer", () => {
    const text = exposition([worker(0, 'a"b'), worker(2, "c")], 3);
    const lines = text.split("\n");
    expect(lines).toEqual(
      expect.arrayContaining([
        "# TYPE gem_steps_total counter",
        'gem_worker_up{worker="0"} 1',
        'gem_worker_up{worker="1"} 0',
        'gem_steps_total{id="a\\"b",worker="0"} 192',
        'gem_environments{id="c",worker="2"} 64',
        'gem_faults_total{id="c",cause="GEM_DEADLINE",outcome="retried",worker="2"} 3',
        'gem_call_errors_total{id="c",method="vector_step",worker="2"} 1',
        'gem_event_loop_delay_seconds{worker="0"} 0.002',
        'gem_host_processes{library="textarena",worker="0"} 2',
        'gem_step_seconds_bucket{id="c",method="vector_step",worker="2",le="0.001"} 2',
        'gem_step_seconds_bucket{id="c",method="vector_step",worker="2",le="0.004"} 3',
        'gem_step_seconds_bucket{id="c",method="vector_step",worker="2",le="+Inf"} 3',
        'gem_step_seconds_count{id="c",method="vector_step",worker="2"} 3',
        'gem_calls_waiting{worker="0"} 4',
      ]),
    );
    // Each name is introduced once, and leaves no blank line.
    const types = lines.filter((line) => line.startsWith("# TYPE"));
    expect(new Set(types).size).toBe(types.length);
    expect(text.endsWith("\n")).toBe(true);
    expect(lines.slice(0, -1)).not.toContain("");
  });

  it("is served at /metrics alone", async () => {
    const place = { host: "127.0.0.1", port: 0 };
    const server = await serveMetrics(place, 1, () => Promise.resolve([worker(0, "a")]));
    const found = await fetch(server.url);
    expect(found.headers.get("content-type")).toBe("text/plain; version=0.0.4; charset=utf-8");
    expect(await found.text()).toContain('gem_steps_total{id="a",worker="0"} 192');
    const other = await fetch(new URL("/", server.url));
    expect(other.status).toBe(404);
    const port = Number(new URL(server.url).port);
    await expect(
      serveMetrics({ host: "127.0.0.1", port }, 1, () => Promise.resolve([])),
    ).rejects.toThrow(`Metrics cannot be served at 127.0.0.1:${String(port)}`);
    await server.close();
  });
});
