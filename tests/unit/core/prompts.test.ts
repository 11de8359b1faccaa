import { describe, expect, it } from "vitest";
import { Prompts } from "../../../src/core/prompts.ts";

const prompts = Prompts.define({ rules: "From {low} to {high}: \\boxed{{{low}}}", hint: "higher" });

describe("Prompts", () => {
  it("fills in fields and keeps doubled braces as literal ones", () => {
    expect(prompts.render("rules", { low: 1, high: 9 })).toBe("From 1 to 9: \\boxed{1}");
  });

  it("replaces a text and leaves the others and the original alone", () => {
    const mine = prompts.replace({ hint: "go up" });
    expect(mine.render("hint")).toBe("go up");
    expect(mine.render("rules", { low: 2, high: 3 })).toBe("From 2 to 3: \\boxed{2}");
    expect(prompts.render("hint")).toBe("higher");
  });

  it.each([
    [{ hnt: "x" }, /Unknown prompt "hnt". Did you mean "hint"\?/],
    [{ hint: 3 }, /must be a string, got 3/],
    [{ rules: "{low} {middle}" }, /no field \{middle\}. Its fields are: \{low\}, \{high\}/],
    [["x"], /must map names to texts/],
  ])("refuses %o", (overrides, message) => {
    expect(() => prompts.replace(overrides)).toThrow(message);
  });
});
