import { describe, expect, it } from "vitest";
import { pauseAfter, retryAfter } from "../../../../src/data/http/try-again.ts";

describe("retryAfter", () => {
  const date = Date.UTC(2030, 0, 1, 12, 0, 0);

  it("reads seconds and dates", () => {
    expect(retryAfter("3", date)).toBe(3000);
    expect(retryAfter("Tue, 01 Jan 2030 12:00:05 GMT", date)).toBe(5000);
    expect(retryAfter("Tue, 01 Jan 2030 11:00:00 GMT", date)).toBe(0);
  });

  it("knows nothing of anything else", () => {
    for (const header of [null, "", "soon", "-"]) {
      expect(retryAfter(header, date)).toBeUndefined();
    }
  });
});

describe("pauseAfter", () => {
  it("doubles from 200 ms to 10 s, with up to half of it on top", () => {
    for (const [failures, least] of [
      [1, 200],
      [2, 400],
      [3, 800],
      [40, 10_000],
    ] as const) {
      const pauses = Array.from({ length: 50 }, () => pauseAfter(failures));
      expect(Math.min(...pauses)).toBeGreaterThanOrEqual(least);
      expect(Math.max(...pauses)).toBeLessThanOrEqual(least * 1.5);
      expect(new Set(pauses).size).toBeGreaterThan(40);
    }
  });
});
