import { describe, expect, it } from "vitest";
import { lastBalancedBox } from "../../../src/text/balanced-box.ts";

describe("lastBalancedBox", () => {
  it.each([
    ["\\boxed{a}", "a"],
    ["so \\boxed{a} or \\boxed{b} then", "b"],
    ["\\boxed{a{b}c}d}", "a{b}c"],
    ["\\boxed{ a b }", " a b "],
    ["\\boxed{}", ""],
    ["\\boxed{\n}", "\n"],
    ["\\boxed{\\boxed{a}}", "a"],
  ])("reads %j as %j", (reply, content) => {
    expect(lastBalancedBox(reply)).toBe(content);
  });

  it.each([
    "",
    "a",
    "{a}",
    "\\boxed",
    "\\boxed a",
    "\\boxed {a}",
    "\\boxed}{a}",
    "\\boxed{a",
    "\\fbox{a}",
  ])("finds none in %j", (reply) => {
    expect(lastBalancedBox(reply)).toBeUndefined();
  });

  it("does not fall back on a good box before a malformed last one", () => {
    expect(lastBalancedBox("\\boxed{a} \\boxed{b")).toBeUndefined();
    expect(lastBalancedBox("\\boxed{a} \\boxed")).toBeUndefined();
  });
});
