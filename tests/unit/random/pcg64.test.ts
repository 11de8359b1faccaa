import { describe, expect, it } from "vitest";
import { Pcg64 } from "../../../src/random/pcg64.ts";
import { complaint } from "./errors.ts";
import { wordBytes } from "./programs.ts";

/** A 128-bit number from its words, lowest first. */
function wide(words: Iterable<number>): bigint {
  return [...words].reduceRight((sum, word) => (sum << 32n) | BigInt(word), 0n);
}

describe("Pcg64", () => {
  it("starts as NumPy's PCG64(42) does", () => {
    const { words, has_uint32, uinteger } = new Pcg64(42).getState();
    expect(wide(words.subarray(0, 4))).toBe(274674114334540486603088602300644985544n);
    expect(wide(words.subarray(4))).toBe(332724090758049132448979897138935081983n);
    expect({ has_uint32, uinteger }).toEqual({ has_uint32: false, uinteger: 0 });
  });

  it("gives NumPy's raw outputs", () => {
    const bits = new Pcg64(42);
    expect(bits.nextUint64()).toBe(14276969152011380360n);
    expect(bits.nextUint64()).toBe(8095878257575067585n);
  });

  it("steps as the 128-bit recurrence says, with any words", () => {
    const multiplier = 0x2360ed051fc65da44385df649fccf645n;
    const bits = new Pcg64(7);
    for (const fill of [0, 1, 0xffff, 0xffff_0000, 0x8000_0000, 0xffff_ffff]) {
      const words = new Uint32Array(8).fill(fill);
      words[4] = fill | 1;
      const [state, increment] = [wide(words.subarray(0, 4)), wide(words.subarray(4))];
      bits.setState({ words, has_uint32: false, uinteger: 0 });
      bits.nextUint64();
      const next = BigInt.asUintN(128, state * multiplier + increment);
      expect(wide(bits.getState().words.subarray(0, 4))).toBe(next);
    }
  });

  it("splits a 64-bit output into 32-bit ones, the lower half first", () => {
    const output = new Pcg64(9).nextUint64();
    const bits = new Pcg64(9);
    expect(BigInt(bits.nextUint32())).toBe(output & 0xffff_ffffn);
    expect(bits.getState()).toMatchObject({ has_uint32: true, uinteger: Number(output >> 32n) });
    expect(BigInt(bits.nextUint32())).toBe(output >> 32n);
  });

  it("makes a double of the upper 53 bits", () => {
    const output = new Pcg64(9).nextUint64();
    expect(new Pcg64(9).nextDouble()).toBe(Number(output >> 11n) / 2 ** 53);
  });

  it("is not moved by its copy, which keeps the buffered half", () => {
    const bits = new Pcg64(1);
    bits.nextUint32();
    const state = bits.getState();
    const twin = bits.copy();
    const drawn = [twin.nextUint32(), twin.nextUint32()];
    expect(bits.getState()).toEqual(state);
    expect([bits.nextUint32(), bits.nextUint32()]).toEqual(drawn);
  });

  it("continues from words, bytes and plain numbers", () => {
    const { words, ...rest } = new Pcg64(5).getState();
    for (const form of [words, [...words], wordBytes(words)]) {
      const bits = new Pcg64(1);
      bits.setState({ ...rest, words: form });
      expect(bits.nextUint64()).toBe(new Pcg64(5).nextUint64());
    }
  });

  it("refuses what is no state and keeps its own", () => {
    const bits = new Pcg64(1);
    const good = bits.getState();
    const refused = (change: object): string =>
      complaint(() => bits.setState({ ...good, ...change }));
    expect(refused({ words: new Uint32Array(8) })).toMatch(/^GEM_INVALID_STATE: The increment/);
    expect(refused({ words: new Uint32Array(4) })).toMatch(/^GEM_INVALID_STATE: The words of a/);
    expect(refused({ has_uint32: 1 })).toMatch(/^GEM_INVALID_STATE: has_uint32 of a PCG64 state/);
    expect(refused({ uinteger: -1 })).toMatch(/^GEM_INVALID_STATE: uinteger of a PCG64 state/);
    expect(bits.getState()).toEqual(good);
  });
});
