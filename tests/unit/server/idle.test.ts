import { beforeEach, describe, expect, it } from "vitest";
import { IdleWatch } from "../../../src/server/idle.ts";
import { FakeClock } from "./fake-clock.ts";

let clock: FakeClock;
let idle: number;
let watch: IdleWatch;

beforeEach(() => {
  clock = new FakeClock();
  idle = 0;
  watch = new IdleWatch(10_000, clock, () => (idle += 1));
});

describe("a server without clients", () => {
  it("is idle when nobody ever comes", () => {
    clock.advance(9_999);
    expect(idle).toBe(0);
    clock.advance(1);
    expect(idle).toBe(1);
  });

  it("is not while any worker has some", () => {
    watch.note(0, true);
    watch.note(1, true);
    watch.note(0, false);
    clock.advance(1_000_000);
    expect(idle).toBe(0);
    watch.note(1, false);
    clock.advance(9_999);
    watch.note(2, true);
    watch.note(2, false);
    clock.advance(9_999);
    expect(idle).toBe(0);
    clock.advance(1);
    expect(idle).toBe(1);
  });
});
