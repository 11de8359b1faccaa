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

/** Shorter texts are cheaper to write here than to hand to the runtime. */
const SHORT_UNITS = 64;
const MOST_BYTES_A_UNIT = 3;

/** Writes JSON lines as bytes into one growing block: no strings are made, and the sum is taken at the end of each line. */
export class LineWriter {
  #bytes: Buffer;
  #view: DataView;
  /** A block that was given back. */
  #spare: Buffer | undefined;
  #length = 0;
  #lineStart = 0;

  /** @param size bytes of the block, to begin with */
  constructor(size: number = 1 << 16) {
    this.#bytes = Buffer.allocUnsafeSlow(size);
    this.#view = viewOf(this.#bytes);
  }

  /** Bytes that are there. */
  get length(): number {
    return this.#length;
  }

  /** Text of ASCII characters that needs no escapes: keys, numbers, flags. */
  raw(text: string): void {
    this.#reserve(text.length);
    this.#length += this.#bytes.write(text, this.#length, "latin1");
  }

  /** Any text, as a JSON string. */
  text(text: string): void {
    if (text.length > SHORT_UNITS) {
      this.json(text);
      return;
    }
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
    const text = JSON.stringify(value);
    this.#reserve(text.length * MOST_BYTES_A_UNIT);
    this.#length += this.#bytes.write(text, this.#length, "utf8");
  }

  /** 32 bits as eight hexadecimal digits, without quotes. */
  hex(value: number): void {
    this.#reserve(8);
    this.#putHex(value);
  }

  /** Ends the line: its sum, and the object's end. */
  endLine(): void {
    this.#reserve(SUM_BYTES);
    const sum = sumOfView(this.#view, this.#lineStart, this.#length);
    this.#put(SUM_OPENING);
    this.#putHex(sum);
    this.#put(SUM_CLOSING);
    this.#lineStart = this.#length;
  }

  /** Takes all whole lines out; `giveBack` takes them when they are not needed any more. */
  take(): Buffer {
    const taken = this.#bytes.subarray(0, this.#length);
    this.#use(this.#spare ?? Buffer.allocUnsafeSlow(this.#bytes.length));
    this.#spare = undefined;
    this.#length = 0;
    this.#lineStart = 0;
    return taken;
  }

  /** Takes what `take` gave back, so that its memory is used again. */
  giveBack(taken: Buffer): void {
    this.#spare = Buffer.from(taken.buffer as ArrayBuffer);
  }

  /** A few characters, for which there is room. */
  #put(text: string): void {
    const bytes = this.#bytes;
    let at = this.#length;
    for (let i = 0; i < text.length; i++) bytes[at++] = text.charCodeAt(i);
    this.#length = at;
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
    this.#use(larger);
  }

  #use(bytes: Buffer): void {
    this.#bytes = bytes;
    this.#view = viewOf(bytes);
  }
}

/** The sum of some bytes: FNV-1a, but over words of four bytes, little-endian, and what is left byte by byte. Any one change shows. */
export function sumOf(bytes: Uint8Array, start: number, end: number): number {
  return sumOfView(viewOf(bytes), start, end);
}

function sumOfView(view: DataView, start: number, end: number): number {
  let sum = SUM_START;
  let i = start;
  for (; i + 4 <= end; i += 4) sum = Math.imul(sum ^ view.getInt32(i, true), SUM_FACTOR);
  for (; i < end; i++) sum = Math.imul(sum ^ view.getUint8(i), SUM_FACTOR);
  return sum;
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
