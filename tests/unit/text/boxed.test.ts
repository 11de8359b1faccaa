import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { lastBoxed } from "../../../src/text/boxed.ts";

const DIGITS = /\d+\}/y;
const LETTERS = /[a-z]+\}/iy;

describe("lastBoxed", () => {
  it.each([
    ["\\boxed{7}", "7"],
    ["I say \\boxed{12} and stop.", "12"],
    ["\\boxed{1}\\boxed{2}", "2"],
    ["\\boxed{1} or \\boxed{x}", "1"],
    ["\\boxed{1} or \\boxed{2", "1"],
    ["\\boxed{1} or \\boxed{}", "1"],
    ["\\\\boxed{3}", "3"],
    ["\\boxed{\\boxed{4}", "4"],
    ["\\boxed{\\boxed{4}}", "4"],
    ["{\\boxed{5}}}", "5"],
    ["\\boxed{007}", "007"],
  ])("reads %j as %j", (reply, content) => {
    expect(lastBoxed(reply, DIGITS)).toBe(content);
  });

  it.each([
    "",
    "7",
    "{7}",
    "boxed{7}",
    "\\boxed 7",
    "\\boxed {7}",
    "\\boxed{ 7}",
    "\\boxed{7 }",
    "\\boxed{-7}",
    "\\boxed{7",
    "\\boxed{7\\}",
    "\\Boxed{7}",
    "\\BOXED{7}",
    "\\fbox{7}",
    "{",
    "boxed{",
  ])("finds nothing in %j", (reply) => {
    expect(lastBoxed(reply, DIGITS)).toBeUndefined();
  });

  it("takes the word boxed in capitals only where any case is right", () => {
    expect(lastBoxed("\\BoXeD{Up}", LETTERS, "any-case")).toBe("Up");
    expect(lastBoxed("\\BoXeD{Up}", LETTERS)).toBeUndefined();
  });

  it("agrees with a search from the front for the last match", () => {
    const piece = fc.constantFrom(
      "\\boxed{",
      "\\",
      "boxed",
      "{",
      "}",
      "1",
      "23",
      "x",
      " ",
      "\ud800",
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 40 }), (pieces) => {
        const reply = pieces.join("");
        const last = [...reply.matchAll(/\\boxed\{(\d+)\}/g)].at(-1)?.[1];
        expect(lastBoxed(reply, DIGITS)).toBe(last);
      }),
    );
  });

  it.each(["\\boxed{", "\\boxed{1", "{", "\\", "\\boxed{x}", "\\boxed{1".repeat(3)])(
    "answers a million repetitions of %j",
    (piece) => {
      expect(lastBoxed(piece.repeat(1_000_000), DIGITS)).toBeUndefined();
    },
  );

  it("reads a number of a million digits", () => {
    expect(lastBoxed(`\\boxed{${"1".repeat(1_000_000)}}`, DIGITS)).toHaveLength(1_000_000);
  });
});
