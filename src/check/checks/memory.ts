import { memoryUsage } from "node:process";
import { setImmediate } from "node:timers/promises";
import { failed, passed, skipped, type Finding } from "../report.ts";
import type { CheckRun, Player } from "../run.ts";

/** Instances that are measured, at most. */
const COUNT = 500;
/** Instances that come first: what they load and compile is shared by all. */
const FIRST = 20;
/** Time after which no more are made, in ms. */
const BUDGET_MS = 1000;
/** Fewer instances than this are not told from noise. */
const ENOUGH = 5;

/** How much an idle environment keeps; only where the garbage collector can be called. */
export async function checkMemory(run: CheckRun): Promise<Finding> {
  const collect: unknown = Reflect.get(globalThis, "gc");
  if (run.subject.isForeign) return skipped("Its memory is the client's.");
  if (!isFunction(collect))
    return skipped("The garbage collector cannot be called (node --expose-gc).");
  await start(run, FIRST);
  const before = await bytesInUse(collect);
  const players = await start(run, COUNT);
  const each = Math.max(0, Math.round(((await bytesInUse(collect)) - before) / players.length));
  if (players.length < ENOUGH)
    return skipped(`Only ${players.length} were reset within ${BUDGET_MS} ms, too few to measure.`);
  const limit = run.settings.memoryLimitBytes;
  const text = `${each} bytes each, ${players.length} measured`;
  if (each <= limit) return passed(text);
  return failed(`An idle environment must keep at most ${limit} bytes, it keeps ${text}.`);
}

/** Makes and resets as many as the budget allows, at most `count`. */
async function start(run: CheckRun, count: number): Promise<readonly Player[]> {
  const end = performance.now() + BUDGET_MS;
  const players: Player[] = [];
  for (let index = 0; index < count && performance.now() < end; index++) {
    const player = await run.fresh();
    await player.reset(BigInt(index));
    players.push(player);
  }
  return players;
}

/** Bytes in use on and off JavaScript's heap, garbage not counted. */
async function bytesInUse(collect: (...args: never[]) => unknown): Promise<number> {
  // Buffers off the heap are given back by tasks that follow a collection.
  for (let round = 0; round < 4; round++) {
    Reflect.apply(collect, undefined, []);
    await setImmediate();
  }
  const { heapUsed, external } = memoryUsage();
  return heapUsed + external;
}

function isFunction(value: unknown): value is (...args: never[]) => unknown {
  return typeof value === "function";
}
