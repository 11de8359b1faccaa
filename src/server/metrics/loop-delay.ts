import { monitorEventLoopDelay, performance } from "node:perf_hooks";
import type { EventLoopUtilization, IntervalHistogram } from "node:perf_hooks";

const RESOLUTION_MS = 20;

/** Without anybody asking for so long, nothing is measured any more. */
const WATCHED_MS = 30_000;

const NS_PER_MS = 1e6;

/** How this thread's event loop does. */
export interface LoopFigures {
  /** Part of the time since the last question in which it worked, from 0 to 1. */
  readonly utilization: number;
  /** How late it ran what was due since the last question, in ms; null at the first question. */
  readonly delay_p99_ms: number | null;
  readonly delay_max_ms: number | null;
}

/** Measures the event loop only while somebody asks: a timer of its own would keep an idle server awake. */
export class LoopDelay {
  #monitor: IntervalHistogram | undefined;
  #end: NodeJS.Timeout | undefined;
  #last: EventLoopUtilization = performance.eventLoopUtilization();

  /** What there is to say since the last question. */
  read(): LoopFigures {
    const now = performance.eventLoopUtilization();
    const { utilization } = performance.eventLoopUtilization(now, this.#last);
    this.#last = now;
    const monitor = this.#monitor;
    const has = monitor !== undefined && monitor.count > 0;
    const late = (ns: number): number => Math.max(0, ns / NS_PER_MS - RESOLUTION_MS);
    const figures = {
      utilization,
      delay_p99_ms: has ? late(monitor.percentile(99)) : null,
      delay_max_ms: has ? late(monitor.max) : null,
    };
    monitor?.reset();
    this.#goOn();
    return figures;
  }

  /** Stops measuring. */
  close(): void {
    clearTimeout(this.#end);
    this.#monitor?.disable();
    this.#monitor = undefined;
  }

  #goOn(): void {
    if (this.#monitor === undefined) {
      this.#monitor = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
      this.#monitor.enable();
    }
    clearTimeout(this.#end);
    this.#end = setTimeout(() => this.close(), WATCHED_MS);
    this.#end.unref();
  }
}
