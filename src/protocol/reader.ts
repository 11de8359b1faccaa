import { GemError } from "../errors.ts";
import { bigIntFromBytes } from "./big-int.ts";
import { BIG_INT_BYTES, EXTENSION, TYPED_ARRAYS } from "./extensions.ts";
import { LIMITS } from "./messages.ts";
import { ClientRef, Float64, NdArray, Tuple, type ArrayDtype } from "./values.ts";

/** Strings up to this many bytes are read byte by byte, which beats a call into the runtime. */
const SHORT_STRING_BYTES = 16;

/** Node's own reading of UTF-8, past the checks of `toString`'s arguments, which cost as much again. */
const utf8Slice: (buffer: Buffer, start: number, end: number) => string =
  "utf8Slice" in Buffer.prototype
    ? (buffer, start, end) => (buffer as Buffer & Utf8Reading).utf8Slice(start, end)
    : (buffer, start, end) => buffer.toString("utf8", start, end);

interface Utf8Reading {
  utf8Slice(start: number, end: number): string;
}

const ELEMENT_BYTES: Readonly<Record<ArrayDtype, number>> = {
  int64: 8,
  float64: 8,
  bool: 1,
  uint8: 1,
};

/**
 * Reads one frame in a single pass. Whatever the bytes are, it allocates in proportion to them, recurses at most `LIMITS.depth`
 * deep, and gives plain values without a prototype of the sender's choosing.
 *
 * Every method throws GEM_BAD_FRAME on bytes that break the rules of `docs/protocol.md`, section 3.
 */
export class FrameReader {
  readonly #buffer: Buffer;
  #end: number;
  #position = 0;
  #depth = 0;
  /** Extensions that have begun and not ended; a level of their own, since one may hold another without an array. */
  #extensions = 0;
  #values = 0;

  constructor(buffer: Buffer) {
    this.#buffer = buffer;
    this.#end = buffer.length;
  }

