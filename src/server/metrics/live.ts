/** Environments of this thread that handles or vectors hold, by id. */
const counts = new Map<string, number>();

/** Notes that an environment came (1) or went (-1). */
export function noteLive(id: string, change: 1 | -1): void {
  const count = (counts.get(id) ?? 0) + change;
  if (count > 0) counts.set(id, count);
  else counts.delete(id);
}

/** How many environments there are, by id. */
export function liveEnvironments(): ReadonlyMap<string, number> {
  return counts;
}
