import { describe, expect, it } from "vitest";
import { compileTemplate } from "../../../src/text/template.ts";

describe("compileTemplate", () => {
  it("lists the fields and fills them in, numbers as well as text", () => {
    const template = compileTemplate("{a} of {b}.");
    expect(template.fields).toEqual(["a", "b"]);
    expect(template.render({ a: 1, b: "two" })).toBe("1 of two.");
  });

  it("keeps doubled braces as single ones, also beside a field", () => {
    expect(compileTemplate("\\boxed{{{n}}} and {{n}}").render({ n: 3 })).toBe("\\boxed{3} and {n}");
  });

  it("gives a text without fields as it is", () => {
    expect(compileTemplate("plain { text }").render({})).toBe("plain { text }");
  });

  it("tells values apart in a long text, also after hundreds of others", () => {
    const template = compileTemplate(`${"x".repeat(300)}{a}|{b}`);
    const texts = Array.from({ length: 1000 }, (_, i) => template.render({ a: i, b: "" }));
    expect(new Set(texts).size).toBe(1000);
    expect(template.render({ a: 1, b: 11 })).not.toBe(template.render({ a: 11, b: 1 }));
    expect(template.render({ a: 7, b: "" })).toBe(`${"x".repeat(300)}7|`);
  });
});
