import fc from "fast-check";
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

  it("keeps what a plain list of uses keeps", () => {
    const use = fc.tuple(fc.boolean(), fc.nat(9), fc.integer({ min: 1, max: 60 }));
    fc.assert(
      fc.property(fc.array(use, { maxLength: 200 }), (uses) => {
        const cache = new Recent<string>(200, bytesOf);
        let kept: [key: string, value: string][] = [];
        for (const [isAdd, number, length] of uses) {
          const key = String(number);
          const known = kept.find(([other]) => other === key);
          if (isAdd && known === undefined) {
            const value = "v".repeat(length);
            cache.add(key, value);
            kept.push([key, value]);
            while (kept.reduce((sum, [, text]) => sum + 1 + text.length, 0) > 200) kept.shift();
          } else if (!isAdd) {
            expect(cache.get(key)).toBe(known?.[1]);
            if (known !== undefined) kept = [...kept.filter((each) => each !== known), known];
          }
          expect(cache.count).toBe(kept.length);
        }
        expect(kept.every(([key]) => cache.has(key))).toBe(true);
      }),
    );
  });

  it("holds nothing that is larger than all of it", () => {
    const cache = new Recent(100, bytesOf);
    cache.add("1", item);
    expect(cache.count).toBe(0);
  });
});
