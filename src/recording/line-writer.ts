/** Start and factor of the sum at each line's end. */
const SUM_START = 0x811c9dc5;
const SUM_FACTOR = 0x01000193;

/** What stands before and after the sum. */
export const SUM_OPENING = ',"sum":"';
const SUM_CLOSING = '"}\n';
const SUM_BYTES = SUM_OPENING.length + 8 + SUM_CLOSING.length;

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const SPACE = 0x20;
const DELETE = 0x7f;

const HEX = "0123456789abcdef";
const encoder = new TextEncoder();

/** Writes JSON lines as bytes into one growing block: no strings are made, and the sum is taken at the end of each line. */
export class LineWriter {
  #bytes: Buffer;
  /** A block that was given back. */
  #spare: Buffer | undefined;
  #length = 0;
  #lineStart = 0;

  /** @param size bytes of the block, to begin with */
  constructor(size: number = 1 << 16) {
    this.#bytes = Buffer.allocUnsafeSlow(size);
  }

  /** Bytes that are there. */
  get length(): number {
    return this.#length;
  }

  /** Text of ASCII characters that needs no escapes: keys, numbers, flags. */
  raw(text: string): void {
    this.#reserve(text.length);
    const bytes = this.#bytes;
    let at = this.#length;
    for (let i = 0; i < text.length; i++) bytes[at++] = text.charCodeAt(i);
    this.#length = at;
  }

  /** Any text, as a JSON string. */
  text(text: string): void {
    this.#reserve(text.length * 2 + 2);
    const bytes = this.#bytes;
    let at = this.#length;
    bytes[at++] = QUOTE;
    for (let i = 0; i < text.length; i++) {
      const unit = text.charCodeAt(i);
      if (unit < SPACE || unit >= DELETE) {
        this.json(text);
        return;
      }
      if (unit === QUOTE || unit === BACKSLASH) bytes[at++] = BACKSLASH;
      bytes[at++] = unit;
    }
    bytes[at++] = QUOTE;
    this.#length = at;
  }

  /** Any value that JSON has a form for. */
  json(value: unknown): void {
    const encoded = encoder.encode(JSON.stringify(value));
    this.#reserve(encoded.length);
    this.#bytes.set(encoded, this.#length);
    this.#length += encoded.length;
  }

  /** 32 bits as eight hexadecimal digits, without quotes. */
  hex(value: number): void {
    this.#reserve(8);
    this.#putHex(value);
  }

  /** Ends the line: its sum, and the object's end. */
  endLine(): void {
    this.#reserve(SUM_BYTES);
    const sum = sumOf(this.#bytes, this.#lineStart, this.#length);
    this.raw(SUM_OPENING);
    this.#putHex(sum);
    this.raw(SUM_CLOSING);
    this.#lineStart = this.#length;
  }

  /** Takes all whole lines out; `giveBack` takes them when they are not needed any more. */
  take(): Buffer {
    const taken = this.#bytes.subarray(0, this.#length);
    this.#bytes = this.#spare ?? Buffer.allocUnsafeSlow(this.#bytes.length);
    this.#spare = undefined;
    this.#length = 0;
    this.#lineStart = 0;
    return taken;
  }

  /** Takes what `take` gave back, so that its memory is used again. */
  giveBack(taken: Buffer): void {
    this.#spare = Buffer.from(taken.buffer as ArrayBuffer);
  }

  #putHex(value: number): void {
    const bytes = this.#bytes;
    let at = this.#length;
    for (let shift = 28; shift >= 0; shift -= 4) {
      bytes[at++] = HEX.charCodeAt((value >>> shift) & 15);
    }
    this.#length = at;
  }

  #reserve(count: number): void {
    if (this.#length + count <= this.#bytes.length) return;
    const larger = Buffer.allocUnsafeSlow(Math.max(this.#bytes.length * 2, this.#length + count));
    this.#bytes.copy(larger, 0, 0, this.#length);
    this.#bytes = larger;
  }
}

/** The sum of some bytes: FNV-1a, but over words of four bytes, little-endian, and what is left byte by byte. Any one change shows. */
export function sumOf(bytes: Uint8Array, start: number, end: number): number {
  let sum = SUM_START;
  let i = start;
  for (; i + 4 <= end; i += 4) {
    const low = (bytes[i] ?? 0) | ((bytes[i + 1] ?? 0) << 8);
    const high = ((bytes[i + 2] ?? 0) << 16) | ((bytes[i + 3] ?? 0) << 24);
    sum = Math.imul(sum ^ low ^ high, SUM_FACTOR);
  }
  for (; i < end; i++) sum = Math.imul(sum ^ (bytes[i] ?? 0), SUM_FACTOR);
  return sum;
}
