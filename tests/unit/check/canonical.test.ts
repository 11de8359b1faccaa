import { describe, expect, it } from "vitest";
import { MARK, canonical, digest, foreignIn, shorten } from "../../../src/check/canonical.ts";
import { ClientRef, Float64, NdArray, Tuple } from "../../../src/protocol/values.ts";

class Marker {
  readonly mark = 1;
}

describe("canonical", () => {
  it.each([
    [null, "null"],
    [undefined, "undefined"],
    [-0, "-0"],
    [Number.NaN, "NaN"],
    [2n ** 70n, "1180591620717411303424"],
    ['a"b', '"a\\"b"'],
    [{ b: [1, true], a: "x" }, '{a:"x",b:[1,true]}'],
    [{ [MARK]: true, a: 1 }, "{a:1}"],
    [new Tuple([1, new Float64(2)]), "(1,2)"],
    [new Set(["a"]), 'set("a")'],
    [new Map([[1, 2]]), "map(1,2)"],
    [new Uint16Array([1, 256]), "Uint16Array(01000001)"],
    [new NdArray("uint8", [2], Uint8Array.of(1, 2)), "uint8[2](1,2)"],
    [new ClientRef(7), "<ClientRef>"],
    [new Marker(), "<Marker>"],
    [Marker, "<function Marker>"],
  ] as readonly (readonly [value: unknown, text: string])[])("writes %o as %s", (value, text) => {
    expect(canonical(value)).toBe(text);
  });

  it("ends with what holds itself", () => {
    const loop: Record<string, unknown> = {};
    loop["loop"] = loop;
    expect(canonical(loop)).toContain("<too deep>");
    expect(foreignIn(loop, "state")).toMatch(/nested deeper than 60 levels$/);
  });
});

describe("foreignIn", () => {
  it("finds nothing in plain data", () => {
    const plain = [null, 1n, { a: new Set([new Map([["k", [Uint8Array.of(1)]]])]) }, new Tuple([])];
    expect(foreignIn(plain, "state")).toBeUndefined();
  });

  it.each([
    [{ a: [1, new Date(0)] }, "info.a[1] is a Date"],
    [{ a: () => 1 }, "info.a is a function"],
    [{ a: Symbol("s") }, "info.a is a symbol"],
    [{ a: new Map([[1, new Marker()]]) }, "info.a[1] is a Marker"],
    [{ a: new Tuple([new ClientRef(3)]) }, "info.a[0] is an object that is no builtin"],
  ])("names the path to what is none: %o", (value, found) => {
    expect(foreignIn(value, "info")).toBe(found);
  });
});

describe("shorten and digest", () => {
  it("keep a report readable", () => {
    expect(shorten("short")).toBe("short");
    expect(shorten("x".repeat(1000))).toBe(`${"x".repeat(300)}… (1000 characters)`);
    expect(digest(["a", "b"])).toMatch(/^[0-9a-f]{16}$/);
    expect(digest(["a", "b"])).not.toBe(digest(["ab"]));
  });
});
