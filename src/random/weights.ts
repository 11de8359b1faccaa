import { invalidArgument } from "./arguments.ts";
import { itemAt } from "./sequence.ts";

/** How likely `choices` picks each item: relative weights, or their running sums; not both. */
export interface ChoicesOptions {
  readonly weights?: ArrayLike<number>;
  readonly cumWeights?: ArrayLike<number>;
}

/**
 * The running sums of the weights of `n` items, or undefined when all items weigh the same.
 *
 * @throws GEM_INVALID_ARGUMENT when both forms are given, their number is not `n`, or the total is not positive and finite
 */
export function cumulate(n: number, options: ChoicesOptions): ArrayLike<number> | undefined {
  const { weights, cumWeights } = options;
  if (weights !== undefined && cumWeights !== undefined) {
    throw invalidArgument("choices() takes weights or cumWeights, not both.");
  }
  const sums = weights === undefined ? cumWeights : runningSums(weights);
  if (sums === undefined) return undefined;
  if (sums.length !== n) {
    throw invalidArgument(
      `choices() needs one weight per item: got ${sums.length} for ${n} items.`,
    );
  }
  const total = n === 0 ? 0 : itemAt(sums, n - 1);
  if (!(total > 0 && total < Infinity)) {
    throw invalidArgument(
      `The weights of choices() must add up to a positive number, got ${total}.`,
    );
  }
  return sums;
}

/** The index that a draw from [0, 1) falls on: the first one whose running sum lies above the draw's share. */
export function pickWeighted(sums: ArrayLike<number>, draw: number): number {
  const share = draw * itemAt(sums, sums.length - 1);
  let low = 0;
  let high = sums.length - 1;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (share < itemAt(sums, middle)) high = middle;
    else low = middle + 1;
  }
  return low;
}

function runningSums(weights: ArrayLike<number>): number[] {
  let sum = 0;
  return Array.from(weights, (weight) => (sum += weight));
}
