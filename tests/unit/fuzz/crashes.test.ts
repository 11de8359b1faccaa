import { describe, expect, it } from "vitest";
import { UNKNOWN_METHODS } from "../../fuzz/calls.ts";
import { crashesOf } from "../../fuzz/corpus.ts";
import { DecoderTarget } from "../../fuzz/decoder.ts";
import { DispatcherTarget } from "../../fuzz/dispatcher.ts";
import type { Target } from "../../fuzz/input.ts";
import { formatInput, parseInput } from "../../fuzz/input.ts";

const TARGETS: readonly (() => Target)[] = [
  () => new DecoderTarget(),
  () => new DispatcherTarget(),
];

describe.each(TARGETS.map((make) => [make().name, make] as const))("the %s", (name, make) => {
  it("takes its first inputs, all together and each alone", async () => {
    const target = make();
    await expect(target.run(target.seeds)).resolves.toBeUndefined();
    for (const seed of target.seeds) await expect(target.run([seed])).resolves.toBeUndefined();
  });

  it("takes what once broke it", async () => {
    const inputs = crashesOf(name);
    expect(inputs).not.toHaveLength(0);
    for (const [file, input] of inputs) {
      await expect(make().run([input]), file).resolves.toBeUndefined();
    }
  });
});

describe("the fuzzer", () => {
  it("calls every method of the protocol", () => {
    expect(UNKNOWN_METHODS).toEqual([]);
  });

  it("reads its inputs as it wrote them", () => {
    const input = { salt: 7, frames: [Buffer.from("9500", "hex"), Buffer.from("c1", "hex")] };
    expect(parseInput(formatInput(input))).toEqual(input);
  });
});
