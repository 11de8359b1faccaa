/** Values of any kind as JSON and back: options, attributes, arguments. */
import { decode, encode } from "../protocol/codec.ts";
import { ClientRef } from "../protocol/values.ts";

/** What stands for a value that JSON has no form for: a frame of the wire protocol in base64. */
const PACKED = "$packed";

/** What stands for a value that cannot be written down, and says what it was. */
const OBJECT = "$object";

/** Longer lists in options are rows of data rather than settings. */
const LONGEST_LIST = 1000;

/** A value that a recording could not hold. */
export class Unrecorded {
  /** What it was. */
  readonly what: string;

  constructor(what: string) {
    this.what = what;
  }
}

/** A value as JSON. What has no form there is packed, or only named. */
export function toPlain(value: unknown): unknown {
  if (value === null || typeof value === "string" || typeof value === "boolean") return value;
  if (typeof value === "number") return isPlainNumber(value) ? value : pack(value);
  if (typeof value === "bigint") return pack(value);
  if (value === undefined) return null;
  if (Array.isArray(value)) return value.map(toPlain);
  if (isRecord(value)) {
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, toPlain(item)]));
  }
  if (value instanceof ClientRef) return { [OBJECT]: "an object of the client" };
  return pack(value);
}

/** Options as JSON; a list too long to be repeated for every environment is only named. */
export function toPlainOptions(options: Readonly<Record<string, unknown>>): unknown {
  const entries = Object.entries(options).map(([name, value]) => {
    const isLong = Array.isArray(value) && value.length > LONGEST_LIST;
    return [name, isLong ? { [OBJECT]: `a list of ${String(value.length)}` } : toPlain(value)];
  });
  return Object.fromEntries(entries) as unknown;
}

/** What `toPlain` was given; what it could not hold is an `Unrecorded`. */
export function fromPlain(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(fromPlain);
  if (!isRecord(value)) return value;
  const { [PACKED]: packed, [OBJECT]: object } = value;
  if (typeof packed === "string") return unpack(packed);
  if (typeof object === "string") return new Unrecorded(object);
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, fromPlain(item)]));
}

/** The first thing in a value that a recording could not hold. */
export function findUnrecorded(value: unknown): Unrecorded | undefined {
  if (value instanceof Unrecorded) return value;
  if (typeof value !== "object" || value === null) return undefined;
  for (const item of Object.values(value)) {
    const found = findUnrecorded(item);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** A value as a frame in base64. @throws TypeError, GEM_LIMIT as `encode` does */
export function packText(value: unknown): string {
  return encode(value).toString("base64");
}

/** What `packText` was given. @throws GEM_BAD_FRAME */
export function unpack(text: string): unknown {
  return decode(Buffer.from(text, "base64"));
}

function pack(value: unknown): unknown {
  try {
    return { [PACKED]: packText(value) };
  } catch {
    const name = (value as object | null)?.constructor.name ?? typeof value;
    return { [OBJECT]: typeof value === "function" ? "a function" : `a ${name}` };
  }
}

function isPlainNumber(value: number): boolean {
  return Number.isFinite(value) && !Object.is(value, -0);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return (
    typeof value === "object" && value !== null && Object.getPrototypeOf(value) === Object.prototype
  );
}
