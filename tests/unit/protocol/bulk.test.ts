/** What is written in bulk, arrays of texts and of objects that are alike, reads as if it had been written one by one. */
import fc from "fast-check";
import { Unpackr } from "msgpackr";
import { describe, expect, it } from "vitest";
import { decode, encode, recycle } from "../../../src/protocol/codec.ts";
import { LIMITS } from "../../../src/protocol/messages.ts";

const unpackr = new Unpackr({ useRecords: false, int64AsType: "number" });

/** Lengths around which a header changes, or the way in which a text is written. */
const LENGTHS = [0, 1, 31, 32, 33, 127, 128, 129, 255, 256, 4094, 4095, 4096, 65_535, 65_536];

const text = fc.oneof(
  fc.string({ unit: "grapheme" }),
  fc.string({ unit: "binary-ascii" }),
  fc.constantFrom(...LENGTHS).map((length) => "a".repeat(length)),
  fc
    .constantFrom(...LENGTHS)
    .filter((length) => length > 0)
    .map((length) => `${"a".repeat(length - 1)}é`),
  // Joined of pieces, as observations are.
  fc.array(fc.string({ unit: "binary-ascii" }), { maxLength: 8 }).map((parts) => parts.join("\n")),
);

/** Every item's own frame, behind a header of the array. */
function oneByOne(items: readonly unknown[]): Buffer {
  const { length } = items;
  const header = length < 16 ? [0x90 | length] : [0xdc, length >> 8, length & 0xff];
  return Buffer.concat([Buffer.from(header), ...items.map((item) => Buffer.from(encode(item)))]);
}

describe("an array of texts", () => {
  it("has the bytes of each after the other", () => {
    fc.assert(
      fc.property(fc.array(text, { maxLength: 40 }), (texts) => {
        const frame = Buffer.from(encode(texts));
        expect(frame.equals(oneByOne(texts))).toBe(true);
        expect(unpackr.unpack(frame)).toEqual(texts);
      }),
      { numRuns: 300 },
    );
  });

  it("may hold something else in between", () => {
    const items = ["a", "b", "c", null, "d", 5, "e", ["f"], { g: "h" }];
    expect(decode(encode(items))).toEqual(items);
  });

  it("replaces lone surrogates wherever they stand", () => {
    const texts = ["plain", "\ud800", "text", "a\udc00b", "more"];
    expect(decode(encode(texts))).toEqual(["plain", "�", "text", "a�b", "more"]);
  });
});

describe("an array of objects", () => {
  const value = fc.oneof(
    fc.constantFrom<unknown>("What next?", "", "é", true, false, null, 0, 1, 0.5, undefined),
    fc.constantFrom<unknown>([1], { deep: "x" }, { deep: ["x"] }),
  );
  const entries = fc.array(fc.tuple(fc.constantFrom("suffix", "prefix", "gem", "reward"), value), {
    maxLength: 3,
  });
  const info = entries.map((list): unknown => Object.fromEntries(list));
  /** Runs of the same content, in objects of their own. */
  const runs = fc
    .array(fc.tuple(info, fc.integer({ min: 1, max: 9 })), { maxLength: 6 })
    .map((list) =>
      list.flatMap(([item, times]) => Array.from({ length: times }, () => structuredClone(item))),
    );

  it("has the bytes of each after the other", () => {
    fc.assert(
      fc.property(runs, (items) => {
        expect(Buffer.from(encode(items)).equals(oneByOne(items))).toBe(true);
      }),
      { numRuns: 500 },
    );
  });

  it("tells objects apart whose keys come in another order, or whose values are of another type", () => {
    const items = [
      { a: "1", b: "2" },
      { b: "2", a: "1" },
      { a: "1", b: "2", c: null },
      { a: "1" },
      { a: true },
      { a: "true" },
      ["1"],
      null,
    ];
    expect(Buffer.from(encode(items)).equals(oneByOne(items))).toBe(true);
  });
});

describe("how deep values may be nested", () => {
  /** Four alike objects, each with one in it, at the bottom of so many arrays. */
  function nested(arrays: number): unknown {
    let value: unknown = Array.from({ length: 4 }, () => ({ info: { suffix: "s" } }));
    for (let i = 1; i < arrays; i++) value = [value];
    return value;
  }

  it("is the same in bulk", () => {
    const deepest = LIMITS.depth - 2;
    expect(decode(encode(nested(deepest)))).toEqual(nested(deepest));
    for (const more of [1, 2]) {
      expect(() => encode(nested(deepest + more))).toThrow(
        expect.objectContaining({ code: "GEM_LIMIT" }) as Error,
      );
    }
  });
});

describe("the memory of a frame that was given back", () => {
  const large = (letter: string): string => letter.repeat(10_000);

  it("becomes the next frame's, and no other's", () => {
    const first = encode(large("a"));
    const memory = first.buffer;
    recycle(first);
    const second = encode(large("b"));
    const third = encode(large("c"));
    expect(second.buffer).toBe(memory);
    expect(third.buffer).not.toBe(memory);
    expect([decode(second), decode(third)]).toEqual([large("b"), large("c")]);
  });

  it("is not used when it is a piece of the pool, too small or much too large", () => {
    for (const [given, next] of [
      ["a", "b"],
      [large("a"), "b"],
      [large("a"), large("b").repeat(3)],
    ] as const) {
      const first = encode(given);
      const bytes = Buffer.from(first);
      recycle(first);
      encode(next);
      expect(Buffer.from(first).equals(bytes)).toBe(true);
      // What is left over is not there for other tests.
      encode(large("z"));
    }
  });
});
