/** Thrown while an answer is read: it is no use, but another attempt may be. */
export class TryAgain extends Error {
  /** ms to wait at least, when the server says so. */
  readonly afterMs: number | undefined;

  constructor(reason: string, afterMs?: number) {
    super(reason);
    this.name = "TryAgain";
    this.afterMs = afterMs;
  }
}

/**
 * What a `Retry-After` header asks for, in ms: seconds, or a date.
 *
 * @param date ms since 1970
 * @returns undefined when there is none, or nothing that can be read
 */
export function retryAfter(header: string | null, date: number): number | undefined {
  if (header === null) return undefined;
  if (/^\d{1,9}$/.test(header.trim())) return Number(header) * 1000;
  const until = Date.parse(header);
  return Number.isNaN(until) ? undefined : Math.max(0, until - date);
}

const FIRST_PAUSE_MS = 200;
const LONGEST_PAUSE_MS = 10_000;
/** Multiples of it modulo 1 lie far apart, so clients that failed together do not come back together. */
const GOLDEN_RATIO = 0.618_033_988_749_894_9;

let pauses = process.pid;

/** ms to wait after the n-th failure, n from 1: doubles each time, with up to half of it on top. */
export function pauseAfter(failures: number): number {
  pauses += 1;
  const spread = (pauses * GOLDEN_RATIO) % 1;
  return Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** (failures - 1)) * (1 + spread / 2);
}
