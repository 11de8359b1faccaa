import { DEFAULT_QUOTAS, type Quotas } from "./quotas.ts";

/** How a server treats its clients; the same in all its workers. */
export interface Rules {
  /** Whether clients may have it run programs of theirs. */
  readonly runsPrograms: boolean;
  /** A folder of CURVE keys, whose clients alone may connect. */
  readonly keys?: string | undefined;
  /** How long a client may be away before it loses what it has, in ms; Infinity: for ever. */
  readonly graceMs: number;
  readonly quotas: Quotas;
  /** Whether clients may ask that it drains. */
  readonly drains: boolean;
}

/** What a server may be told about them. */
export interface RuleOptions {
  readonly parentPid?: number | undefined;
  /** Whether others than its parent use it, too. */
  readonly isShared?: boolean | undefined;
  readonly idleSeconds?: number | undefined;
  readonly allowPrograms?: boolean | undefined;
  readonly keys?: string | undefined;
  readonly graceSeconds?: number | undefined;
  readonly quotas?: Partial<Quotas> | undefined;
  /** Whether its clients are on this machine, behind sockets that nothing but their end closes. */
  readonly isLocal: boolean;
}

/** How long a client of another machine may be away, in seconds: cut connections come back. */
export const GRACE_SECONDS = 60;

/** The same on this machine: long enough to move a session to another connection. */
const LOCAL_GRACE_SECONDS = 5;

/** The rules of a server: a private one runs its client's programs and keeps everything, since the two live and die together. */
export function rulesOf(options: RuleOptions): Rules {
  const isPrivate = options.parentPid !== undefined && options.isShared !== true;
  const grace = options.graceSeconds ?? GRACE_SECONDS;
  const seconds = options.isLocal ? Math.min(grace, LOCAL_GRACE_SECONDS) : grace;
  return {
    runsPrograms: options.allowPrograms ?? isPrivate,
    keys: options.keys,
    graceMs: isPrivate ? Number.POSITIVE_INFINITY : seconds * 1000,
    quotas: { ...DEFAULT_QUOTAS, ...options.quotas },
    drains: !isPrivate && options.idleSeconds === undefined,
  };
}
