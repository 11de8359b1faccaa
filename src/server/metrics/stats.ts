import type { FaultCount } from "../../core/fault-counts.ts";
import type { HistogramWire } from "./histogram.ts";
import type { LoopFigures } from "./loop-delay.ts";

/** What one worker says of itself: the result of `stats`. */
export interface WorkerStats {
  readonly version: string;
  readonly pid: number;
  readonly worker: number;
  /** Since the worker began, in seconds. */
  readonly uptime_seconds: number;
  readonly sessions: number;
  readonly clients: number;
  /** Calls that run. */
  readonly calls_in_flight: number;
  /** Calls that wait for others which touch the same environments. */
  readonly calls_waiting: number;
  /** Environments that exist, by id. */
  readonly environments: Readonly<Record<string, number>>;
  /** Calls since the worker began, by id and method. */
  readonly calls: readonly CallStats[];
  readonly faults: readonly FaultCount[];
  readonly loop: LoopFigures;
  readonly memory: MemoryStats;
  /** Python processes, by library; `sandbox` are those of models' programs. */
  readonly pools: Readonly<Record<string, PoolStatsWire>>;
  readonly recording: { readonly bytes: number; readonly errors: number };
}

/** The calls of one method on environments of one id. */
export interface CallStats extends HistogramWire {
  readonly id: string;
  readonly method: string;
  /** Environments that answered calls stepped or reset. */
  readonly environments: number;
  readonly errors: number;
}

/** Bytes: of the whole process, and of this worker's heap. */
export interface MemoryStats {
  readonly rss: number;
  readonly heap_used: number;
  readonly external: number;
}

/** Processes of a pool, what lives there, and what waits. */
export interface PoolStatsWire {
  readonly processes: number;
  readonly objects: number;
  readonly queued: number;
  readonly restarts: number;
}

/** What `load` says: enough to choose the least loaded of many workers. */
export interface WorkerLoad {
  readonly environments: number;
  readonly sessions: number;
  readonly calls_in_flight: number;
  readonly draining: boolean;
}
