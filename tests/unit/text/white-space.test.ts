import { describe, expect, it } from "vitest";
import { WHITE_SPACE } from "../../../src/text/white-space.ts";

describe("white space", () => {
  it("is Python's, of all characters", () => {
    const pattern = new RegExp(`^${WHITE_SPACE}$`);
    const found = Array.from({ length: 0x10000 }, (_, code) => code).filter((code) =>
      pattern.test(String.fromCharCode(code)),
    );
    const inRow = (first: number, last: number): number[] =>
      Array.from({ length: last - first + 1 }, (_, i) => first + i);
    expect(found).toEqual([
      ...inRow(0x09, 0x0d),
      ...inRow(0x1c, 0x20),
      ...[0x85, 0xa0, 0x1680],
      ...inRow(0x2000, 0x200a),
      ...[0x2028, 0x2029, 0x202f, 0x205f, 0x3000],
    ]);
  });
});
