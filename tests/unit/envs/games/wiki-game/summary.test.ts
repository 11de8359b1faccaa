import { describe, expect, it } from "vitest";
import { summarize } from "../../../../../src/envs/games/wiki-game/summary.ts";

describe("summarize", () => {
  const text = "One  two. Three\u00a0four! five? Six";

  it("counts characters as people do, not in halves of pairs", () => {
    expect(summarize("a\u{1f600}bc", [2, "characters"])).toBe("a\u{1f600}...");
    expect(summarize("abc", [3, "characters"])).toBe("abc");
  });

  it("takes words and puts one blank between them", () => {
    expect(summarize(text, [3, "words"])).toBe("One two. Three...");
    expect(summarize(" One ", [3, "words"])).toBe("One");
  });

  it("ends sentences only before a capital letter", () => {
    expect(summarize(text, [1, "sentences"])).toBe("One  two....");
    expect(summarize(text, [2, "sentences"])).toBe("One  two. Three\u00a0four! five?...");
    expect(summarize(text, [9, "sentences"])).toBe("One  two. Three\u00a0four! five? Six");
  });

  it("has nothing to say about an empty page", () => {
    for (const unit of ["characters", "words", "sentences"] as const) {
      expect(summarize("", [5, unit])).toBe("");
    }
  });
});
