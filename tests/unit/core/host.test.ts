import { describe, expect, it } from "vitest";
import { inlineHost, slicedHost, type Work } from "../../../src/core/host.ts";

function* countTo(n: number, onYield: () => void): Work<number> {
  for (let i = 0; i < n; i++) {
    onYield();
    yield;
  }
  return n;
}

describe("inlineHost", () => {
  it("runs work to its end at once", () => {
    let yields = 0;
    expect(inlineHost.run(countTo(5, () => yields++))).toBe(5);
    expect(yields).toBe(5);
  });
});

describe("slicedHost", () => {
  it("lets the event loop run between slices and gives the same result", async () => {
    const events: string[] = [];
    const result = slicedHost(0).run(countTo(3, () => events.push("work")));
    setImmediate(() => events.push("other"));
    expect(await result).toBe(3);
    expect(events.indexOf("other")).toBeGreaterThan(0);
    expect(events.indexOf("other")).toBeLessThan(events.lastIndexOf("work"));
  });

  it("answers at once when the work fits into one slice", () => {
    expect(slicedHost(1000).run(countTo(3, () => undefined))).toBe(3);
  });

  it("passes on an error of the work", async () => {
    const failing = function* (): Work<number> {
      yield;
      throw new Error("no room");
    };
    await expect(slicedHost(0).run(failing())).rejects.toThrow("no room");
  });
});
