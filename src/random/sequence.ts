/** An array or typed array whose items can be replaced. */
export interface MutableArrayLike<T> {
  readonly length: number;
  [index: number]: T;
}

/** The item at an index that lies within the sequence. */
export function itemAt<T>(sequence: ArrayLike<T>, index: number): T {
  return sequence[index] as T;
}

/** Exchanges two items. */
export function swap<T>(items: MutableArrayLike<T>, i: number, j: number): void {
  const kept = itemAt(items, i);
  items[i] = itemAt(items, j);
  items[j] = kept;
}
