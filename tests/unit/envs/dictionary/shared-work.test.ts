import { describe, expect, it } from "vitest";
import { inlineHost, type Work } from "../../../../src/core/host.ts";
import { SharedWork } from "../../../../src/envs/dictionary/shared-work.ts";

/** Work of `steps` interruptions that counts them. */
function counting(steps: number, count: { done: number }): Work<string> {
  return (function* () {
    for (let i = 0; i < steps; i++) {
      count.done += 1;
      yield;
    }
    if (steps === 5) throw new Error("five");
    return "result";
  })();
}

describe("shared work", () => {
  it("is done once, whoever does it, and has the same result for all", () => {
    const count = { done: 0 };
    const shared = new SharedWork(counting(4, count));
    const slow = shared.join();
    slow.next();
    slow.next();
    expect(inlineHost.run(shared.join())).toBe("result");
    expect(slow.next()).toEqual({ done: true, value: "result" });
    expect(inlineHost.run(shared.join())).toBe("result");
    expect(count.done).toBe(4);
  });

  it("fails for all in the same way", () => {
    const shared = new SharedWork(counting(5, { done: 0 }));
    const slow = shared.join();
    slow.next();
    expect(() => inlineHost.run(shared.join())).toThrow("five");
    expect(() => slow.next()).toThrow("five");
    expect(() => inlineHost.run(shared.join())).toThrow("five");
  });
});
