import fc from "fast-check";
import { Packr, Unpackr } from "msgpackr";
import { describe, expect, it } from "vitest";
import { decode, encode } from "../../../src/protocol/codec.ts";
import { LIMITS } from "../../../src/protocol/messages.ts";
import { ClientRef, Float64, NdArray, Tuple } from "../../../src/protocol/values.ts";

/** Text without lone surrogates, and beyond ASCII often enough. */
const text = fc.oneof(fc.string(), fc.string({ unit: "grapheme" }));
const key = text.filter((name) => name !== "__proto__");
const number = fc.oneof(fc.integer(), fc.maxSafeInteger(), fc.double({ noNaN: true }));
const scalar = fc.oneof(
  fc.constant(null),
  fc.boolean(),
  number,
  text,
  fc.uint8Array({ maxLength: 300 }),
);

/** Values that every msgpack library knows. */
const plain = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    scalar,
    fc.array(tie("value"), { maxLength: 20 }),
    fc.dictionary(key, tie("value"), { maxKeys: 20, noNullPrototype: true }),
  ),
})).value;

/** Values with everything that has an extension of its own. */
const rich = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    scalar,
    fc.bigInt({ min: -(2n ** 300n), max: 2n ** 300n }).filter((n) => BigInt.asIntN(54, n) !== n),
    fc.nat().map((ref) => new ClientRef(ref)),
    fc
      .array(fc.array(fc.integer(), { minLength: 3, maxLength: 3 }), { maxLength: 5 })
      .map((rows) => NdArray.int64Matrix(rows)),
    fc.uint32Array(),
    fc.float64Array({ noNaN: true }),
    fc.bigInt64Array(),
    fc.array(tie("value")).map((items) => new Tuple(items)),
    fc.array(scalar).map((items) => new Set(items)),
    fc.array(fc.tuple(scalar, tie("value"))).map((entries) => new Map(entries)),
    fc.dictionary(key, tie("value"), { maxKeys: 8, noNullPrototype: true }),
  ),
})).value;

describe("encode and decode", () => {
  it("give back every value", () => {
    fc.assert(
      fc.property(rich, (value) => {
        expect(decode(encode(value))).toEqual(value);
      }),
    );
  });

  it("are read by another msgpack library", () => {
    const unpackr = new Unpackr({ useRecords: false, int64AsType: "number" });
    fc.assert(
      fc.property(plain, (value) => {
        expect(unpackr.unpack(encode(value))).toEqual(asBuffers(value));
      }),
    );
  });

  it("read what another msgpack library writes", () => {
    const packr = new Packr({ useRecords: false, variableMapSize: true });
    fc.assert(
      fc.property(plain, (value) => {
        expect(decode(packr.pack(value))).toEqual(withoutMinusZero(value));
      }),
    );
  });

  it("keep every float bit for bit", () => {
    fc.assert(
      fc.property(fc.double(), (value) => {
        const frame = encode(new Float64(value));
        expect(frame[0]).toBe(0xcb);
        expect(decode(frame)).toBe(value);
      }),
    );
  });
});

