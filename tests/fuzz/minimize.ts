import type { FuzzInput, Target } from "./input.ts";

/** How many runs are spent on making an input small. */
const MOST_RUNS = 400;

/** The smallest part of a crash's inputs that is found to fail by itself; undefined when none does. */
export async function minimize(
  fresh: () => Target,
  inputs: readonly FuzzInput[],
): Promise<FuzzInput | undefined> {
  let runs = 0;
  const fails = async (input: FuzzInput): Promise<boolean> => {
    runs += 1;
    try {
      await fresh().run([input]);
      return false;
    } catch {
      return true;
    }
  };
  let smallest: FuzzInput | undefined;
  for (const input of inputs) {
    if (!(await fails(input))) continue;
    smallest = input;
    break;
  }
  for (let isSmaller = true; isSmaller && smallest !== undefined && runs < MOST_RUNS;) {
    isSmaller = false;
    for (const candidate of smallerThan(smallest)) {
      if (runs >= MOST_RUNS || !(await fails(candidate))) continue;
      smallest = candidate;
      isSmaller = true;
      break;
    }
  }
  return smallest;
}

/** Inputs with a frame less, or with fewer bytes in one. */
function* smallerThan({ salt, frames }: FuzzInput): Generator<FuzzInput> {
  for (let i = 0; i < frames.length; i++) yield { salt, frames: frames.toSpliced(i, 1) };
  for (const [i, frame] of frames.entries()) {
    for (let length = frame.length >> 1; length >= 1; length >>= 1) {
      for (let at = 0; at + length <= frame.length; at += length) {
        const shorter = Buffer.concat([frame.subarray(0, at), frame.subarray(at + length)]);
        yield { salt, frames: frames.with(i, shorter) };
      }
    }
  }
}
