/** Plain values mean the same to this codec and to msgpackr, a general msgpack library. */
import fc from "fast-check";
import { Packr, Unpackr } from "msgpackr";
import { expect, it } from "vitest";
import { decode, encode } from "../../../src/protocol/codec.ts";

const packr = new Packr({ useRecords: false, variableMapSize: true });
const unpackr = new Unpackr({ useRecords: false, int64AsType: "number" });

/** Anything that is JSON, whole and fractional numbers and any well-formed text included. */
const plain = fc
  .json({ stringUnit: "grapheme", maxDepth: 6 })
  .filter((text) => !text.includes('"__proto__":'))
  // Twice, because msgpackr writes −0 as 0, and so does JSON.
  .map((text): unknown => JSON.parse(JSON.stringify(JSON.parse(text))));

it("msgpackr reads what this codec writes", () => {
  fc.assert(
    fc.property(plain, (value) => {
      expect(unpackr.unpack(encode(value))).toEqual(value);
    }),
    { numRuns: 500 },
  );
});

it("this codec reads what msgpackr writes", () => {
  fc.assert(
    fc.property(plain, (value) => {
      expect(decode(packr.pack(value))).toEqual(value);
    }),
    { numRuns: 500 },
  );
});