describe("encode", () => {
  it("writes -0 as a float, which an integer cannot say", () => {
    expect(decode(encode(-0))).toBe(-0);
  });

  it("writes integers beyond 2^53 that are numbers as floats, since they may have been rounded", () => {
    expect(encode(2 ** 60)[0]).toBe(0xcb);
  });

  it("writes info entries that hold floats as floats", () => {
    expect(encode({ cumulative_rewards: 2 }).toString("hex")).toContain("cb4000000000000000");
  });

  it("leaves out entries that are undefined, and writes nil for undefined items", () => {
    expect(decode(encode({ a: undefined, b: [undefined] }))).toEqual({ b: [null] });
  });

  it.each([
    ["in a short string", "a\ud800b", "a\ufffdb"],
    ["in a long string", `${"x".repeat(60)}\udc00`, `${"x".repeat(60)}\ufffd`],
    ["in a key", "\ud83d", "\ufffd"],
  ])("replaces a lone surrogate %s", (_, given, sent) => {
    expect(decode(encode([given, { [given]: 1 }]))).toEqual([sent, { [sent]: 1 }]);
  });

  it("writes strings around every header size", () => {
    for (const length of [31, 32, 39, 40, 41, 255, 256, 65_535, 65_536]) {
      for (const unit of ["a", "é", "｜"]) {
        const value = unit.repeat(length);
        expect(decode(encode(value)), `${unit} × ${length}`).toBe(value);
      }
    }
  });

  it.each([
    ["a function", () => 1],
    ["a symbol", Symbol("s")],
    ["a date", new Date(0)],
    ["an instance of another class", new URL("http://localhost")],
  ])("refuses %s", (_, value) => {
    expect(() => encode([value])).toThrow(TypeError);
  });

  it("refuses a value that contains itself", () => {
    const value: unknown[] = [];
    value.push(value);
    expect(() => encode(value)).toThrow(expect.objectContaining({ code: "GEM_LIMIT" }));
  });

  it("refuses a frame above the limit, and goes on", () => {
    const half = new Uint8Array(LIMITS.frameBytes / 2);
    expect(() => encode([half, half])).toThrow(expect.objectContaining({ code: "GEM_LIMIT" }));
    expect(decode(encode("after"))).toBe("after");
  });

  it("writes a frame of exactly the limit", () => {
    expect(encode(new Uint8Array(LIMITS.frameBytes - 5))).toHaveLength(LIMITS.frameBytes);
  });

  it("refuses an integer of more than 4096 bytes", () => {
    expect(decode(encode(2n ** 32_766n))).toBe(2n ** 32_766n);
    expect(() => encode(2n ** 32_768n)).toThrow(expect.objectContaining({ code: "GEM_LIMIT" }));
  });
});

describe("decode", () => {
  it("answers any noise with a value or GEM_BAD_FRAME", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (noise) => {
        try {
          decode(noise);
        } catch (error) {
          expect(error).toMatchObject({ code: "GEM_BAD_FRAME" });
        }
      }),
      { numRuns: 2000 },
    );
  });

  it("refuses every frame that ends early", () => {
    fc.assert(
      fc.property(rich, fc.nat(), (value, cut) => {
        const frame = encode(value);
        const part = frame.subarray(0, cut % frame.length);
        expect(() => decode(part)).toThrow(expect.objectContaining({ code: "GEM_BAD_FRAME" }));
      }),
    );
  });

  it("refuses more than the allowed number of values", () => {
    const frame = Buffer.alloc(5 + LIMITS.values, 0x80);
    frame.writeUInt8(0xdd, 0);
    frame.writeUInt32BE(LIMITS.values, 1);
    expect(() => decode(frame)).toThrow("values");
  });

  it("keeps keys that look like parts of an object as plain entries", () => {
    const frame = encode({
      constructor: { prototype: { polluted: true } },
      hasOwnProperty: 1,
      toString: 2,
    });
    const value = decode(frame) as Record<string, unknown>;
    expect(Object.keys(value)).toEqual(["constructor", "hasOwnProperty", "toString"]);
    expect(({} as Record<string, unknown>)["polluted"]).toBeUndefined();
  });

  it("gives bytes that do not keep the frame", () => {
    const frame = encode(new Uint8Array([1, 2, 3]));
    const value = decode(frame) as Uint8Array;
    frame.fill(0);
    expect(value).toEqual(new Uint8Array([1, 2, 3]));
    expect(value.buffer.byteLength).toBe(3);
  });

  it("reads float32", () => {
    expect(decode(Buffer.from("ca3fc00000", "hex"))).toBe(1.5);
  });

  it("reads integers in wider forms than needed", () => {
    expect(decode(Buffer.from("93cf0000000000000007d3fffffffffffffff9cd0007", "hex"))).toEqual([
      7, -7, 7,
    ]);
  });
});

/** The other library gives bytes as Buffer. */
function asBuffers(value: unknown): unknown {
  if (value instanceof Uint8Array) return Buffer.from(value);
  if (Array.isArray(value)) return value.map(asBuffers);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, asBuffers(item)]));
}

/** The same with 0 for −0, which msgpackr writes as an integer. */
function withoutMinusZero(value: unknown): unknown {
  if (typeof value === "number") return value + 0;
  if (value instanceof Uint8Array || typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map(withoutMinusZero);
  return Object.fromEntries(
    Object.entries(value).map(([name, item]) => [name, withoutMinusZero(item)]),
  );
}
