import type { MaybePromise } from "./maybe-promise.ts";

/** Work that can be interrupted: it yields often (about every 100 µs) and returns its result. */
export type Work<T> = Generator<void, T, void>;

/** Where an environment's long computations run (law L7: nothing blocks an endpoint's loop). */
export interface EnvHost {
  /** Runs the work to its end: at once, or in slices between which others run. */
  run<T>(work: Work<T>): MaybePromise<T>;
}

/** Runs work to its end at once: for a program that steps environments in its own loop. */
export const inlineHost: EnvHost = {
  run<T>(work: Work<T>): T {
    let next = work.next();
    while (next.done !== true) next = work.next();
    return next.value;
  },
};

/** Runs work in slices of about `sliceMs` on the event loop, so that other environments are answered in between. */
export function slicedHost(sliceMs: number): EnvHost {
  const runSlice = <T>(work: Work<T>): IteratorResult<void, T> => {
    const end = performance.now() + sliceMs;
    let next = work.next();
    while (next.done !== true && performance.now() < end) next = work.next();
    return next;
  };
  return {
    run<T>(work: Work<T>): MaybePromise<T> {
      const first = runSlice(work);
      if (first.done === true) return first.value;
      return new Promise<T>((resolve, reject) => {
        const goOn = (): void => {
          try {
            const next = runSlice(work);
            if (next.done === true) resolve(next.value);
            else setImmediate(goOn);
          } catch (error) {
            reject(error instanceof Error ? error : new Error(String(error)));
          }
        };
        setImmediate(goOn);
      });
    },
  };
}
