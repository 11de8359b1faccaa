import { GemError } from "../errors.ts";
import { bigIntToBytes } from "./big-int.ts";
import { BULK_DEPTH, bulkText, isPlain, STRING_TAGS } from "./bulk.ts";
import { BIG_INT_BYTES, EXTENSION, typedArrayKind } from "./extensions.ts";
import { LIMITS } from "./messages.ts";
import { ClientRef, FLOAT_KEYS, Float64, NdArray, Tuple } from "./values.ts";

const INITIAL_BYTES = 64 * 1024;
/** A buffer that one huge frame has blown up beyond this is given back after it. */
const KEPT_BYTES = 1024 * 1024;
/** A frame that fills more of the buffer than this takes it along: a new one costs less than the copy. */
const GIVEN_AWAY_FROM = 0.25;
/** Memory of earlier frames is used again from so many bytes on: less comes from a pool and costs next to nothing. */
const RECYCLED_FROM = 4096;
/** It is used for frames down to this part of its length, so that no small frame holds on to much. */
const RECYCLED_TO = 0.25;
/** Strings up to this many UTF-16 units are written one by one while they are ASCII. */
const SHORT_STRING_UNITS = 32;
/** An array of so many items is written in bulk where they are alike. */
const BULK_FROM = 4;
/** The longest header of an extension: tag, 32-bit length, type. */
const EXTENSION_HEADER_BYTES = 6;

const I64_MIN = -(2n ** 63n);
const U64_END = 2n ** 64n;

/** msgpack tags of things with a length: [up to 15 or 31 within the tag, 8 bits, 16 bits, 32 bits]; 0 where there is none. */
const BIN_TAGS = { fix: 0, fixEnd: 0, bits8: 0xc4, bits16: 0xc5, bits32: 0xc6 } as const;
const ARRAY_TAGS = { fix: 0x90, fixEnd: 16, bits8: 0, bits16: 0xdc, bits32: 0xdd } as const;
const MAP_TAGS = { fix: 0x80, fixEnd: 16, bits8: 0, bits16: 0xde, bits32: 0xdf } as const;
const FIXED_EXTENSION_TAGS: ReadonlyMap<number, number> = new Map([
  [1, 0xd4],
  [2, 0xd5],
  [4, 0xd6],
  [8, 0xd7],
  [16, 0xd8],
]);

interface LengthTags {
  readonly fix: number;
  readonly fixEnd: number;
  readonly bits8: number;
  readonly bits16: number;
  readonly bits32: number;
}

/** Whether an object is no level of nesting on the wire. */
function isLeaf(value: object): boolean {
  return ArrayBuffer.isView(value) || value instanceof Float64 || value instanceof ClientRef;
}

/** Writes frames in msgpack's shortest form, one after the other, into a buffer of its own. */
export class FrameWriter {
  #buffer = Buffer.allocUnsafeSlow(INITIAL_BYTES);
  #view = new DataView(this.#buffer.buffer);
  #position = 0;
  #depth = 0;
  /** The memory of a frame that was given back. */
  #spare: ArrayBufferLike | undefined;

  /**
   * The frame of `value`, in memory of its own.
   *
   * @throws GEM_LIMIT when it is too large or too deep
   * @throws TypeError when it holds something that has no form on the wire: a function, a symbol, an instance of another class
   */
  encode(value: unknown): Buffer {
    this.#position = 0;
    this.#depth = 0;
    this.#value(value);
    const end = this.#position;
    const buffer = this.#buffer;
    if (end > LIMITS.frameBytes) throw tooLarge();
    if (buffer.length > KEPT_BYTES) {
      this.#resize(INITIAL_BYTES);
    } else if (end > buffer.length * GIVEN_AWAY_FROM) {
      this.#resize(buffer.length);
      return buffer.subarray(0, end);
    }
    const frame = this.#memory(end);
    frame.set(buffer.subarray(0, end));
    return frame;
  }

  /** Takes the memory of a frame back, which nobody may hold any more. */
  recycle(frame: Buffer): void {
    // A shorter one may be a piece of the pool.
    if (frame.length >= RECYCLED_FROM && frame.buffer.byteLength <= KEPT_BYTES)
      this.#spare = frame.buffer;
  }

