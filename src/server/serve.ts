import { availableParallelism } from "node:os";
import { PROTOCOL_VERSION } from "../protocol/version.ts";
import { systemClock } from "./clock.ts";
import { DRAINED, Draining, isDrainOrder } from "./draining.ts";
import { advertised, chooseEndpoints, type Endpoints, type Place } from "./endpoints.ts";
import { sweepIpcFolders } from "./ipc-folder.ts";
import { errorFields, stderrLog } from "./log.ts";
import type { MetricsPlace } from "./metrics/metrics-server.ts";
import { openMetrics } from "./metrics/observe.ts";
import { IdleWatch } from "./idle.ts";
import { watchParent } from "./parent.ts";
import { joinRegistry } from "./registry.ts";
import type { Quotas } from "./quotas.ts";
import { rulesOf } from "./rules.ts";
import { Supervisor } from "./supervisor.ts";
import { PRESENCE } from "./worker-thread.ts";

const MOST_DEFAULT_WORKERS = 8;

/** How a server runs. */
export interface ServeOptions extends Place {
  /** Worker threads, at least 1. */
  readonly workers: number;
  /** The process that it lives for; it must hold the other end of our standard input. */
  readonly parentPid?: number | undefined;
  /** Whether others than that process use it, too. */
  readonly isShared?: boolean | undefined;
  /** A folder of servers that it joins, and leaves when it drains or ends. */
  readonly registry?: string | undefined;
  /** Of tcp: the host under which others reach it; default: where it listens, or this machine's name where that is everywhere. */
  readonly advertise?: string | undefined;
  /** Whether clients may have it run programs of theirs; default: a private server does, a shared one does not. */
  readonly allowPrograms?: boolean | undefined;
  /** How long a client may be away before it loses what it has, in seconds; a private server keeps everything. */
  readonly graceSeconds?: number | undefined;
  /** What each client may use, where that differs from `DEFAULT_QUOTAS`. */
  readonly quotas?: Partial<Quotas> | undefined;
  /** It ends when it has had no client for so many seconds. */
  readonly idleSeconds?: number | undefined;
  /** Where Prometheus finds its metrics; default: nowhere. */
  readonly metrics?: MetricsPlace | undefined;
}

/** What a server says once it accepts connections. */
export interface Announcement {
  readonly version: number;
  readonly pid: number;
  readonly endpoints: readonly string[];
  /** Where its metrics are, if they are served. */
  readonly metrics?: string | undefined;
}

/** One worker for each core, at most 8. */
export function defaultWorkers(): number {
  return Math.min(availableParallelism(), MOST_DEFAULT_WORKERS);
}

/**
 * Serves until a signal (SIGTERM, SIGINT) or the parent's end. A worker that dies is started again; one that dies again and
 * again, or cannot even start, ends the server.
 *
 * @param announce called once, when the first worker accepts connections
 * @returns the exit code: 0, or 1 when a worker cannot be kept alive
 */
export async function serve(
  options: ServeOptions,
  announce: (announcement: Announcement) => void,
): Promise<number> {
  const log = stderrLog({});
  const end = endOf(options);
  const isPrivate = options.parentPid !== undefined && options.isShared !== true;
  const metrics = await openMetrics(options.metrics, options.workers, isPrivate, log);
  const endpoints = await chooseEndpoints(options, options.workers);
  process.once("exit", endpoints.remove);
  const rules = rulesOf({ ...options, isLocal: options.transport !== "tcp" });
  let idle: IdleWatch | undefined;
  let leave = (): void => undefined;
  const supervisor = new Supervisor(
    endpoints.addresses,
    rules,
    log,
    () => end.now(1),
    (index, message) => {
      if (message === PRESENCE.retired) end.now(0);
      if (message === PRESENCE.busy || message === PRESENCE.idle)
        idle?.note(index, message === PRESENCE.busy);
      if (isDrainOrder(message)) draining.order(message);
      if (message === DRAINED) draining.note(index);
    },
  );
  const beginDraining = (): void => {
    log("info", "The server drains: it makes nothing new, and ends when nothing is left.", {});
    leave();
    supervisor.drain();
  };
  const draining = new Draining(options.workers, systemClock, beginDraining, () => end.now(0));
  const first = supervisor.start(0).then(
    () => true,
    () => false,
  );
  const isReady = await Promise.race([first, end.code.then(() => false)]);
  if (isReady) {
    if (options.idleSeconds !== undefined) {
      // Whoever looks for this server comes to its first worker, so that one decides whether it is still to be found.
      const retire = (): void => supervisor.retire(0);
      idle = new IdleWatch(options.idleSeconds * 1000, systemClock, retire);
    }
    leave = join(options, endpoints);
    announce({
      version: PROTOCOL_VERSION,
      pid: process.pid,
      endpoints: endpoints.addresses,
      metrics: metrics?.url,
    });
    for (let index = 1; index < options.workers; index++) void supervisor.start(index);
    sweepIpcFolders().catch((error: unknown) =>
      log("error", "Old sockets could not be removed.", errorFields(error)),
    );
  }
  const code = await end.code;
  leave();
  await Promise.all([supervisor.close(), metrics?.close()]);
  endpoints.remove();
  return code;
}

/** Joins the folder of servers that it is told of. @returns leaves it @throws GEM_INVALID_OPTION */
function join(options: ServeOptions, endpoints: Endpoints): () => void {
  if (options.registry === undefined) return () => undefined;
  const leave = joinRegistry(options.registry, advertised(endpoints, options));
  process.once("exit", leave);
  return leave;
}

interface End {
  readonly code: Promise<number>;
  readonly now: (code: number) => void;
}

/** When the server ends, and with which code; the first reason counts. */
function endOf({ parentPid }: ServeOptions): End {
  let now: (code: number) => void = () => undefined;
  const code = new Promise<number>((resolve) => {
    now = resolve;
  });
  process.once("SIGTERM", () => now(0));
  process.once("SIGINT", () => now(0));
  if (parentPid !== undefined) watchParent(parentPid, process.stdin, () => now(0));
  return { code, now };
}
