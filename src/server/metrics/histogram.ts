/** Buckets below this number are one unit wide; above, each doubling has so many. */
const PER_DOUBLING = 16;
const PER_DOUBLING_BITS = 4;

/** Units of a millisecond. */
const UNITS_PER_MS = 4096;

/** The largest value, in units: about 17 minutes. */
const MOST_UNITS = 0xff_ff_ff_ff;

const BUCKETS = (32 - PER_DOUBLING_BITS + 1) * PER_DOUBLING;

/** A histogram as the wire has it: `buckets` is bucket, count, bucket, count, … */
export interface HistogramWire {
  readonly count: number;
  readonly sum_ms: number;
  readonly max_ms: number;
  readonly buckets: readonly number[];
}

/**
 * Durations in logarithmic buckets: a fixed 3.6 KB, one addition a value, quantiles within 6.25 %, and two can be added up.
 *
 * A value is a whole number of units of 1/4096 ms. Buckets 0 to 15 are one unit each; from there each doubling has 16 of equal width.
 * What is longer than 17 minutes counts as that.
 */
export class Histogram {
  readonly #counts = new Float64Array(BUCKETS);
  #count = 0;
  #sumMs = 0;
  #maxMs = 0;

  get count(): number {
    return this.#count;
  }

  get sumMs(): number {
    return this.#sumMs;
  }

  get maxMs(): number {
    return this.#maxMs;
  }

  /** Notes a duration. */
  observe(ms: number): void {
    const bucket = bucketOf(ms);
    this.#counts[bucket] = (this.#counts[bucket] ?? 0) + 1;
    this.#count += 1;
    this.#sumMs += ms;
    if (ms > this.#maxMs) this.#maxMs = ms;
  }

  /** Adds what another has counted. */
  add(other: Histogram): void {
    for (let i = 0; i < BUCKETS; i++) {
      this.#counts[i] = (this.#counts[i] ?? 0) + (other.#counts[i] ?? 0);
    }
    this.#count += other.#count;
    this.#sumMs += other.#sumMs;
    this.#maxMs = Math.max(this.#maxMs, other.#maxMs);
  }

  /** What was counted since an earlier state of the same histogram; its maximum is that of all time. */
  since(earlier: Histogram): Histogram {
    const later = new Histogram();
    for (let i = 0; i < BUCKETS; i++) {
      later.#counts[i] = Math.max(0, (this.#counts[i] ?? 0) - (earlier.#counts[i] ?? 0));
    }
    later.#count = Math.max(0, this.#count - earlier.#count);
    later.#sumMs = Math.max(0, this.#sumMs - earlier.#sumMs);
    later.#maxMs = this.#maxMs;
    return later;
  }

  /** The duration in ms that this part of all values is not above, 0 without values. @param part from 0 to 1 */
  quantile(part: number): number {
    if (this.#count === 0) return 0;
    let left = Math.max(1, Math.ceil(part * this.#count));
    for (let bucket = 0; bucket < BUCKETS; bucket++) {
      left -= this.#counts[bucket] ?? 0;
      if (left <= 0) return Math.min(this.#maxMs, lowerMs(bucket + 1));
    }
    return this.#maxMs;
  }

  /** How many values are below a limit in ms; exact for powers of two from 1/4096 ms on. */
  below(ms: number): number {
    const end = bucketOf(ms);
    let count = 0;
    for (let bucket = 0; bucket < end; bucket++) count += this.#counts[bucket] ?? 0;
    return count;
  }

  /** As the wire has it. */
  toWire(): HistogramWire {
    const buckets: number[] = [];
    this.#counts.forEach((count, bucket) => {
      if (count > 0) buckets.push(bucket, count);
    });
    return { count: this.#count, sum_ms: this.#sumMs, max_ms: this.#maxMs, buckets };
  }

  /** What `toWire` gave; buckets that do not exist are ignored. */
  static fromWire({ count, sum_ms, max_ms, buckets }: HistogramWire): Histogram {
    const histogram = new Histogram();
    for (let i = 0; i + 1 < buckets.length; i += 2) {
      const bucket = buckets[i] ?? 0;
      if (bucket in histogram.#counts) histogram.#counts[bucket] = buckets[i + 1] ?? 0;
    }
    histogram.#count = count;
    histogram.#sumMs = sum_ms;
    histogram.#maxMs = max_ms;
    return histogram;
  }
}

function bucketOf(ms: number): number {
  const units = Math.min(ms * UNITS_PER_MS, MOST_UNITS) >>> 0;
  if (units < PER_DOUBLING) return units;
  const shift = 31 - Math.clz32(units) - PER_DOUBLING_BITS;
  return ((shift + 1) << PER_DOUBLING_BITS) + ((units >>> shift) & (PER_DOUBLING - 1));
}

/** The least duration of a bucket. */
function lowerMs(bucket: number): number {
  if (bucket < PER_DOUBLING) return bucket / UNITS_PER_MS;
  const shift = (bucket >>> PER_DOUBLING_BITS) - 1;
  const units = (PER_DOUBLING + (bucket & (PER_DOUBLING - 1))) * 2 ** shift;
  return units / UNITS_PER_MS;
}
