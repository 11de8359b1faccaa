import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { findCode } from "../../../src/tools/python-code/grammar.ts";
import { strip } from "../../../src/text/strip.ts";

describe("findCode", () => {
  it.each([
    ["<python>print(1)</python> then", "print(1)", "<python>print(1)</python>"],
    ["think\n```python\nprint(1)\n``` then", "print(1)", "think\n```python\nprint(1)\n```"],
    ["```\npython\nx = 1\n```", "x = 1", "```\npython\nx = 1\n```"],
    ["```python3\nprint(1)\n```", "3\nprint(1)", "```python3\nprint(1)\n```"],
    ["<python>\x1c\u00a0 a \x85</python>", "a", "<python>\x1c\u00a0 a \x85</python>"],
    ["<python></python>", "", "<python></python>"],
    ["````python\na```", "a", "````python\na```"],
  ])("finds the code of %j", (action, code, parsed) => {
    expect(findCode(action)).toEqual({ code, action: parsed });
  });

  it.each([
    "no code",
    "```\nprint(1)\n```",
    "```py\nprint(1)\n```",
    "```\n\npython\n1```",
    "<python>print(1)",
    "```python\nprint(1)",
    "<Python>1</Python>",
  ])("finds none in %j", (action) => {
    expect(findCode(action)).toBeUndefined();
  });

  it("takes the block that ends first", () => {
    expect(findCode("```python\n<python>1</python>\n```")?.code).toBe("1");
    expect(findCode("<python>```python\n2```</python>")?.code).toBe("2");
    expect(findCode("<python>1</python>```python\n2```")?.code).toBe("1");
  });

  it("takes the first block of a kind", () => {
    expect(findCode("<python>1</python><python>2</python>")?.code).toBe("1");
  });

  it("agrees with the patterns that define it", () => {
    const pieces = ["<python>", "</python>", "```", "`", "\n", "python", "x", " "];
    const actions = fc
      .array(fc.constantFrom(...pieces), { maxLength: 12 })
      .map((list) => list.join(""));
    fc.assert(
      fc.property(actions, (action) => {
        expect(findCode(action)).toEqual(byPatterns(action));
      }),
      { numRuns: 2000 },
    );
  });
});

function byPatterns(action: string): { code: string; action: string } | undefined {
  const found = [/```\n?python(.*?)```/s, /<python>(.*?)<\/python>/s]
    .map((pattern) => pattern.exec(action))
    .filter((match) => match !== null)
    .map((match) => ({ code: match[1] ?? "", end: match.index + match[0].length }))
    .sort((a, b) => a.end - b.end)[0];
  if (found === undefined) return undefined;
  return { code: found.code.trim(), action: action.slice(0, found.end) };
}

describe("strip", () => {
  it("takes off what Python counts as white space, in linear time", () => {
    expect(strip("\x1c\x1d\x1e\x1f\x85\u3000 a \ufeff b \u2028")).toBe("a \ufeff b");
    expect(strip(" ".repeat(500_000))).toBe("");
  });
});
