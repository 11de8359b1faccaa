import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { bigIntFromBytes, bigIntToBytes } from "../../../src/protocol/big-int.ts";

describe("bigIntToBytes", () => {
  it.each([
    [0n, "00"],
    [127n, "7f"],
    [128n, "0080"],
    [255n, "00ff"],
    [256n, "0100"],
    [-1n, "ff"],
    [-128n, "80"],
    [-129n, "ff7f"],
    [2n ** 64n, "010000000000000000"],
  ])("writes %s as short as possible", (value, hex) => {
    expect(Buffer.from(bigIntToBytes(value) ?? []).toString("hex")).toBe(hex);
  });

  it("gives nothing for integers beyond 4096 bytes", () => {
    expect(bigIntToBytes(2n ** 32_767n - 1n)).toHaveLength(4096);
    expect(bigIntToBytes(2n ** 32_767n)).toBeUndefined();
    expect(bigIntToBytes(-(2n ** 32_767n))).toHaveLength(4096);
    expect(bigIntToBytes(-(2n ** 32_767n) - 1n)).toBeUndefined();
  });
});

describe("bigIntFromBytes", () => {
  it("reads what bigIntToBytes wrote", () => {
    fc.assert(
      fc.property(fc.bigInt(), (value) => {
        expect(bigIntFromBytes(bigIntToBytes(value) ?? new Uint8Array())).toBe(value);
      }),
    );
  });

  it("reads longer forms than needed", () => {
    expect(bigIntFromBytes(new Uint8Array([0xff, 0xff, 0xfe]))).toBe(-2n);
    expect(bigIntFromBytes(new Uint8Array())).toBe(0n);
  });
});
