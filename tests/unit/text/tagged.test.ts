import { describe, expect, it } from "vitest";
import { lastFenced, lastTagged } from "../../../src/text/tagged.ts";

describe("lastTagged", () => {
  it.each([
    ["<answer> a </answer>", "a"],
    ["<answer>a</answer> <answer>b\n c</answer>", "b\n c"],
    ["<answer>a <answer>b</answer>", "a <answer>b"],
    ["<answer>a</answer> <answer>b", "a"],
    ["<answer></answer>", ""],
    ["<Answer>a</Answer>", undefined],
    ["</answer><answer>", undefined],
  ])("of %j is %j", (reply, expected) => {
    expect(lastTagged(reply)).toBe(expected);
  });
});

describe("lastFenced", () => {
  it.each([
    ["```python\nprint(1)\n```", "print(1)"],
    ["```\na\n``` text ```py\nb\n```", "b"],
    ["```py\na\n``` ```py\nb", "a"],
    ["```py thon\na\n```", undefined],
    ["```py\r\na\n```", undefined],
    ["``` \na\n```", undefined],
    ["````\na\n````", "a"],
    ["```c++\na\n```\nb```", "b"],
    ["```äö\na```", "a"],
    ["no fence", undefined],
  ])("of %j is %j", (reply, expected) => {
    expect(lastFenced(reply)).toBe(expected);
  });

  it("is found in linear time", () => {
    expect(lastFenced("```".repeat(200_000))).toBe(undefined);
    expect(lastFenced("```a\n".repeat(100_000))).toBeDefined();
    expect(lastTagged("<answer>".repeat(100_000))).toBe(undefined);
  });
});
