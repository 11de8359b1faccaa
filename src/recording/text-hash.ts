const HIGH_START = 0x9e3779b9;
const LOW_START = 0x85ebca6b;
const HIGH_FACTOR = 0x9e3779b1;
const LOW_FACTOR = 0xc2b2ae35;

const WORD_BYTES = 4;

/** Texts are taken in pieces of so many UTF-16 units, each at most three bytes. */
const PIECE_UNITS = 1 << 14;

const SHORT_UNITS = 96;

/** Where texts become bytes; one for all hashes of a thread. */
const scratch = Buffer.alloc(WORD_BYTES + PIECE_UNITS * 3);
const words = new Int32Array(scratch.buffer, scratch.byteOffset, scratch.length >> 2);

/** How far a hash has come. */
interface Mark {
  first: number;
  second: number;
  rest: number;
  length: number;
  /** UTF-16 units that were read; below 0: there is no such place. */
  units: number;
}

/**
 * 64-bit hashes of texts, each of which usually begins with the one before: then only what is new is read.
 *
 * The hash depends on the text alone. It tells texts apart that differ by accident; it is no protection against forgery.
 * `docs/recording.md` defines it.
 */
export class TextHash {
  /** The upper and lower half of the last text's hash. */
  high = 0;
  low = 0;
  #text = "";
  /** Both halves after all whole words of the text, the bytes that are left, and how many bytes there were. */
  #first = HIGH_START;
  #second = LOW_START;
  #rest = 0;
  #length = 0;
  /** A place in the last text that `append` can go on from. */
  readonly #mark: Mark = { first: 0, second: 0, rest: 0, length: 0, units: -1 };

  /** UTF-16 units of the last text. */
  get units(): number {
    return this.#text.length;
  }

  /** Takes the next text; `high` and `low` are its hash then. @param cut so many units of its end will be replaced by what `append` is given */
  update(text: string, cut = 0): void {
    const known = this.#text;
    if (known !== "" && !goesOn(text, known)) this.forget();
    const from = this.#text.length;
    this.#text = text;
    this.#addMarked(text, from, 0, cut);
  }

  /**
   * Takes the next text, of which it is known that it begins like the last one: then neither is read.
   *
   * @param keep units that both begin with @param tail what follows them @param cut as for `update`
   * @returns whether it could: the last text was marked there
   */
  append(text: string, keep: number, tail: string, cut = 0): boolean {
    const mark = this.#mark;
    if (mark.units !== keep) return false;
    this.#first = mark.first;
    this.#second = mark.second;
    this.#rest = mark.rest;
    this.#length = mark.length;
    this.#text = text;
    this.#addMarked(tail, 0, keep, cut);
    return true;
  }

  /** Forgets the last text, which may be long. */
  forget(): void {
    this.#text = "";
    this.#first = HIGH_START;
    this.#second = LOW_START;
    this.#rest = 0;
    this.#length = 0;
    this.#mark.units = -1;
  }

  /** Adds the units of a text from one on, marks the place before its last `cut`, and finishes. @param before units before that text */
  #addMarked(text: string, from: number, before: number, cut: number): void {
    const at = text.length - cut;
    // Not within a character: its halves become bytes together.
    const hasMark = at >= from && !(at > 0 && isHighSurrogate(text.charCodeAt(at - 1)));
    if (hasMark) this.#addUnits(text, from, at);
    this.#mark.first = this.#first;
    this.#mark.second = this.#second;
    this.#mark.rest = this.#rest;
    this.#mark.length = this.#length;
    this.#mark.units = hasMark ? before + at : -1;
    this.#addUnits(text, hasMark ? at : from, text.length);
    const first = Math.imul(this.#first ^ this.#rest, HIGH_FACTOR) ^ this.#length;
    const second = Math.imul(this.#second ^ this.#rest, LOW_FACTOR) ^ this.#length;
    this.high = mix(first ^ Math.imul(second, HIGH_FACTOR));
    this.low = mix(second ^ (first >>> 15));
  }

  #addUnits(text: string, from: number, to: number): void {
    for (let at = from; at < to;) {
      const end = pieceEnd(text, at, to);
      this.#add(text.slice(at, end));
      at = end;
    }
  }

  #add(piece: string): void {
    const left = this.#length % WORD_BYTES;
    words[0] = this.#rest;
    const added = put(piece, left);
    const end = left + added;
    const count = end >> 2;
    let first = this.#first;
    let second = this.#second;
    for (let i = 0; i < count; i++) {
      const word = words[i] ?? 0;
      first = Math.imul(first ^ word, HIGH_FACTOR);
      first = (first << 15) | (first >>> 17);
      second = Math.imul(second ^ word, LOW_FACTOR);
      second = (second << 13) | (second >>> 19);
    }
    let rest = 0;
    for (let i = count * WORD_BYTES; i < end; i++) {
      rest |= (scratch[i] ?? 0) << (8 * (i % WORD_BYTES));
    }
    this.#first = first;
    this.#second = second;
    this.#rest = rest;
    this.#length += added;
  }
}

/** The hash of a text as 16 hexadecimal digits. */
export function hashText(text: string): string {
  const hash = new TextHash();
  hash.update(text);
  return hex(hash.high) + hex(hash.low);
}

/** Writes a piece into the scratch; gives its bytes. A short one is cheaper to write here than to hand to the runtime. */
function put(piece: string, at: number): number {
  if (piece.length > SHORT_UNITS) return scratch.write(piece, at, "utf8");
  for (let i = 0; i < piece.length; i++) {
    const unit = piece.charCodeAt(i);
    if (unit > 0x7f) return scratch.write(piece, at, "utf8");
    scratch[at + i] = unit;
  }
  return piece.length;
}

/** Eight hexadecimal digits. */
function hex(value: number): string {
  return (value >>> 0).toString(16).padStart(8, "0");
}

/**
 * Whether a text begins with another one, and not in the middle of a character. Whole strings are compared as blocks of memory, which
 * `startsWith` is not.
 */
function goesOn(text: string, known: string): boolean {
  if (text.length < known.length) return false;
  const beginning = text.slice(0, known.length);
  return beginning === known && !isHighSurrogate(known.charCodeAt(known.length - 1));
}

/** Where a piece ends that starts at `from`: never between the halves of a character. */
function pieceEnd(text: string, from: number, to: number): number {
  const end = from + PIECE_UNITS;
  if (end >= to) return to;
  return isHighSurrogate(text.charCodeAt(end - 1)) ? end - 1 : end;
}

function isHighSurrogate(unit: number): boolean {
  return unit >= 0xd800 && unit < 0xdc00;
}

function mix(value: number): number {
  let mixed = Math.imul(value ^ (value >>> 16), LOW_START);
  mixed = Math.imul(mixed ^ (mixed >>> 13), LOW_FACTOR);
  return mixed ^ (mixed >>> 16);
}
