import { describe, expect, it } from "vitest";
import { datasetOf } from "../../../../src/data/dataset-of.ts";
import type { Dataset } from "../../../../src/data/dataset.ts";

const TEN: Dataset = datasetOf(Array.from({ length: 10 }, (_, i) => ({ i, name: `n${i}` })));

function order(dataset: Dataset): unknown[] {
  return [...dataset.column("i")];
}

describe("a view", () => {
  it("has the values of the rows, decoded each time", () => {
    const rows = [
      { a: 1, b: "é", c: null, d: [1, { x: Uint8Array.of(1) }], e: 2n ** 62n, f: true },
      { a: "mixed", b: null, c: Uint8Array.of(7), d: -0.5, e: 3n, f: false },
    ];
    const dataset = datasetOf(rows);
    expect(dataset.columns).toEqual(["a", "b", "c", "d", "e", "f"]);
    expect(dataset.at(0)).toEqual(rows[0]);
    expect(dataset.at(1)).toEqual({ ...rows[1], e: 3 });
    const bytes = dataset.value(1, "c") as Uint8Array;
    bytes[0] = 0;
    expect(dataset.value(1, "c")).toEqual(Uint8Array.of(7));
  });

  it("has null where a row lacks a key", () => {
    expect(datasetOf([{ a: 1 }, { b: 2 }]).at(1)).toEqual({ a: null, b: 2 });
    expect(datasetOf([]).length).toBe(0);
  });

  it("keeps many rows apart", () => {
    const rows = Array.from({ length: 150_000 }, (_, i) => ({ i, text: String(i) }));
    const dataset = datasetOf(rows);
    for (const i of [0, 65_535, 65_536, 131_072, 149_999]) {
      expect(dataset.at(i)).toEqual({ i, text: String(i) });
    }
  });

  it("shuffles as numpy's default_rng does, and again on top of that", () => {
    const once = TEN.shuffle(0n);
    expect(order(once)).toEqual([4, 6, 2, 7, 3, 5, 9, 0, 8, 1]);
    expect(order(once.shuffle(1n))).toEqual([8, 3, 0, 4, 6, 2, 5, 1, 9, 7]);
    expect(order(TEN.shuffle(42n))).toEqual([5, 6, 0, 7, 3, 2, 4, 9, 1, 8]);
    expect(order(TEN)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
  });

  it("shares the order with who asks for the same", () => {
    expect(TEN.shuffle(7n)).toBe(TEN.shuffle(7n));
  });

  it("selects rows, and shuffles those", () => {
    const some = TEN.shuffle(0n).select([9, 0, 0]);
    expect(order(some)).toEqual([1, 4, 4]);
    expect(some.shuffle(0n).length).toBe(3);
  });

  it("refuses rows and columns that are not there", () => {
    expect(() => TEN.at(10)).toThrow("There is no row 10: 0 … 9.");
    expect(() => TEN.at(0.5)).toThrow("There is no row 0.5");
    expect(() => TEN.select([0, -1])).toThrow("There is no row -1");
    expect(() => TEN.value(0, "nam")).toThrow(
      'The dataset has no column "nam": it has i, name. Did you mean "name"?',
    );
    expect(() => datasetOf([]).at(0)).toThrow("There is no row 0: there are none.");
  });

  it("comes back from its state, which is plain and small", () => {
    const view = TEN.shuffle(0n).select([3, 1, 2]).shuffle(5n);
    const state: unknown = JSON.parse(JSON.stringify(view.toState()));
    expect(state).toEqual({ length: 10, order: ["0", [3, 1, 2], "5"] });
    expect(order(TEN.shuffle(9n).fromState(state))).toEqual(order(view));
  });

  it("refuses a state of something else", () => {
    const bad = [null, {}, { length: 9, order: [] }, { length: 10, order: [1] }];
    for (const state of [...bad, { length: 10, order: ["x"] }]) {
      expect(() => TEN.fromState(state)).toThrow("This is no state of this dataset");
    }
  });
});
