import { PythonRandom } from "../../../src/random/python-random.ts";

/** Choices that are the same in every run. */
export class Choices {
  readonly #random: PythonRandom;

  constructor(seed: number) {
    this.#random = new PythonRandom(seed);
  }

  /** An integer, both ends included. */
  integer(least: number, most: number): number {
    return least + Math.floor(this.#random.random() * (most - least + 1));
  }

  isTrue(probability: number): boolean {
    return this.#random.random() < probability;
  }

  of<T>(items: readonly T[]): T {
    const item = items[this.integer(0, items.length - 1)];
    if (item === undefined) throw new Error("There is nothing to choose from.");
    return item;
  }
}
