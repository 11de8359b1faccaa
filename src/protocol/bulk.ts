/** What the writer needs to write many items at once that are alike. */

/** msgpack tags of strings: up to 31 bytes within the tag, 8 bits, 16 bits, 32 bits. */
export const STRING_TAGS = {
  fix: 0xa0,
  fixEnd: 32,
  bits8: 0xd9,
  bits16: 0xda,
  bits32: 0xdb,
} as const;

/** Longer strings are written one by one: that costs little for what they are. */
const JOINED_UNITS = 0xfff;

/**
 * Strings with their msgpack headers as one text of characters below 256, of which each stands for a byte; undefined when one of
 * the items is no string, or too long, or not ASCII.
 */
export function joinedStrings(items: readonly unknown[]): string | undefined {
  let text = "";
  let headers = 0;
  for (const item of items) {
    if (typeof item !== "string" || item.length > JOINED_UNITS) return undefined;
    const header = (STRING_HEADERS[item.length] ??= stringHeader(item.length));
    text += header.text + item;
    headers += header.twoByteUnits;
  }
  // In UTF-8 the headers' characters from 128 on take two bytes each: any more that do are of the items.
  return Buffer.byteLength(text) === text.length + headers ? text : undefined;
}

/** Whether a value is an object as literals make them. */
export function isPlain(value: unknown): value is Record<string, unknown> {
  return (
    typeof value === "object" && value !== null && Object.getPrototypeOf(value) === Object.prototype
  );
}

/** The keys and values, in turn, of a plain object of strings, booleans and nulls; undefined when it is anything else. */
export function flatEntries(value: unknown): readonly unknown[] | undefined {
  if (!isPlain(value)) return undefined;
  const entries: unknown[] = [];
  for (const key in value) {
    const item = value[key];
    if (typeof item !== "string" && typeof item !== "boolean" && item !== null) return undefined;
    entries.push(key, item);
  }
  return entries;
}

/** Whether a value is a plain object of just these keys and values, in their order. */
export function hasEntries(value: unknown, entries: readonly unknown[]): boolean {
  if (!isPlain(value)) return false;
  let position = 0;
  for (const key in value) {
    if (key !== entries[position] || value[key] !== entries[position + 1]) return false;
    position += 2;
  }
  return position === entries.length;
}

/** A string's header as characters below 256, and how many of those take two bytes in UTF-8. */
interface StringHeader {
  readonly text: string;
  readonly twoByteUnits: number;
}

const STRING_HEADERS = new Array<StringHeader | undefined>(JOINED_UNITS + 1);

function stringHeader(length: number): StringHeader {
  const bytes =
    length < STRING_TAGS.fixEnd
      ? [STRING_TAGS.fix | length]
      : length < 0x100
        ? [STRING_TAGS.bits8, length]
        : [STRING_TAGS.bits16, length >> 8, length & 0xff];
  return {
    text: String.fromCharCode(...bytes),
    twoByteUnits: bytes.filter((byte) => byte > 0x7f).length,
  };
}
