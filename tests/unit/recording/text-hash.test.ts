import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { TextHash, hashText } from "../../../src/recording/text-hash.ts";

const text = fc.string({ unit: "binary", maxLength: 300 });

describe("the hash of a text", () => {
  it("is the same whether or not the text goes on from the one before", () => {
    fc.assert(
      fc.property(fc.array(text, { minLength: 1, maxLength: 6 }), fc.boolean(), (parts, grows) => {
        const hash = new TextHash();
        let whole = "";
        for (const part of parts) {
          whole = grows ? whole + part : part;
          hash.update(whole);
          const alone = new TextHash();
          alone.update(whole);
          expect([hash.high, hash.low]).toEqual([alone.high, alone.low]);
        }
      }),
    );
  });

  it("is the same where it is told how a text goes on from the one before, whatever was cut off", () => {
    const step = fc.tuple(text, text, fc.nat(40));
    fc.assert(
      fc.property(text, fc.array(step, { maxLength: 6 }), fc.nat(40), (start, steps, firstCut) => {
        const hash = new TextHash();
        let [whole, cut] = [start, Math.min(firstCut, start.length)];
        hash.update(whole, cut);
        for (const [added, after, nextCut] of steps) {
          const keep = whole.length - cut;
          const tail = added + after;
          whole = whole.slice(0, keep) + tail;
          cut = Math.min(nextCut, whole.length);
          if (!hash.append(whole, keep, tail, cut)) hash.update(whole, cut);
          const alone = new TextHash();
          alone.update(whole);
          expect([hash.high, hash.low]).toEqual([alone.high, alone.low]);
        }
      }),
    );
  });

  it("does not split a character that two texts share", () => {
    const hash = new TextHash();
    hash.update("a\ud83d");
    hash.update("a\ud83d\ude00");
    const alone = new TextHash();
    alone.update("a😀");
    expect([hash.high, hash.low]).toEqual([alone.high, alone.low]);
  });

  it("goes through texts longer than a piece", () => {
    const long = "é😀".repeat(20_000);
    const hash = new TextHash();
    hash.update(long.slice(0, 1000));
    hash.update(long);
    const alone = new TextHash();
    alone.update(long);
    expect([hash.high, hash.low]).toEqual([alone.high, alone.low]);
    expect(hashText(`${long}!`)).not.toBe(hashText(long));
  });

  it("differs for texts that differ in one character", () => {
    const texts = new Set<string>();
    for (let i = 0; i < 200; i++) {
      const units = Array<string>(200).fill("x");
      units[i] = "y";
      texts.add(hashText(units.join("")));
    }
    expect(texts.size).toBe(200);
    expect(hashText("a")).not.toBe(hashText("a\0"));
  });

  it("is what the documentation says", () => {
    expect([hashText(""), hashText("gem"), hashText("guess\n17")]).toMatchInlineSnapshot(`
      [
        "0402fbe8b55b4b5b",
        "a3da6558e2287ed2",
        "b7b8f9d5e8917a1c",
      ]
    `);
  });
});
