import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { LineWriter, sumOf } from "../../../src/recording/line-writer.ts";
import { fromPlain, toPlain } from "../../../src/recording/plain.ts";
import { numberText } from "../../../src/recording/track.ts";

describe("a line", () => {
  it("holds any text, and ends with a sum of what is before it", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), fc.double(), (text, number) => {
        const lines = new LineWriter(16);
        lines.raw('{"text":');
        lines.text(text);
        lines.raw(`,"number":${numberText(number)}`);
        lines.endLine();
        const bytes = lines.take();
        const line = bytes.toString();
        const read = JSON.parse(line) as { text: string; number: number | string; sum: string };
        expect(read.text).toBe(
          text.toWellFormed() === text ? text : JSON.parse(JSON.stringify(text)),
        );
        expect(Object.is(Number(read.number), number)).toBe(true);
        const end = bytes.lastIndexOf(',"sum":"');
        expect(read.sum).toBe((sumOf(bytes, 0, end) >>> 0).toString(16).padStart(8, "0"));
      }),
    );
  });

  it("has a sum that shows any one change", () => {
    const bytes = Buffer.from('{"kind":"step","env":"0.1","t":1,"reward":0.5}');
    const sum = sumOf(bytes, 0, bytes.length);
    for (let i = 0; i < bytes.length; i++) {
      for (let bit = 0; bit < 8; bit++) {
        const changed = Buffer.from(bytes);
        changed[i] = (changed[i] ?? 0) ^ (1 << bit);
        expect(sumOf(changed, 0, changed.length)).not.toBe(sum);
      }
    }
  });

  it("uses memory again that was given back", () => {
    const lines = new LineWriter(64);
    lines.raw("first");
    const first = lines.take();
    lines.giveBack(first);
    lines.raw("second");
    const second = lines.take();
    lines.raw("third");
    const third = lines.take();
    expect([second, third].map(String)).toEqual(["second", "third"]);
    expect(third.buffer).toBe(first.buffer);
  });
});

describe("values in a file", () => {
  it("come back as they were", () => {
    const values = [
      { max_turns: 3, name: "é", list: [1, 2.5, null, true] },
      { big: 2n ** 80n, zero: -0, none: Number.NaN },
      new Uint8Array([1, 2]),
      new Set(["a"]),
    ];
    for (const value of values) {
      const text = JSON.stringify(toPlain(value));
      expect(fromPlain(JSON.parse(text))).toEqual(value);
    }
  });
});
