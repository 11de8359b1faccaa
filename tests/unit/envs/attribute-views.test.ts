import { describe, expect, it } from "vitest";
import type { AttributeView } from "../../../src/core/seeded-env.ts";
import {
  integerSetView,
  integerView,
  matrixView,
  readMatrix,
  tupleView,
  vectorView,
} from "../../../src/envs/attribute-views.ts";
import { NdArray, Tuple } from "../../../src/protocol/values.ts";

function read(view: AttributeView, stored: unknown): unknown {
  return view.read(stored as never, {} as never);
}

function write(view: AttributeView, value: unknown): unknown {
  return view.write?.(value, {} as never);
}

describe("integerView", () => {
  const view = integerView({ min: 1, max: 9 });

  it("reads the number and takes integers of its range", () => {
    expect(read(view, 4)).toBe(4);
    expect([1, 9].map((value) => write(view, value))).toEqual([1, 9]);
  });

  it.each([0, 10, 1.5, NaN, "1", null, 1n])("refuses %s", (value) => {
    expect(write(view, value)).toBeUndefined();
  });
});

describe("integerSetView", () => {
  it("reads a copy and takes sets of integers", () => {
    const stored = new Set([1]);
    const seen = read(integerSetView, stored);
    expect(seen).toEqual(stored);
    expect(seen).not.toBe(stored);
    expect(write(integerSetView, new Set([2, 3]))).toEqual(new Set([2, 3]));
    expect(write(integerSetView, new Set(["2"]))).toBeUndefined();
    expect(write(integerSetView, [2])).toBeUndefined();
  });
});

describe("tupleView", () => {
  it("reads a tuple and takes nothing", () => {
    expect(read(tupleView, [6, 8])).toEqual(new Tuple([6, 8]));
    expect(tupleView.write).toBeUndefined();
  });
});

describe("vectorView", () => {
  const view = vectorView(2, { min: 0 });
  const vector = new NdArray("int64", [2], new Uint8Array(new BigInt64Array([4n, 3n]).buffer));

  it("reads an int64 vector", () => {
    expect(read(view, [4, 3])).toEqual(vector);
  });

  it("takes a vector, a tuple or a list", () => {
    expect(write(view, vector)).toEqual([4, 3]);
    expect(write(view, new Tuple([1, 2]))).toEqual([1, 2]);
    expect(write(view, [1, 2])).toEqual([1, 2]);
  });

  it.each([[[1]], [[1, 2, 3]], [[1, -2]], [[1, 2.5]], [new Tuple([])], [7], [null]])(
    "refuses %j",
    (value) => {
      expect(write(view, value)).toBeUndefined();
    },
  );
});

describe("matrixView", () => {
  const view = matrixView(() => [2, 3], { min: 0, max: 5 });
  const rows = [
    [0, 1, 2],
    [3, 4, 5],
  ];

  it("reads an int64 matrix and takes one, or rows", () => {
    const matrix = read(view, rows);
    expect(matrix).toEqual(NdArray.int64Matrix(rows));
    expect(write(view, matrix)).toEqual(rows);
    expect(write(view, rows)).toEqual(rows);
  });

  it.each([
    [[[0, 1, 2]]],
    [
      [
        [0, 1],
        [2, 3],
      ],
    ],
    [
      [
        [0, 1, 2],
        [3, 4, 6],
      ],
    ],
    [[1, 2]],
    ["rows"],
  ])("refuses %j", (value) => {
    expect(write(view, value)).toBeUndefined();
  });
});

describe("readMatrix", () => {
  it("gives rows of the shape, or undefined", () => {
    expect(readMatrix([[1]], [1, 1], {})).toEqual([[1]]);
    expect(readMatrix([[1]], [1, 2], {})).toBeUndefined();
  });
});