  /** Memory for a frame, its own or that of one that was given back. */
  #memory(bytes: number): Buffer {
    const spare = this.#spare;
    if (spare === undefined || bytes > spare.byteLength || bytes < spare.byteLength * RECYCLED_TO) {
      return bytes < RECYCLED_FROM ? Buffer.allocUnsafe(bytes) : Buffer.allocUnsafeSlow(bytes);
    }
    this.#spare = undefined;
    return Buffer.from(spare, 0, bytes);
  }

  #value(value: unknown): void {
    switch (typeof value) {
      case "string":
        this.#string(value);
        return;
      case "number":
        this.#number(value);
        return;
      case "boolean":
        this.#byte(value ? 0xc3 : 0xc2);
        return;
      case "bigint":
        this.#bigInt(value);
        return;
      case "undefined":
        this.#byte(0xc0);
        return;
      case "object":
        this.#object(value);
        return;
      case "function":
      case "symbol":
        throw new TypeError(`A ${typeof value} has no form on the wire.`);
    }
  }

  #object(value: object | null): void {
    if (value === null) {
      this.#byte(0xc0);
      return;
    }
    if (++this.#depth > LIMITS.depth && !isLeaf(value)) {
      throw new GemError(
        "GEM_LIMIT",
        `A value is nested more than ${LIMITS.depth} levels deep; it cannot be sent.`,
      );
    }
    if (Array.isArray(value)) {
      this.#items(value);
    } else {
      const prototype: unknown = Object.getPrototypeOf(value);
      if (prototype === Object.prototype || prototype === null)
        this.#map(value as Record<string, unknown>);
      else this.#instance(value);
    }
    this.#depth -= 1;
  }

  #instance(value: object): void {
    if (value instanceof Uint8Array) this.#bin(value);
    else if (value instanceof Float64) this.#float(value.value);
    else if (value instanceof Tuple)
      this.#extension(EXTENSION.tuple, () => this.#items(value.items));
    else if (value instanceof ClientRef)
      this.#extension(EXTENSION.clientRef, () => this.#number(value.ref));
    else if (value instanceof Set) this.#extension(EXTENSION.set, () => this.#items([...value]));
    else if (value instanceof Map)
      this.#extension(EXTENSION.map, () => this.#items([...value].flat(1)));
    else if (value instanceof NdArray) this.#ndArray(value);
    else this.#typedArray(value);
  }

  #items(items: readonly unknown[]): void {
    const length = items.length;
    this.#length(length, ARRAY_TAGS);
    const canNest = this.#depth + BULK_DEPTH <= LIMITS.depth;
    if (length >= BULK_FROM && canNest && (typeof items[0] === "string" || isPlain(items[0]))) {
      const text = bulkText(items);
      if (text !== undefined) {
        this.#reserve(text.length);
        this.#position += this.#buffer.write(text, this.#position, "latin1");
        return;
      }
    }
    for (let i = 0; i < length; i++) this.#value(items[i]);
  }

  #map(map: Readonly<Record<string, unknown>>): void {
    const keys = Object.keys(map);
    const start = this.#position;
    this.#length(keys.length, MAP_TAGS);
    for (const key of keys) {
      const value = map[key];
      if (value === undefined) {
        // Its header counts too many: without the entries that are left out it is written anew.
        this.#position = start;
        this.#map(withoutUndefined(map));
        return;
      }
      this.#string(key);
      if (typeof value === "number" && FLOAT_KEYS.has(key)) this.#float(value);
      else this.#value(value);
    }
  }

  #ndArray(array: NdArray): void {
    this.#extension(EXTENSION.ndArray, () => {
      this.#length(3, ARRAY_TAGS);
      this.#string(array.dtype);
      this.#items(array.shape);
      this.#bin(array.data);
    });
  }

  #typedArray(value: object): void {
    const kind = typedArrayKind(value);
    if (kind === undefined || !ArrayBuffer.isView(value)) {
      throw new TypeError(`A ${value.constructor.name} has no form on the wire.`);
    }
    const bytes = new Uint8Array(value.buffer, value.byteOffset, value.byteLength);
    this.#extension(EXTENSION.typedArray, () => {
      this.#byte(kind);
      this.#raw(bytes);
    });
  }

  /** Writes the payload behind room for the longest header, then moves it up to the header it needs. */
  #extension(type: number, payload: () => void): void {
    this.#reserve(EXTENSION_HEADER_BYTES);
    const start = this.#position;
    const payloadStart = start + EXTENSION_HEADER_BYTES;
    this.#position = payloadStart;
    payload();
    const end = this.#position;
    const length = end - payloadStart;
    this.#position = start;
    const fixed = FIXED_EXTENSION_TAGS.get(length);
    if (fixed === undefined)
      this.#length(length, { fix: 0, fixEnd: 0, bits8: 0xc7, bits16: 0xc8, bits32: 0xc9 });
    else this.#byte(fixed);
    this.#byte(type);
    this.#buffer.copyWithin(this.#position, payloadStart, end);
    this.#position += length;
  }

  #bin(bytes: Uint8Array): void {
    this.#length(bytes.length, BIN_TAGS);
    this.#raw(bytes);
  }

  #raw(bytes: Uint8Array): void {
    this.#reserve(bytes.length);
    this.#buffer.set(bytes, this.#position);
    this.#position += bytes.length;
  }

  /** Lone surrogates become U+FFFD: `charCodeAt` finds none in ASCII, and `Buffer.write` replaces them. */
  #string(text: string): void {
    const units = text.length;
    if (units <= SHORT_STRING_UNITS && this.#ascii(text, units)) return;
    this.#reserve(5 + units * 3);
    const start = this.#position;
    const guess = lengthBytes(units);
    const written = this.#buffer.write(text, start + guess, "utf8");
    const header = lengthBytes(written);
    if (header !== guess)
      this.#buffer.copyWithin(start + header, start + guess, start + guess + written);
    this.#length(written, STRING_TAGS);
    this.#position += written;
  }

  /** Writes a short string when it is ASCII; else leaves the position where it was. */
  #ascii(text: string, units: number): boolean {
    this.#reserve(2 + units);
    const buffer = this.#buffer;
    const start = this.#position + lengthBytes(units);
    for (let i = 0; i < units; i++) {
      const unit = text.charCodeAt(i);
      if (unit > 0x7f) return false;
      buffer[start + i] = unit;
    }
    this.#length(units, STRING_TAGS);
    this.#position += units;
    return true;
  }

  /** A safe integer as an integer (but −0), anything else as float64. */
  #number(value: number): void {
    if (!Number.isSafeInteger(value) || Object.is(value, -0)) this.#float(value);
    else if (value >= 0) this.#unsigned(value);
    else this.#negative(value);
  }

  #unsigned(value: number): void {
    this.#reserve(9);
    if (value < 0x80) {
      this.#buffer[this.#position++] = value;
    } else if (value < 0x100) {
      this.#buffer[this.#position++] = 0xcc;
      this.#buffer[this.#position++] = value;
    } else if (value < 0x1_0000) {
      this.#tagged(0xcd, 2).setUint16(this.#position - 2, value);
    } else if (value < 0x1_0000_0000) {
      this.#tagged(0xce, 4).setUint32(this.#position - 4, value);
    } else {
      this.#tagged(0xcf, 8).setBigUint64(this.#position - 8, BigInt(value));
    }
  }

  #negative(value: number): void {
    this.#reserve(9);
    if (value >= -0x20) this.#buffer[this.#position++] = value;
    else if (value >= -0x80) this.#tagged(0xd0, 1).setInt8(this.#position - 1, value);
    else if (value >= -0x8000) this.#tagged(0xd1, 2).setInt16(this.#position - 2, value);
    else if (value >= -0x8000_0000) this.#tagged(0xd2, 4).setInt32(this.#position - 4, value);
    else this.#tagged(0xd3, 8).setBigInt64(this.#position - 8, BigInt(value));
  }

  #bigInt(value: bigint): void {
    if (BigInt.asIntN(54, value) === value) {
      this.#number(Number(value));
    } else if (value >= 0n && value < U64_END) {
      this.#reserve(9);
      this.#tagged(0xcf, 8).setBigUint64(this.#position - 8, value);
    } else if (value < 0n && value >= I64_MIN) {
      this.#reserve(9);
      this.#tagged(0xd3, 8).setBigInt64(this.#position - 8, value);
    } else {
      const bytes = bigIntToBytes(value);
      if (bytes === undefined) {
        throw new GemError(
          "GEM_LIMIT",
          `An integer is longer than ${BIG_INT_BYTES} bytes; it cannot be sent.`,
        );
      }
      this.#extension(EXTENSION.bigInt, () => this.#raw(bytes));
    }
  }

  #float(value: number): void {
    this.#reserve(9);
    this.#tagged(0xcb, 8).setFloat64(this.#position - 8, value);
  }

  #byte(byte: number): void {
    this.#reserve(1);
    this.#buffer[this.#position++] = byte;
  }

  /** Writes a tag and moves on behind the `bytes` that follow it, which the caller fills in through the view. */
  #tagged(tag: number, bytes: number): DataView {
    this.#buffer[this.#position] = tag;
    this.#position += 1 + bytes;
    return this.#view;
  }

  #length(length: number, tags: LengthTags): void {
    this.#reserve(5);
    if (length < tags.fixEnd) {
      this.#buffer[this.#position++] = tags.fix | length;
    } else if (length < 0x100 && tags.bits8 !== 0) {
      this.#buffer[this.#position++] = tags.bits8;
      this.#buffer[this.#position++] = length;
    } else if (length < 0x1_0000) {
      this.#tagged(tags.bits16, 2).setUint16(this.#position - 2, length);
    } else {
      this.#tagged(tags.bits32, 4).setUint32(this.#position - 4, length);
    }
  }

  #reserve(bytes: number): void {
    const needed = this.#position + bytes;
    if (needed <= this.#buffer.length) return;
    if (this.#position > LIMITS.frameBytes || bytes > LIMITS.frameBytes * 4) throw tooLarge();
    const old = this.#buffer;
    this.#resize(Math.max(needed, old.length * 2));
    this.#buffer.set(old.subarray(0, this.#position));
  }

  #resize(bytes: number): void {
    this.#buffer = Buffer.allocUnsafeSlow(bytes);
    this.#view = new DataView(this.#buffer.buffer);
  }
}

function withoutUndefined(map: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(map).filter(([, value]) => value !== undefined));
}

function tooLarge(): GemError {
  const message = `A message is larger than a frame may be (${LIMITS.frameBytes} bytes). Ask for less at once.`;
  return new GemError("GEM_LIMIT", message);
}

/** Bytes of a string's header, tag included. */
function lengthBytes(length: number): number {
  if (length < 32) return 1;
  if (length < 0x100) return 2;
  return length < 0x1_0000 ? 3 : 5;
}
