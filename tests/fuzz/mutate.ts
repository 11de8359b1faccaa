/** Changes of frames, some of which know msgpack. */
import type { FuzzRandom } from "./random.ts";

/** Headers that promise more than there is, end badly or nest. */
const LIES = [
  "c1",
  "dc ff ff",
  "dd ff ff ff ff",
  "dd 00 40 00 01",
  "de ff ff",
  "df ff ff ff ff",
  "df 80 00 00 00",
  "db ff ff ff ff",
  "c6 7f ff ff ff",
  "c7 00 06",
  "c7 03 06 d4 06 01",
  "c9 ff ff ff ff 04",
  "c8 ff ff 42",
  "d6 ff 00 00 00 00",
  "d4 08 71",
  "d8 05 00",
  "c7 05 03 dd 7f ff ff ff",
  "81 a9 5f 5f 70 72 6f 74 6f 5f 5f 00",
  "cf 00 20 00 00 00 00 00 00",
  "cb 7f f8 00 00 00 00 00 00",
  "91 91 91 91",
].map((hex) => Buffer.from(hex.replaceAll(" ", ""), "hex"));

const MOST_BYTES = 65_536;

/** A changed copy of a frame; `other` lends parts. */
export function mutate(random: FuzzRandom, frame: Buffer, other: Buffer): Buffer {
  let changed: Buffer = Buffer.from(frame);
  for (let i = 1 + random.below(3); i > 0; i--) changed = change(random, changed, other);
  return changed.subarray(0, MOST_BYTES);
}

function change(random: FuzzRandom, frame: Buffer, other: Buffer): Buffer {
  const at = random.below(frame.length + 1);
  const to = at + random.below(frame.length - at + 1);
  switch (random.below(9)) {
    case 0:
      if (at < frame.length) frame[at] = (frame[at] ?? 0) ^ (1 << random.below(8));
      return frame;
    case 1:
      if (at < frame.length) frame[at] = random.below(256);
      return frame;
    case 2:
      return frame.subarray(0, at);
    case 3:
      return Buffer.concat([frame.subarray(0, at), frame.subarray(to)]);
    case 4:
      return Buffer.concat([frame.subarray(0, to), frame.subarray(at)]);
    case 5:
      return insert(frame, at, random.pick(LIES));
    case 6:
      return Buffer.concat([frame.subarray(0, at), other.subarray(random.below(other.length + 1))]);
    case 7:
      return nested(random, frame, at);
    default:
      return insert(frame, at, Buffer.from([random.below(256), random.below(256)]));
  }
}

function insert(frame: Buffer, at: number, bytes: Buffer): Buffer {
  return Buffer.concat([frame.subarray(0, at), bytes, frame.subarray(at)]);
}

/** Puts what follows a place into many arrays or extensions. */
function nested(random: FuzzRandom, frame: Buffer, at: number): Buffer {
  const inner = frame.subarray(at, at + 1 + random.below(16));
  const levels = random.once(200) ? 9_000 : random.pick([2, 63, 64, 65, 400]);
  const type = random.pick([0x02, 0x03, 0x06, 0x07]);
  const headers: Buffer[] = [];
  const mixes = random.once(2);
  let length = inner.length;
  for (let i = 0; i < levels; i++) {
    const header =
      mixes && random.once(2)
        ? Buffer.from([0x91])
        : Buffer.from([0xc8, (length >> 8) & 0xff, length & 0xff, type]);
    headers.push(header);
    length += header.length;
  }
  return Buffer.concat([frame.subarray(0, at), ...headers.reverse(), inner, frame.subarray(at)]);
}
