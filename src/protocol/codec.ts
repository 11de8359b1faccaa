/**
 * Values to frames and back (`docs/protocol.md`, section 3).
 *
 * The codec is our own because the wire has rules that no general msgpack library keeps together: floats that stay floats, counts checked before
 * anything of their size is allocated, every unknown extension refused, no prototype from a key, invalid UTF-16 never sent. One pass does it all.
 */
import { FrameReader } from "./reader.ts";
import { FrameWriter } from "./writer.ts";

let writer: FrameWriter | undefined;

/**
 * The frame of a value, in msgpack's shortest form.
 *
 * @throws GEM_LIMIT when it is larger than `LIMITS.frameBytes` or deeper than `LIMITS.depth`
 * @throws TypeError when the value holds something that has no form on the wire
 */
export function encode(value: unknown): Buffer {
  writer ??= new FrameWriter();
  return writer.encode(value);
}

/** Gives the memory of a frame that nobody holds any more to the next frame that it is large enough for. */
export function recycle(frame: Buffer): void {
  writer?.recycle(frame);
}

/** The value of a frame. @throws GEM_BAD_FRAME */
export function decode(frame: Uint8Array): unknown {
  const reader = new FrameReader(asBuffer(frame));
  const value = reader.value();
  reader.finish();
  return value;
}

/** A view of the same bytes with Buffer's methods. */
export function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.isBuffer(bytes)
    ? bytes
    : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
