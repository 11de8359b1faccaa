import { describe, expect, it } from "vitest";
import { MT_WORDS, Mt19937 } from "../../../src/random/mt19937.ts";

function started(...key: number[]): Mt19937 {
  const twister = new Mt19937();
  twister.initByArray(Uint32Array.from(key));
  return twister;
}

function take(twister: Mt19937, count: number): number[] {
  return Array.from({ length: count }, () => twister.nextUint32());
}

describe("Mt19937", () => {
  it("gives the outputs that its authors published for the key 0x123 0x234 0x345 0x456", () => {
    const outputs = take(started(0x123, 0x234, 0x345, 0x456), 1000);
    expect(outputs.slice(0, 5)).toEqual([1067595299, 955945823, 477289528, 4107218783, 4228976476]);
    expect(outputs.slice(-5)).toEqual([2643151863, 3896204135, 2416995901, 1397735321, 3460025646]);
  });

  it("uses every word of a key that is longer than its state", () => {
    const key = Array.from({ length: MT_WORDS + 100 }, (_, i) => i);
    // From CPython: random.Random(sum(i << (32 * i) for i in range(724))).
    expect(take(started(...key), 3)).toEqual([528136767, 2977524540, 1280259155]);
  });

  it("starts anew whenever it is given a key", () => {
    const twister = started(5);
    take(twister, 1000);
    twister.initByArray(Uint32Array.of(7));
    expect(take(twister, 700)).toEqual(take(started(7), 700));
  });

  it("counts the words of the current block that are used up", () => {
    const twister = started(1);
    expect(twister.index).toBe(MT_WORDS);
    twister.nextUint32();
    expect(twister.index).toBe(1);
    take(twister, MT_WORDS);
    expect(twister.index).toBe(1);
  });

  it("continues from a state", () => {
    const twister = started(1);
    take(twister, 300);
    const words = twister.copyWords();
    const index = twister.index;
    const expected = take(twister, 700);
    const other = new Mt19937();
    other.setState(words, index);
    expect(take(other, 700)).toEqual(expected);
  });

  it("hands out copies of its words", () => {
    const twister = started(1);
    twister.copyWords().fill(0);
    expect(take(twister, 3)).toEqual(take(started(1), 3));
  });

  it("is not moved by its copy", () => {
    const twister = started(1);
    take(twister, 10);
    take(twister.copy(), 1000);
    expect(take(twister, 5)).toEqual(take(started(1), 15).slice(10));
  });
});
