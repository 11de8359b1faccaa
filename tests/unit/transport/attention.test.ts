import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { Attention } from "../../../src/transport/attention.ts";

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["performance", "setImmediate", "setTimeout"] });
});

afterEach(() => {
  vi.useRealTimers();
});

function ask(attention: Attention): void {
  attention.noteFrame();
  attention.noteReply();
}

describe("Attention", () => {
  it("lets the loop sleep after a first question", () => {
    ask(new Attention(true));
    expect(vi.getTimerCount()).toBe(0);
  });

  it("looks out after a question that came right after a reply, and then sleeps again", () => {
    const attention = new Attention(true);
    ask(attention);
    ask(attention);
    expect(vi.getTimerCount()).toBe(1);
    vi.advanceTimersByTime(2);
    vi.runAllTimers();
    expect(vi.getTimerCount()).toBe(0);
  });

  it("lets the loop sleep when the client thinks in between", () => {
    const attention = new Attention(true);
    ask(attention);
    vi.advanceTimersByTime(50);
    ask(attention);
    expect(vi.getTimerCount()).toBe(0);
  });

  it("never looks out where it is not worth it", () => {
    const attention = new Attention(false);
    ask(attention);
    ask(attention);
    expect(vi.getTimerCount()).toBe(0);
  });
});
