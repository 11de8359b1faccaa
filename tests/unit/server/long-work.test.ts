/** Long computations of one environment leave the worker's loop to the others (law L7), counted in slices, not in seconds. */
import { setImmediate } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { slicedHost, type EnvHost, type Work } from "../../../src/core/host.ts";
import type { MaybePromise } from "../../../src/core/maybe-promise.ts";
import { TestServer } from "./wire-client.ts";

/** A host that gives the loop free after every slice, about 100 µs of work, and counts them. */
class CountingHost implements EnvHost {
  slices = 0;
  readonly #host = slicedHost(0);

  run<T>(work: Work<T>): MaybePromise<T> {
    return this.#host.run(this.#counted(work));
  }

  *#counted<T>(work: Work<T>): Work<T> {
    for (;;) {
      this.slices += 1;
      const next = work.next();
      if (next.done === true) return next.value;
      yield;
    }
  }
}

describe("while one environment computes", () => {
  // Seeds whose rooms take a long search, a middling one and a short one.
  it.each([
    ["game:Sokoban-v0-hard", 0],
    ["game:Sokoban-v0-hard", 1],
    ["game:Sokoban-v0-hard", 2],
  ])("(%s with seed %i) each step of another is answered within two slices", async (id, seed) => {
    const host = new CountingHost();
    const server = new TestServer(host);
    const waiting = await server.connect();
    const client = await server.connect();
    const slow = await waiting.make(id);
    const quick = await client.make("test:Dice-v0");
    await client.call("reset", quick, 0, 5, {});
    const over = new AbortController();
    const reset = waiting.call("reset", slow, 0, seed, {}).finally(() => over.abort());
    let answered = 0;
    let longestWait = 0;
    for (let before = host.slices; !over.signal.aborted; before = host.slices) {
      await client.call("step", quick, 0, "roll");
      longestWait = Math.max(longestWait, host.slices - before);
      answered += 1;
      await setImmediate();
    }
    await reset;
    expect(longestWait).toBeLessThanOrEqual(2);
    expect(answered).toBeGreaterThan(host.slices / 4);
    expect(host.slices).toBeGreaterThan(10);
  });
});