  /** The next value. */
  value(): unknown {
    if (++this.#values > LIMITS.values) throw bad(`more than ${LIMITS.values} values`);
    const tag = this.uint8();
    if (tag < 0x80) return tag;
    if (tag < 0x90) return this.map(tag & 0x0f);
    if (tag < 0xa0) return this.array(tag & 0x0f);
    if (tag < 0xc0) return this.string(tag & 0x1f);
    if (tag >= 0xe0) return tag - 0x100;
    const read = TAGS[tag - 0xc0];
    if (read === undefined) throw bad(`the byte 0x${tag.toString(16)} where a value should begin`);
    return read(this);
  }

  /** The header of an array: its length. */
  arrayHeader(): number {
    const tag = this.uint8();
    if (tag >= 0x90 && tag < 0xa0) return this.#count(tag & 0x0f, 1);
    if (tag === 0xdc) return this.#count(this.uint16(), 1);
    if (tag === 0xdd) return this.#count(this.uint32(), 1);
    throw bad("something else where an array should be");
  }

  /** @throws GEM_BAD_FRAME when bytes are left over */
  finish(): void {
    const left = this.#end - this.#position;
    if (left > 0) throw bad(`${left} bytes too many`);
  }

  array(length: number): unknown[] {
    this.#count(length, 1);
    this.#descend();
    const items: unknown[] = [];
    for (let i = 0; i < length; i++) items.push(this.value());
    this.#depth -= 1;
    return items;
  }

  map(length: number): Record<string, unknown> {
    this.#count(length, 2);
    this.#descend();
    const entries: Record<string, unknown> = {};
    for (let i = 0; i < length; i++) {
      const key = this.value();
      if (typeof key !== "string") throw bad(`a map key that is no string (${typeof key})`);
      if (key === "__proto__") throw bad('the map key "__proto__"');
      entries[key] = this.value();
    }
    this.#depth -= 1;
    return entries;
  }

  string(length: number): string {
    const start = this.#take(length);
    const buffer = this.#buffer;
    if (length > SHORT_STRING_BYTES) return utf8Slice(buffer, start, start + length);
    let text = "";
    for (let i = start; i < start + length; i++) {
      const byte = buffer[i] ?? 0;
      if (byte > 0x7f) return buffer.toString("utf8", start, start + length);
      text += String.fromCharCode(byte);
    }
    return text;
  }

  /** A copy: a view would keep the frame alive, and `structuredClone` would copy the whole of it. */
  bytes(length: number): Uint8Array {
    const start = this.#take(length);
    const copy = new Uint8Array(length);
    this.#buffer.copy(copy, 0, start, start + length);
    return copy;
  }

  /** The next value, which must be bin of `length` bytes: a character for each byte. */
  byteString(length: number): string {
    if (this.uint8() !== 0xc4 || this.uint8() !== length)
      throw bad(`no bin of ${length} bytes where one should be`);
    const start = this.#take(length);
    return this.#buffer.toString("latin1", start, start + length);
  }

  /** An integer of −2^53 … 2^53 as a number, any other as a bigint. */
  uint64(): number | bigint {
    const high = this.uint32();
    const low = this.uint32();
    return high < 0x20_0000 ? high * 0x1_0000_0000 + low : (BigInt(high) << 32n) | BigInt(low);
  }

  int64(): number | bigint {
    const high = this.uint32() | 0;
    const low = this.uint32();
    if (high >= -0x20_0000 && high < 0x20_0000 && !(high === -0x20_0000 && low === 0)) {
      return high * 0x1_0000_0000 + low;
    }
    return (BigInt(high) << 32n) | BigInt(low);
  }

  uint8(): number {
    const byte = this.#buffer[this.#take(1)];
    return byte ?? 0;
  }

  uint16(): number {
    return this.#buffer.readUInt16BE(this.#take(2));
  }

  uint32(): number {
    return this.#buffer.readUInt32BE(this.#take(4));
  }

  float32(): number {
    return this.#buffer.readFloatBE(this.#take(4));
  }

  float64(): number {
    return this.#buffer.readDoubleBE(this.#take(8));
  }

  /** An extension whose payload has `length` bytes. */
  extension(length: number): unknown {
    const type = this.uint8();
    const read = EXTENSIONS.get(type);
    if (read === undefined) throw bad(`the unknown extension type 0x${type.toString(16)}`);
    const outerEnd = this.#end;
    const start = this.#take(length);
    this.#position = start;
    this.#end = start + length;
    this.#extensions += 1;
    if (this.#extensions > LIMITS.depth) throw bad(`more than ${LIMITS.depth} levels of nesting`);
    const value = read(this, length);
    this.#extensions -= 1;
    this.finish();
    this.#end = outerEnd;
    return value;
  }

  /** The next value, which must be an array. */
  items(): readonly unknown[] {
    this.#values += 1;
    return this.array(this.arrayHeader());
  }

  /** Moves on by `length` bytes; gives where they start. */
  #take(length: number): number {
    const start = this.#position;
    const next = start + length;
    if (next > this.#end) throw bad("an end in the middle of a value");
    this.#position = next;
    return start;
  }

  /** Checks a count against the bytes that are left, before anything of its size exists. */
  #count(count: number, bytesEach: number): number {
    if (count * bytesEach > this.#end - this.#position) {
      throw bad(`a count of ${count} where ${this.#end - this.#position} bytes are left`);
    }
    return count;
  }

  #descend(): void {
    if (++this.#depth > LIMITS.depth) throw bad(`more than ${LIMITS.depth} levels of nesting`);
  }
}

function bad(found: string): GemError {
  return new GemError("GEM_BAD_FRAME", `The frame cannot be read: it has ${found}.`);
}

/** Readers of what follows the tags 0xc0 … 0xdf. */
const TAGS: readonly (((frame: FrameReader) => unknown) | undefined)[] = [
  () => null,
  undefined,
  () => false,
  () => true,
  (frame) => frame.bytes(frame.uint8()),
  (frame) => frame.bytes(frame.uint16()),
  (frame) => frame.bytes(frame.uint32()),
  (frame) => frame.extension(frame.uint8()),
  (frame) => frame.extension(frame.uint16()),
  (frame) => frame.extension(frame.uint32()),
  (frame) => frame.float32(),
  (frame) => frame.float64(),
  (frame) => frame.uint8(),
  (frame) => frame.uint16(),
  (frame) => frame.uint32(),
  (frame) => frame.uint64(),
  (frame) => (frame.uint8() << 24) >> 24,
  (frame) => (frame.uint16() << 16) >> 16,
  (frame) => frame.uint32() | 0,
  (frame) => frame.int64(),
  (frame) => frame.extension(1),
  (frame) => frame.extension(2),
  (frame) => frame.extension(4),
  (frame) => frame.extension(8),
  (frame) => frame.extension(16),
  (frame) => frame.string(frame.uint8()),
  (frame) => frame.string(frame.uint16()),
  (frame) => frame.string(frame.uint32()),
  (frame) => frame.array(frame.uint16()),
  (frame) => frame.array(frame.uint32()),
  (frame) => frame.map(frame.uint16()),
  (frame) => frame.map(frame.uint32()),
];

type ExtensionReader = (frame: FrameReader, length: number) => unknown;

const EXTENSIONS: ReadonlyMap<number, ExtensionReader> = new Map<number, ExtensionReader>([
  [EXTENSION.set, (frame) => new Set(frame.items())],
  [EXTENSION.tuple, (frame) => new Tuple(frame.items())],
  [EXTENSION.ndArray, (frame) => ndArray(frame.items())],
  [EXTENSION.float, (frame) => new Float64(frame.float64())],
  [EXTENSION.clientRef, (frame) => clientRef(frame.value())],
  [EXTENSION.map, (frame) => anyMap(frame.items())],
  [EXTENSION.typedArray, typedArray],
  [EXTENSION.bigInt, bigInt],
]);

function bigInt(frame: FrameReader, length: number): bigint {
  if (length > BIG_INT_BYTES) throw bad(`an integer of ${length} bytes (at most ${BIG_INT_BYTES})`);
  return bigIntFromBytes(frame.bytes(length));
}

function clientRef(ref: unknown): ClientRef {
  if (typeof ref !== "number" || !Number.isInteger(ref) || ref < 0)
    throw bad("a malformed object reference");
  return new ClientRef(ref);
}

function anyMap(items: readonly unknown[]): Map<unknown, unknown> {
  if (items.length % 2 !== 0) throw bad("a map with a key and no value");
  const map = new Map<unknown, unknown>();
  for (let i = 0; i < items.length; i += 2) map.set(items[i], items[i + 1]);
  return map;
}

function ndArray([dtype, shape, data, ...rest]: readonly unknown[]): NdArray {
  if (!isDtype(dtype) || !isShape(shape) || !(data instanceof Uint8Array) || rest.length > 0) {
    throw bad("a malformed array");
  }
  const bytes = shape.reduce((product, length) => product * length, ELEMENT_BYTES[dtype]);
  if (bytes !== data.length)
    throw bad(`an array whose shape needs ${bytes} bytes and that has ${data.length}`);
  return new NdArray(dtype, shape, data);
}

function isDtype(value: unknown): value is ArrayDtype {
  return typeof value === "string" && Object.hasOwn(ELEMENT_BYTES, value);
}

function isShape(value: unknown): value is readonly number[] {
  return (
    Array.isArray(value) && value.every((length) => Number.isInteger(length) && Number(length) >= 0)
  );
}

function typedArray(frame: FrameReader, length: number): unknown {
  const kind = frame.uint8();
  const constructor = TYPED_ARRAYS.get(kind);
  if (constructor === undefined) throw bad(`the unknown element kind 0x${kind.toString(16)}`);
  const data = frame.bytes(length - 1);
  if (data.length % constructor.BYTES_PER_ELEMENT !== 0)
    throw bad("a typed array that ends within an element");
  const copy = new ArrayBuffer(data.length);
  new Uint8Array(copy).set(data);
  return new constructor(copy);
}
