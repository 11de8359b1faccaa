/** Which items an environment shows in which order. */

/** An item: the seed of its dataset, in decimal digits, and its index. */
export interface ItemPlace {
  readonly seed: string;
  readonly index: number;
}

/** What changes in an environment; seeds are in decimal digits. */
export interface ReasoningState {
  /** Resets so far. */
  idx: number;
  /** The seed of the dataset that seeded resets draw from. */
  dataset_seed: string;
  /** The seed of the dataset that resets without a seed go through. */
  next_seed: string;
  /** The index of its next item; its size when it is at its end. */
  next_index: number;
  /** The item of the episode; null before the first. */
  item: ItemPlace | null;
}

/** The item that a reset without a seed begins with: the next one, or the first of a dataset with another seed. */
export function nextUnseeded(state: ReasoningState, seed: bigint, size: number): ItemPlace {
  if (state.next_index < size) return { seed: state.next_seed, index: state.next_index };
  // Upstream quirk Q42: the next dataset's seed is the first one's plus all resets so far, so datasets overlap.
  return { seed: later(seed, state.idx), index: 0 };
}

/**
 * The state after a reset.
 *
 * @param seed the seed of the first dataset
 * @param place the item that the reset begins with
 * @param isSeeded whether the reset was given a seed
 */
export function afterReset(
  state: ReasoningState,
  seed: bigint,
  size: number,
  place: ItemPlace,
  isSeeded: boolean,
): ReasoningState {
  const { idx } = state;
  if (!isSeeded) {
    const isNew = state.next_index >= size;
    const dataset_seed = isNew ? place.seed : state.dataset_seed;
    const next_index = place.index + 1;
    return { idx: idx + 1, dataset_seed, next_seed: place.seed, next_index, item: place };
  }
  // Upstream quirk Q43: a seeded reset whose number is a multiple of the size replaces the dataset that later seeded ones draw
  // from; resets without a seed go on in the one that they were in.
  const isTurn = (idx + 1) % size === 0;
  const dataset_seed = isTurn ? later(seed, idx) : state.dataset_seed;
  return { ...state, idx: idx + 1, dataset_seed, item: place };
}

/** Whether a value is a state of an environment with datasets of this size. */
export function isState(value: unknown, size: number): value is ReasoningState {
  if (typeof value !== "object" || value === null) return false;
  const { idx, dataset_seed, next_seed, next_index, item } = value as Record<string, unknown>;
  return (
    isIndex(idx, Infinity) &&
    isDigits(dataset_seed) &&
    isDigits(next_seed) &&
    isIndex(next_index, size) &&
    (item === null || isPlace(item, size))
  );
}

function isPlace(value: unknown, size: number): boolean {
  if (typeof value !== "object" || value === null) return false;
  const { seed, index } = value as Record<string, unknown>;
  return isDigits(seed) && isIndex(index, size - 1);
}

function isIndex(value: unknown, max: number): boolean {
  return typeof value === "number" && Number.isSafeInteger(value) && value >= 0 && value <= max;
}

function isDigits(value: unknown): boolean {
  return typeof value === "string" && /^\d+$/.test(value);
}

function later(seed: bigint, resets: number): string {
  return (seed + BigInt(resets)).toString();
}
