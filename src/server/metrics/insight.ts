import { faultCounts } from "../../core/fault-counts.ts";
import { libraryPoolStats } from "../../hosts/host-pool.ts";
import { recordingCounts } from "../../recording/recordings.ts";
import type { Client } from "../client.ts";
import type { Log } from "../log.ts";
import { CallMeters, type Subject } from "./call-meters.ts";
import { liveEnvironments } from "./live.ts";
import { LoopDelay } from "./loop-delay.ts";
import type { WorkerLoad, WorkerStats } from "./stats.ts";
import { endSpan, type Span, type Tracing } from "./tracing.ts";

/** Who has connected, as the sessions know it. */
interface Presence {
  readonly size: number;
  readonly clients: number;
}

/** What a worker knows of its own work. Noting costs a call a few additions; the rest is done when somebody asks. */
export class Insight {
  /** Calls that wait for their turn. */
  waiting = 0;
  /** Calls that run. */
  running = 0;
  /** Whether new environments should go elsewhere. */
  draining = false;
  /** Where each call gets a line; undefined for nowhere. */
  log: Log | undefined;
  /** What each call gets a span of; undefined for nothing. */
  tracing: Tracing | undefined;
  readonly #index: number;
  readonly #presence: Presence;
  readonly #meters = new CallMeters();
  readonly #loop = new LoopDelay();
  readonly #start = performance.now();

  /** @param index the worker's position */
  constructor(index: number, presence: Presence) {
    this.#index = index;
    this.#presence = presence;
  }

  /** A call's turn has come. */
  begin(client: Client, method: string, params: readonly unknown[]): Subject {
    this.waiting -= 1;
    this.running += 1;
    return this.#meters.subject(client, method, params);
  }

  /** A call was given up before its turn came. */
  skip(): void {
    this.waiting -= 1;
  }

  /** The span of a call whose turn has come, where there are spans. */
  span(method: string, subject: Subject): Span | undefined {
    return this.tracing?.(method, subject);
  }

  /** A call has its reply. @param arrived `performance.now()` at its arrival */
  end(subject: Subject, arrived: number, failed: boolean, span?: Span): void {
    this.running -= 1;
    const ms = performance.now() - arrived;
    this.#meters.note(subject, ms, failed);
    if (span !== undefined) endSpan(span, failed);
    if (this.log === undefined) return;
    const method = subject.meters[0]?.method;
    const ids = subject.meters.map(({ id }) => id).filter((id) => id !== "");
    this.log("debug", "A call was answered.", { method, ids, ms, failed });
  }

  /** The result of `stats`. */
  stats(version: string): WorkerStats {
    const { rss, heapUsed, external } = process.memoryUsage();
    return {
      version,
      pid: process.pid,
      worker: this.#index,
      uptime_seconds: (performance.now() - this.#start) / 1000,
      sessions: this.#presence.size,
      clients: this.#presence.clients,
      calls_in_flight: this.running,
      calls_waiting: this.waiting,
      environments: Object.fromEntries(liveEnvironments()),
      calls: this.#meters.all().map(({ id, method, environments, errors, histogram }) => ({
        id,
        method,
        environments,
        errors,
        ...histogram.toWire(),
      })),
      faults: faultCounts(),
      loop: this.#loop.read(),
      memory: { rss, heap_used: heapUsed, external },
      pools: libraryPoolStats(),
      recording: recordingCounts(),
    };
  }

  /** The result of `load`. */
  load(): WorkerLoad {
    let environments = 0;
    for (const count of liveEnvironments().values()) environments += count;
    return {
      environments,
      sessions: this.#presence.size,
      calls_in_flight: this.running + this.waiting,
      draining: this.draining,
    };
  }
}
