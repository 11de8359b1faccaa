/** A value, or a promise of one: a synchronous environment answers with the value and allocates no promise. */
export type MaybePromise<T> = T | Promise<T>;

/** Applies `next` to the value, at once when it is there already. */
export function chain<T, R>(
  value: MaybePromise<T>,
  next: (value: T) => MaybePromise<R>,
): MaybePromise<R> {
  return value instanceof Promise ? value.then(next) : next(value);
}

/** The values of an array, at once when none of them is a promise. */
export function all<T>(values: MaybePromise<T>[]): MaybePromise<T[]> {
  return values.some((value) => value instanceof Promise) ? Promise.all(values) : (values as T[]);
}
