/** What an idle environment keeps in memory. */
import { memoryUsage } from "node:process";
import { setImmediate } from "node:timers/promises";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { expect, it } from "vitest";
import type { Env } from "../../src/core/env.ts";
import { listEnvs, make } from "../../src/make.ts";

const COUNT = 10_000;
const LIMIT_BYTES = 4096;

/** Games whose state is a handful of numbers or a small board. */
const SIMPLE =
  /GuessTheNumber|Mastermind|Minesweeper|Wordle|FifteenPuzzle|Hangman|TowerofHanoi|Game2048/;

setFlagsFromString("--expose-gc");
const collectGarbage = runInNewContext("gc") as () => void;

/** Bytes in use on and off JavaScript's heap, garbage not counted. */
async function bytesInUse(): Promise<number> {
  // Buffers off the heap are given back by tasks that follow a collection.
  for (let i = 0; i < 4; i++) {
    collectGarbage();
    await setImmediate();
  }
  const { heapUsed, external } = memoryUsage();
  return heapUsed + external;
}

async function started(id: string, seed: number): Promise<Env> {
  const env = make(id);
  await env.reset(seed);
  return env;
}

it.each(listEnvs().filter((id) => id.startsWith("game:") && SIMPLE.test(id)))(
  "%s keeps at most 4 KB, its random generator of 2.5 KB included",
  async (id) => {
    // What the first ones load and compile is shared by all.
    for (let seed = 0; seed < 200; seed++) await started(id, seed);
    const before = await bytesInUse();
    const envs: Env[] = [];
    for (let seed = 0; seed < COUNT; seed++) envs.push(await started(id, seed));
    const each = ((await bytesInUse()) - before) / envs.length;
    expect(each).toBeLessThan(LIMIT_BYTES);
    // Any less and it was not them that was measured.
    expect(each).toBeGreaterThan(2496);
  },
);
