import { createHash } from "node:crypto";
import { ClientRef, Float64, NdArray, Tuple } from "../protocol/values.ts";

/** The entry that a check writes into an info it was given: it must not turn up in the next one. */
export const MARK = "gem_check_mark";

const DEPTH = 60;
const SHOWN_UNITS = 300;

/**
 * A text that two values share when they are the same to whoever receives them: the order of keys does not matter, an object of the
 * client counts as any other, and `MARK` is left out.
 */
export function canonical(value: unknown, depth = 0): string {
  if (typeof value === "string") return JSON.stringify(value);
  if (typeof value === "number") return Object.is(value, -0) ? "-0" : String(value);
  if (typeof value === "function") return `<function ${value.name}>`;
  if (typeof value !== "object" || value === null) return String(value);
  if (depth > DEPTH) return "<too deep>";
  if (!isPlainObject(value)) return canonicalInstance(value, depth);
  const keys = Object.keys(value).filter((key) => key !== MARK);
  const entries = keys.sort().map((key) => `${key}:${canonical(value[key], depth + 1)}`);
  return `{${entries.join(",")}}`;
}

function canonicalInstance(value: object, depth: number): string {
  const list = (items: readonly unknown[]): string =>
    items.map((item) => canonical(item, depth + 1)).join(",");
  if (Array.isArray(value)) return `[${list(value)}]`;
  if (value instanceof Float64) return canonical(value.value);
  if (value instanceof Tuple) return `(${list(value.items)})`;
  if (value instanceof Set) return `set(${list([...value])})`;
  if (value instanceof Map) return `map(${list([...value].flat(1))})`;
  if (value instanceof NdArray) {
    return `${value.dtype}[${value.shape.join("x")}](${value.data.join()})`;
  }
  if (ArrayBuffer.isView(value)) {
    const bytes = Buffer.from(value.buffer, value.byteOffset, value.byteLength);
    return `${nameOfClass(value)}(${bytes.toString("hex")})`;
  }
  return `<${nameOfClass(value)}>`;
}

/** The path to the first thing in a value that is no plain data, and what it is; undefined when all of it is. */
export function foreignIn(value: unknown, path: string, depth = 0): string | undefined {
  if (typeof value === "function" || typeof value === "symbol")
    return `${path} is a ${typeof value}`;
  if (typeof value !== "object" || value === null) return undefined;
  if (depth > DEPTH) return `${path} is nested deeper than ${DEPTH} levels`;
  if (value instanceof ClientRef) return `${path} is an object that is no builtin`;
  for (const [name, item] of parts(value) ?? []) {
    const found = foreignIn(item, `${path}${name}`, depth + 1);
    if (found !== undefined) return found;
  }
  return parts(value) === undefined ? `${path} is a ${nameOfClass(value)}` : undefined;
}

/** The parts of plain data with their names, or undefined of anything else. */
function parts(value: object): readonly (readonly [name: string, item: unknown])[] | undefined {
  const numbered = (items: readonly unknown[]): [string, unknown][] =>
    items.map((item, index) => [`[${String(index)}]`, item]);
  if (Array.isArray(value)) return numbered(value);
  if (value instanceof Tuple) return numbered(value.items);
  if (value instanceof Set) return numbered([...value]);
  if (value instanceof Map) return numbered([...value].flat(1));
  if (value instanceof Float64 || value instanceof NdArray || ArrayBuffer.isView(value)) return [];
  if (!isPlainObject(value)) return undefined;
  return Object.entries(value).map(([key, item]) => [`.${key}`, item]);
}

/** Whether a value is an object literal. */
export function isPlainObject(value: unknown): value is Record<string, unknown> {
  if (typeof value !== "object" || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

/** A text cut to what a report can show. */
export function shorten(text: string): string {
  if (text.length <= SHOWN_UNITS) return text;
  return `${text.slice(0, SHOWN_UNITS)}… (${String(text.length)} characters)`;
}

/** A short name for what was said: the first 16 hexadecimal digits of its SHA-256. */
export function digest(texts: readonly string[]): string {
  return createHash("sha256").update(JSON.stringify(texts)).digest("hex").slice(0, 16);
}

function nameOfClass(value: object): string {
  const { constructor } = value as { readonly constructor?: unknown };
  return typeof constructor === "function" && constructor.name !== ""
    ? constructor.name
    : "object of a class of its own";
}
