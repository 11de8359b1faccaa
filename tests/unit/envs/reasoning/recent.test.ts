import { describe, expect, it } from "vitest";
import { Recent } from "../../../../src/envs/reasoning/recent.ts";

const item = "q".repeat(1000);
const bytesOf = (key: string, value: string): number => key.length + value.length;

describe("Recent", () => {
  it("drops what was not used for longest when its bytes are spent", () => {
    const cache = new Recent(2500, bytesOf);
    cache.add("1", item);
    cache.add("2", item);
    expect(cache.get("1")).toBe(item);
    cache.add("3", item);
    expect([cache.has("1"), cache.has("2"), cache.has("3"), cache.count]).toEqual([
      true,
      false,
      true,
      2,
    ]);
  });

  it("counts a value once that is added twice", () => {
    const cache = new Recent(2500, bytesOf);
    for (let i = 0; i < 10; i++) cache.add("1", item);
    cache.add("2", item);
    expect(cache.count).toBe(2);
  });

  it("holds nothing that is larger than all of it", () => {
    const cache = new Recent(100, bytesOf);
    cache.add("1", item);
    expect(cache.count).toBe(0);
  });
});
