import { describe, expect, it } from "vitest";
import { DEFAULT_RULES, causeOf, isFault, rulesOf } from "../../../src/core/fault-policy.ts";
import { GemError } from "../../../src/errors.ts";

describe("a fault policy", () => {
  it("raises within 600 seconds unless somebody asks for something else", () => {
    expect(rulesOf({})).toBe(DEFAULT_RULES);
    expect(rulesOf({ onFault: "raise", deadlineSeconds: null })).toBe(DEFAULT_RULES);
    expect(DEFAULT_RULES).toEqual({
      onFault: "raise",
      deadlineMs: 600_000,
      isDefaultDeadline: true,
    });
  });

  it("takes a policy and a deadline in seconds", () => {
    expect(rulesOf({ onFault: "mask", deadlineSeconds: 0.5 })).toEqual({
      onFault: "mask",
      deadlineMs: 500,
      isDefaultDeadline: false,
    });
  });

  it.each(["ignore", "", null, true])(
    "refuses the policy %o and names the good ones",
    (onFault) => {
      expect(() => rulesOf({ onFault: onFault as never })).toThrow(
        expect.objectContaining({
          code: "GEM_INVALID_ARGUMENT",
          message: expect.stringContaining('"raise", "retry" or "mask"') as string,
        }),
      );
    },
  );

  it.each([0, -1, Number.NaN, Infinity, 3_000_000, "5", true])(
    "refuses the deadline %o",
    (deadlineSeconds) => {
      expect(() => rulesOf({ deadlineSeconds: deadlineSeconds as never })).toThrow(
        expect.objectContaining({ code: "GEM_INVALID_ARGUMENT" }),
      );
    },
  );

  it("takes mistakes of the caller for no faults, and anything else that is thrown for one", () => {
    expect(isFault(new GemError("GEM_INVALID_ACTION", ""))).toBe(false);
    expect(isFault(new GemError("GEM_DEADLINE", ""))).toBe(true);
    expect(isFault(new GemError("GEM_INTERNAL", ""))).toBe(true);
    expect(isFault(new TypeError("x is not a function"))).toBe(true);
    expect(causeOf(new TypeError("x is not a function"))).toBe("GEM_ENV_FAULT");
  });
});
