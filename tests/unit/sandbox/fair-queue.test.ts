import { describe, expect, it } from "vitest";
import { FairQueue } from "../../../src/sandbox/fair-queue.ts";

function drain(queue: FairQueue<number>): number[] {
  const items: number[] = [];
  for (let item = queue.shift(); item !== undefined; item = queue.shift()) items.push(item);
  return items;
}

function filled(): FairQueue<number> {
  const queue = new FairQueue<number>();
  for (const item of [1, 2, 3]) queue.push("a", item);
  queue.push("b", 11);
  queue.push("c", 21);
  queue.push("c", 22);
  return queue;
}

describe("a fair queue", () => {
  it("takes turns between owners and keeps each one's order", () => {
    expect(drain(filled())).toEqual([1, 11, 21, 2, 22, 3]);
  });

  it("counts what waits", () => {
    const queue = filled();
    expect(queue.size).toBe(6);
    queue.shift();
    expect(queue.size).toBe(5);
  });

  it("lets one item go before all others", () => {
    const queue = filled();
    queue.unshift("c", 20);
    expect(drain(queue)).toEqual([20, 1, 11, 21, 2, 22, 3]);
  });

  it("gives up what is taken out", () => {
    const queue = filled();
    expect(queue.remove("a", 2)).toBe(true);
    expect(queue.remove("a", 2)).toBe(false);
    expect(queue.remove("d", 1)).toBe(false);
    expect(drain(queue)).toEqual([1, 11, 21, 3, 22]);
  });

  it("is empty when it is cleared", () => {
    const queue = filled();
    expect(queue.clear()).toHaveLength(6);
    expect(queue.shift()).toBeUndefined();
  });
});
