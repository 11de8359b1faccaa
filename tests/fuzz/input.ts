import type { FuzzRandom } from "./random.ts";

/** What one run of a target is fed with, and its form in a file. */

/** Frames in order, and a number from which everything else follows that the run draws. */
export interface FuzzInput {
  readonly salt: number;
  readonly frames: readonly Buffer[];
}

/** A target broke a promise. */
export class FuzzFailure extends Error {}

/** What is fuzzed. */
export interface Target {
  readonly name: string;
  /** Inputs to begin with. */
  readonly seeds: readonly FuzzInput[];
  /** Whether a file's coverage leads. */
  readonly isWatched: (url: string) => boolean;
  /** A new input. */
  make(random: FuzzRandom): FuzzInput;
  /** Runs inputs beside each other. @throws when a promise is broken */
  run(inputs: readonly FuzzInput[]): Promise<void>;
}

/** Lines of hex: the salt, then the frames. */
export function formatInput({ salt, frames }: FuzzInput): string {
  const lines = [
    salt.toString(16).padStart(8, "0"),
    ...frames.map((frame) => frame.toString("hex")),
  ];
  return `${lines.join("\n")}\n`;
}

/** The input that `formatInput` wrote. */
export function parseInput(text: string): FuzzInput {
  const [salt = "0", ...frames] = text.trimEnd().split("\n");
  return {
    salt: Number.parseInt(salt, 16),
    frames: frames.map((line) => Buffer.from(line, "hex")),
  };
}
