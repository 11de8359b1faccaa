import { describe, expect, it } from "vitest";
import { all } from "../../../../src/core/maybe-promise.ts";
import { describeDataset } from "../../../../src/envs/reasoning/dataset.ts";
import { ItemSource } from "../../../../src/envs/reasoning/item-source.ts";
import { GemError } from "../../../../src/errors.ts";
import { FakeLibrary } from "./fake-library.ts";

const dataset = describeDataset("rg:acre", "acre", 100, {});
const at = (start: number, count = 1, seed = 42n) => ({ dataset, seed, start, count });

/** Lets everything that is ready happen. */
async function settle(): Promise<void> {
  for (let i = 0; i < 20; i++) await new Promise(setImmediate);
}

/** A gate that calls wait at until it is opened. */
function gate(): { closed: Promise<void>; open: () => void } {
  let open = (): void => undefined;
  const closed = new Promise<void>((resolve) => (open = resolve));
  return { closed, open };
}

describe("ItemSource", () => {
  it("asks once for an item, and gives it at once from then on", async () => {
    const fake = new FakeLibrary();
    const source = new ItemSource(fake.run);
    const item = await source.item("rg:acre", at(3));
    expect(item).toEqual({
      question: "acre 42 3",
      answer: "42:3",
      rule: "contained",
      maker: 1,
      seed: 42n,
      index: 3,
    });
    expect(source.item("rg:acre", at(3))).toBe(item);
    expect(fake.asked("items")).toEqual(["3+1"]);
  });

  it("asks once where seed and index have the same sum and the dataset slides", async () => {
    const fake = new FakeLibrary();
    const source = new ItemSource(fake.run);
    const slides = describeDataset("rg:gcd", "gcd", 100, {});
    const item = await source.item("a", { ...at(3), dataset: slides });
    expect(source.item("a", { ...at(2, 1, 43n), dataset: slides })).toBe(item);
    const [one, other] = await all([
      source.item("a", { ...at(5), dataset: slides }),
      source.item("a", { ...at(6, 1, 41n), dataset: slides }),
    ]);
    expect(one).toBe(other);
    expect(fake.asked("items")).toEqual(["3+1", "5+1"]);
  });

  it("shares a request among 64 that wait for the same item", async () => {
    const fake = new FakeLibrary();
    const source = new ItemSource(fake.run);
    await all(Array.from({ length: 64 }, () => source.item("rg:acre", at(0))));
    expect(fake.asked("items")).toEqual(["0+1"]);
  });

  it("tells seeds, sizes and options apart", async () => {
    const fake = new FakeLibrary();
    const source = new ItemSource(fake.run);
    const other = describeDataset("rg:acre", "acre", 100, { train: 1 });
    await source.item("a", at(0));
    await source.item("a", at(0, 1, 43n));
    await source.item("a", { ...at(0), dataset: other });
    await source.item("a", { ...at(0), dataset: { ...dataset, size: 99, key: "other" } });
    expect(fake.calls).toHaveLength(4);
  });

  it("asks for more at once the quicker they come, and stops at the end of the dataset", async () => {
    const fake = new FakeLibrary();
    const source = new ItemSource(fake.run);
    for (let index = 0; index < 100; index++) await source.item("a", at(index, 100));
    expect(fake.asked("items")).toEqual(["0+1", "1+2", "3+4", "7+8", "15+16", "31+32", "63+37"]);
  });

  it("asks again for what a request did not get to", async () => {
    const fake = new FakeLibrary();
    const source = new ItemSource(fake.run);
    await source.item("a", at(0));
    fake.atOnce = 1;
    const [first, second] = await Promise.all([
      source.item("a", at(1, 2)),
      source.item("a", at(2, 2)),
    ]);
    expect([first.question, second.question]).toEqual(["acre 42 1", "acre 42 2"]);
    expect(fake.asked("items")).toEqual(["0+1", "1+2", "2+1"]);
  });

  it("makes items ahead, so that they are there when they are asked for", async () => {
    const fake = new FakeLibrary();
    const source = new ItemSource(fake.run);
    source.ahead(at(0, 2));
    await settle();
    expect(source.item("a", at(1))).not.toBeInstanceOf(Promise);
    expect(fake.calls.map(({ options }) => options.ahead)).toEqual([true, true]);
  });

  it("asks for nothing ahead while the first half of it is there", async () => {
    const fake = new FakeLibrary();
    const source = new ItemSource(fake.run);
    for (let index = 0; index < 7; index++) await source.item("a", at(index, 100));
    source.ahead(at(7, 8));
    await settle();
    expect(fake.asked("items")).toEqual(["0+1", "1+2", "3+4", "7+8"]);
    for (const start of [8, 9, 10]) source.ahead(at(start, 8));
    await settle();
    expect(fake.calls).toHaveLength(4);
    source.ahead(at(11, 8));
    await settle();
    expect(fake.asked("items").slice(4)).toEqual(["15+4"]);
  });

  it("has two requests ahead under way at a time, and none for what is there or on its way", async () => {
    const fake = new FakeLibrary();
    const source = new ItemSource(fake.run);
    const { closed, open } = gate();
    fake.gate = closed;
    for (let seed = 0n; seed < 5n; seed++) source.ahead(at(0, 1, seed));
    source.ahead(at(0, 1, 0n));
    await settle();
    expect(fake.calls).toHaveLength(2);
    open();
    await settle();
    expect(fake.calls).toHaveLength(5);
  });

  it("gives an item that is being made ahead to whoever asks for it meanwhile", async () => {
    const fake = new FakeLibrary();
    const source = new ItemSource(fake.run);
    const { closed, open } = gate();
    fake.gate = closed;
    source.ahead(at(0));
    const item = source.item("a", at(0));
    open();
    expect(await item).toMatchObject({ answer: "42:0" });
    expect(fake.calls).toHaveLength(1);
  });

  it("does not wait without end for an item that is made ahead", async () => {
    const fake = new FakeLibrary();
    const source = new ItemSource(fake.run);
    fake.gate = gate().closed;
    source.ahead(at(0));
    fake.gate = undefined;
    expect(await source.item("a", at(0))).toMatchObject({ answer: "42:0" });
    expect(fake.calls.map(({ options }) => options.ahead)).toEqual([true, false]);
  });

  it("tells those who wait what a request failed with, and asks again the next time", async () => {
    const fake = new FakeLibrary();
    const source = new ItemSource(fake.run);
    fake.failure = new GemError("GEM_DEADLINE", "too slow");
    const waiting = Promise.all([source.item("a", at(0)), source.item("b", at(0))]);
    await expect(waiting).rejects.toMatchObject({ code: "GEM_DEADLINE" });
    fake.failure = undefined;
    expect(await source.item("a", at(0))).toMatchObject({ answer: "42:0" });
  });

  it("forgets a failure of what was made ahead", async () => {
    const fake = new FakeLibrary();
    const source = new ItemSource(fake.run);
    fake.failure = new GemError("GEM_DEADLINE", "too slow");
    source.ahead(at(0, 8));
    await settle();
    fake.failure = undefined;
    expect(await source.item("a", at(0))).toMatchObject({ answer: "42:0" });
  });

  it("reports items of another form as a bug", async () => {
    const source = new ItemSource(() => Promise.resolve([["question"], [1, 2]]));
    await expect(source.item("a", at(0))).rejects.toMatchObject({ code: "GEM_INTERNAL" });
  });
});
