/** How a pool of host processes runs. */
export interface PoolOptions {
  /** Processes, at least 1; default: `GEM_HOST_PROCESSES`, else this thread's share of the cores, and at least two where there are two. */
  readonly size?: number;
  /** How long a call may run, in ms; default: `GEM_HOST_DEADLINE` (seconds), else a minute. */
  readonly deadlineMs?: number;
  /** Resident bytes from which a process is replaced; at twice as many it is ended. Default: `GEM_HOST_MEMORY` (MiB), else 2 GiB. */
  readonly maxMemoryBytes?: number;
  /** Age from which a process is replaced, in ms; default: 12 hours. */
  readonly maxAgeMs?: number;
  /** Calls after which a process is replaced; default: a million. */
  readonly maxCalls?: number;
  /** How long a process may take to start, in ms; default: two minutes. */
  readonly startMs?: number;
  /** From when on others do not wait for a call that runs long, in ms; default: a second. */
  readonly rescueMs?: number;
}

/** How a function is called. */
export interface RunOptions {
  /** How long it may run, in ms; default: the pool's. */
  readonly deadlineMs?: number;
  /** Whether it can wait: it runs when a process has nothing else to do. */
  readonly ahead?: boolean;
  /** For whom, for messages: an environment's id. */
  readonly owner?: string;
  /** The process that it should run in, since something that it needs is kept there; any other will do, but takes longer. */
  readonly near?: number;
  /** Told the number of the process that it is given to, and told again when it is given to another one. */
  readonly onPlaced?: (process: number) => void;
}

/** What a pool has at the moment. */
export interface PoolStats {
  readonly processes: number;
  readonly objects: number;
  /** Calls that have no answer yet. */
  readonly queued: number;
  /** Processes that ended otherwise than by this pool's wish. */
  readonly restarts: number;
}
