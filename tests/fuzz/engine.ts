/** The loop: inputs from the corpus are changed, run, and kept when they reach something new. */
import { Coverage } from "./coverage.ts";
import type { FuzzInput, Target } from "./input.ts";
import { mutate } from "./mutate.ts";
import { FuzzRandom } from "./random.ts";

const BATCH = 64;
const MOST_KEPT = 4096;
const MOST_FRAMES = 24;
/** Coverage is looked at after every batch at first, and more and more rarely while nothing new comes. */
const RAREST_LOOK = 512;

/** How a run goes. */
export interface FuzzOptions {
  /** Frames to run. */
  readonly frames: number;
  readonly seed: number;
  /** Told now and then how many frames have run. */
  readonly onProgress: (frames: number, kept: number, blocks: number) => void;
}

/** A run's failure, with what caused it. */
export interface FuzzCrash {
  readonly inputs: readonly FuzzInput[];
  readonly error: unknown;
}

/** What a run came to. */
export interface FuzzOutcome {
  readonly frames: number;
  readonly inputs: number;
  readonly kept: number;
  readonly blocks: number;
  readonly crash: FuzzCrash | undefined;
}

/** Runs a target until so many frames have run or a promise is broken. */
export async function fuzz(target: Target, options: FuzzOptions): Promise<FuzzOutcome> {
  const random = new FuzzRandom(options.seed);
  const coverage = new Coverage(target.isWatched);
  const kept: FuzzInput[] = [...target.seeds];
  let frames = 0;
  let inputs = 0;
  let gap = 1;
  let untilLook = 0;
  try {
    while (frames < options.frames) {
      const batch = Array.from({ length: BATCH }, () => nextInput(target, random, kept));
      try {
        await target.run(batch);
      } catch (error) {
        const crash = { inputs: batch, error };
        return { frames, inputs, kept: kept.length, blocks: coverage.size, crash };
      }
      inputs += batch.length;
      for (const input of batch) frames += input.frames.length;
      if (--untilLook <= 0) {
        const isNew = await keepNew(target, coverage, batch, kept, random);
        gap = isNew ? Math.max(1, gap >> 1) : Math.min(RAREST_LOOK, gap * 2);
        untilLook = gap;
      } else if (untilLook === 1) coverage.take();
      options.onProgress(frames, kept.length, coverage.size);
    }
  } finally {
    coverage.close();
  }
  return { frames, inputs, kept: kept.length, blocks: coverage.size, crash: undefined };
}

function nextInput(target: Target, random: FuzzRandom, kept: readonly FuzzInput[]): FuzzInput {
  if (kept.length === 0 || random.once(4)) return target.make(random);
  const { salt, frames } = random.pick(kept);
  const other = random.pick(kept);
  const changed = [...frames];
  if (random.once(4)) changed.splice(random.below(changed.length + 1), 0, ...other.frames);
  if (random.once(6)) changed.splice(random.below(changed.length + 1), 1);
  const at = random.below(changed.length);
  const frame = changed[at];
  const [lender = frame] = other.frames;
  if (frame !== undefined && lender !== undefined && !random.once(8))
    changed[at] = mutate(random, frame, lender);
  return {
    salt: random.once(4) ? random.below(2 ** 31) : salt,
    frames: changed.slice(0, MOST_FRAMES),
  };
}

/** Keeps the inputs of a batch that reach what was never reached; whether there are any. */
async function keepNew(
  target: Target,
  coverage: Coverage,
  batch: readonly FuzzInput[],
  kept: FuzzInput[],
  random: FuzzRandom,
): Promise<boolean> {
  const fresh = coverage.newAmong(coverage.take());
  if (fresh.size === 0) return false;
  coverage.add(fresh);
  for (const input of await reaching(target, coverage, batch, fresh)) {
    if (kept.length < MOST_KEPT) kept.push(input);
    else kept[random.below(MOST_KEPT)] = input;
  }
  return true;
}

/** Those of some inputs that reach given blocks, found by halving; the blocks are taken out of `fresh`. */
async function reaching(
  target: Target,
  coverage: Coverage,
  inputs: readonly FuzzInput[],
  fresh: Set<string>,
): Promise<readonly FuzzInput[]> {
  if (fresh.size === 0) return [];
  await target.run(inputs);
  const reached = new Set([...coverage.take()].filter((block) => fresh.has(block)));
  for (const block of reached) fresh.delete(block);
  if (reached.size === 0 || inputs.length === 1) return reached.size === 0 ? [] : inputs;
  const half = inputs.length >> 1;
  const first = await reaching(target, coverage, inputs.slice(0, half), reached);
  return [...first, ...(await reaching(target, coverage, inputs.slice(half), reached))];
}
