import { isGemError } from "../../src/errors.ts";
import { decode, encode } from "../../src/protocol/codec.ts";
import { FrameSplitter } from "../../src/protocol/frame-splitter.ts";
import { readClientFrame } from "../../src/protocol/frame.ts";
import { LIMITS } from "../../src/protocol/messages.ts";
import { callFrame } from "./calls.ts";
import { goldenFrames } from "./corpus.ts";
import { FuzzFailure, type FuzzInput, type Target } from "./input.ts";
import type { FuzzRandom } from "./random.ts";

/** The reader of frames: whatever the bytes are, it gives a frame or says `GEM_BAD_FRAME`, and what it read is sent as it came. */
export class DecoderTarget implements Target {
  readonly name = "decoder";
  readonly seeds: readonly FuzzInput[] = goldenFrames().map((frame) => ({
    salt: 0,
    frames: [frame],
  }));
  readonly isWatched = (url: string): boolean => url.includes("/src/protocol/");

  make(random: FuzzRandom): FuzzInput {
    return { salt: 0, frames: [callFrame(random, 1 + random.below(3))] };
  }

  run(inputs: readonly FuzzInput[]): Promise<void> {
    for (const { frames } of inputs) {
      const splitter = new FrameSplitter(LIMITS.frameBytes, () => undefined);
      for (const frame of frames) {
        splitter.push(frame);
        readOne(frame);
      }
    }
    return Promise.resolve();
  }
}

function readOne(frame: Buffer): void {
  try {
    readClientFrame(frame);
  } catch (error) {
    refuse(error);
  }
  let value: unknown;
  try {
    value = decode(frame);
  } catch (error) {
    refuse(error);
    return;
  }
  // A lasting float becomes a plain one, and that an integer: only then all is as it stays.
  const lasting = encode(decode(encode(value)));
  if (!encode(decode(lasting)).equals(lasting))
    throw new FuzzFailure("what was read is another value when it is sent and read again");
}

function refuse(error: unknown): void {
  if (isGemError(error) && error.code === "GEM_BAD_FRAME") return;
  throw new FuzzFailure(`reading throws ${String(error)}`, { cause: error });
}
