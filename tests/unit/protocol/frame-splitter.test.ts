import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { FrameSplitter } from "../../../src/protocol/frame-splitter.ts";

function stream(frames: readonly Uint8Array[]): Buffer {
  return Buffer.concat(
    frames.flatMap((frame) => {
      const header = Buffer.alloc(4);
      header.writeUInt32LE(frame.length);
      return [header, frame];
    }),
  );
}

describe("FrameSplitter", () => {
  it("gives back the frames whatever the pieces they arrive in", () => {
    const frames = fc.array(fc.uint8Array({ maxLength: 40 }), { maxLength: 12 });
    const cuts = fc.array(fc.nat(), { maxLength: 20 });
    fc.assert(
      fc.property(frames, cuts, (sent, points) => {
        const bytes = stream(sent);
        const got: Buffer[] = [];
        const splitter = new FrameSplitter(1000, (frame) => got.push(Buffer.from(frame)));
        const ends = points.map((point) => point % (bytes.length + 1)).sort((a, b) => a - b);
        let start = 0;
        for (const end of [...ends, bytes.length]) {
          expect(splitter.push(bytes.subarray(start, end))).toBe(true);
          start = end;
        }
        expect(got.map((frame) => [...frame])).toEqual(sent.map((frame) => [...frame]));
      }),
    );
  });

  it("refuses a frame above the limit at its header, after those before it", () => {
    const got: number[] = [];
    const splitter = new FrameSplitter(3, (frame) => got.push(frame.length));
    expect(splitter.push(stream([Buffer.alloc(3)]))).toBe(true);
    expect(splitter.push(Buffer.from([4, 0, 0, 0]))).toBe(false);
    expect(got).toEqual([3]);
  });
});
