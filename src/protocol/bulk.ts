/** Many values at once, as one text of characters below 256 of which each stands for a byte. */
import { FLOAT_KEYS } from "./values.ts";

/** msgpack tags of strings: up to 31 bytes within the tag, 8 bits, 16 bits, 32 bits. */
export const STRING_TAGS = {
  fix: 0xa0,
  fixEnd: 32,
  bits8: 0xd9,
  bits16: 0xda,
  bits32: 0xdb,
} as const;

/** Longer strings are written one by one: that costs little for what they are. */
const STRING_UNITS = 0xfff;
const TEXT_UNITS = 0x1_0000;
const MAP_FIX = 0x80;
const MAP_ENTRIES = 15;
/** Levels of nesting within the array at most: an object, and one in it. Deeper ones are rare. */
export const BULK_DEPTH = 2;

/** Characters of a `BulkText` that take two bytes in UTF-8, of those that are no content. */
let wideUnits = 0;

/**
 * Strings or plain objects of strings (and of the constants, small integers and objects of the same) in msgpack; undefined when one
 * is anything else, or when they are too long, or not ASCII. To join and write short texts costs a fraction of writing each of them.
 */
export function bulkText(items: readonly unknown[]): string | undefined {
  wideUnits = 0;
  const text = typeof items[0] === "string" ? stringsText(items) : objectsText(items);
  // In UTF-8 the wide characters take two bytes each: any more that do are of the content.
  if (text === undefined || Buffer.byteLength(text) !== text.length + wideUnits) return undefined;
  return text;
}

function stringsText(items: readonly unknown[]): string | undefined {
  // Mostly all are in one language: what is not ASCII is not joined in vain.
  const [first] = items;
  if (typeof first !== "string" || Buffer.byteLength(first) !== first.length) return undefined;
  let text = "";
  for (const item of items) {
    if (typeof item !== "string" || item.length > STRING_UNITS || text.length > TEXT_UNITS)
      return undefined;
    text += headerOf(item) + item;
  }
  return text;
}

function objectsText(items: readonly unknown[]): string | undefined {
  let text = "";
  let position = 0;
  // The newest flat object, of which others are mostly copies.
  let entries: readonly unknown[] | undefined;
  let copy = "";
  let copyWideUnits = 0;
  while (position < items.length) {
    const start = position;
    if (entries !== undefined) {
      while (position < items.length && hasEntries(items[position], entries)) position++;
    }
    if (position > start) {
      text += copy.repeat(position - start);
      wideUnits += copyWideUnits * (position - start);
      continue;
    }
    const item = items[position++];
    const before = wideUnits;
    const itemText = objectText(item, BULK_DEPTH);
    if (itemText === undefined || text.length > TEXT_UNITS) return undefined;
    text += itemText;
    const own = flatEntries(item);
    if (own === undefined) continue;
    entries = own;
    copyWideUnits = wideUnits - before;
    // To read a character makes it one piece of memory, which is then copied as one.
    copy = itemText.charCodeAt(0) > 0 ? itemText : "";
  }
  return text;
}

function objectText(value: unknown, depth: number): string | undefined {
  if (!isPlain(value) || depth === 0) return undefined;
  let text = "";
  let count = 0;
  for (const key in value) {
    const item = valueText(value[key], key, depth);
    if (item === undefined || key.length > STRING_UNITS) return undefined;
    text += headerOf(key) + key + item;
    count += 1;
  }
  if (count > MAP_ENTRIES) return undefined;
  wideUnits += 1;
  return String.fromCharCode(MAP_FIX | count) + text;
}

function valueText(value: unknown, key: string, depth: number): string | undefined {
  switch (typeof value) {
    case "string":
      return value.length > STRING_UNITS ? undefined : headerOf(value) + value;
    case "boolean":
      wideUnits += 1;
      return value ? "\xc3" : "\xc2";
    case "number":
      return isSmall(value) && !FLOAT_KEYS.has(key) ? String.fromCharCode(value) : undefined;
    case "object":
      if (value !== null) return objectText(value, depth - 1);
      wideUnits += 1;
      return "\xc0";
    default:
      return undefined;
  }
}

function isSmall(value: number): boolean {
  return value >= 0 && value < 0x80 && Number.isInteger(value) && !Object.is(value, -0);
}

/** Whether a value is an object as literals make them. */
export function isPlain(value: unknown): value is Record<string, unknown> {
  return (
    typeof value === "object" && value !== null && Object.getPrototypeOf(value) === Object.prototype
  );
}

/** The keys and values, in turn, of a plain object of strings, booleans and nulls; undefined when it is anything else. */
function flatEntries(value: unknown): readonly unknown[] | undefined {
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
function hasEntries(value: unknown, entries: readonly unknown[]): boolean {
  if (!isPlain(value)) return false;
  let position = 0;
  for (const key in value) {
    if (key !== entries[position] || value[key] !== entries[position + 1]) return false;
    position += 2;
  }
  return position === entries.length;
}

/** A string's header, and how many of its characters take two bytes in UTF-8. */
interface Header {
  readonly text: string;
  readonly wideUnits: number;
}

const HEADERS = new Array<Header | undefined>(STRING_UNITS + 1);

/** The header of a string that is not too long. */
function headerOf({ length }: string): string {
  const header = (HEADERS[length] ??= newHeader(length));
  wideUnits += header.wideUnits;
  return header.text;
}

function newHeader(length: number): Header {
  const bytes =
    length < STRING_TAGS.fixEnd
      ? [STRING_TAGS.fix | length]
      : length < 0x100
        ? [STRING_TAGS.bits8, length]
        : [STRING_TAGS.bits16, length >> 8, length & 0xff];
  return {
    text: String.fromCharCode(...bytes),
    wideUnits: bytes.filter((byte) => byte > 0x7f).length,
  };
}
