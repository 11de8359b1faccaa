const BUCKETS_SECONDS = [
  0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30,
];

/** Counts what a server does, for Prometheus. */
export class Metrics {
  readonly #requests = new Map<number, number>();
  readonly #buckets = BUCKETS_SECONDS.map(() => 0);
  #queries = 0;
  #seconds = 0;
  #finished = 0;
  /** Requests that are being answered. */
  inFlight = 0;

  /** Counts an answer. */
  answered(status: number, queries: number, seconds: number): void {
    this.#requests.set(status, (this.#requests.get(status) ?? 0) + 1);
    this.#queries += queries;
    this.#seconds += seconds;
    this.#finished += 1;
    for (const [index, limit] of BUCKETS_SECONDS.entries())
      if (seconds <= limit) this.#buckets[index] = (this.#buckets[index] ?? 0) + 1;
  }

  /** All of it in Prometheus' text format. @param passages how many are searched, where that is known */
  text(passages: number | null): string {
    const requests = [...this.#requests]
      .sort(([a], [b]) => a - b)
      .map(([status, count]) => `gem_search_requests_total{status="${status}"} ${count}`);
    const buckets = BUCKETS_SECONDS.map(
      (limit, index) => `gem_search_seconds_bucket{le="${limit}"} ${this.#buckets[index] ?? 0}`,
    );
    const known =
      passages === null
        ? []
        : ["# TYPE gem_search_passages gauge", `gem_search_passages ${passages}`];
    return [
      "# TYPE gem_search_requests_total counter",
      ...requests,
      "# TYPE gem_search_queries_total counter",
      `gem_search_queries_total ${this.#queries}`,
      "# TYPE gem_search_in_flight gauge",
      `gem_search_in_flight ${this.inFlight}`,
      "# TYPE gem_search_seconds histogram",
      ...buckets,
      `gem_search_seconds_bucket{le="+Inf"} ${this.#finished}`,
      `gem_search_seconds_sum ${this.#seconds}`,
      `gem_search_seconds_count ${this.#finished}`,
      ...known,
      "",
    ].join("\n");
  }
}
