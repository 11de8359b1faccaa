/** Seeds of cases whose resets take the reference implementation seconds; the environment variable raises both counts. */
export const SLOW_SEEDS = Number(process.env["GEM_DIFF_SEEDS"] ?? 6);

/** Seeds of every other case. */
export const SEEDS = Math.max(50, SLOW_SEEDS);
