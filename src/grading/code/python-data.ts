/** JSON as Python reads it: integers of any size, floats that stay floats. */
import { Float64 } from "../../protocol/values.ts";
import { pythonFloat, pythonNumber } from "../../text/python-number.ts";

const PIECE = /"(?:[^"\\]|\\.)*"|-?\d+(?:\.\d+)?(?:e[+-]?\d+)?/gi;
const NUMBER_KEY = "\0number";

/** Parses JSON: numbers become `number` (safe integers), `bigint` or `Float64`. @throws SyntaxError when it is none */
export function parsePythonJson(text: string): unknown {
  const marked = text.replace(PIECE, (piece) =>
    piece.startsWith('"') || isPlain(piece) ? piece : `{"\\u0000number":"${piece}"}`,
  );
  return JSON.parse(marked, (_, value: unknown) => {
    if (typeof value !== "object" || value === null || !(NUMBER_KEY in value)) return value;
    return readNumber(String(value[NUMBER_KEY]));
  });
}

/** What Python's `str` makes of a value that is no container. */
export function pythonStr(value: unknown): string {
  if (typeof value === "string") return value;
  if (typeof value === "number") return pythonNumber(value);
  if (value instanceof Float64) return pythonFloat(value.value);
  if (typeof value === "boolean") return value ? "True" : "False";
  if (typeof value === "bigint") return value.toString();
  return value === null || value === undefined ? "None" : JSON.stringify(value);
}

/** Whether two values are equal in Python, where tuples count as lists: 1 equals 1.0 and True. */
export function areEqual(a: unknown, b: unknown): boolean {
  if (Array.isArray(a) && Array.isArray(b))
    return a.length === b.length && a.every((item, i) => areEqual(item, b[i]));
  if (isMap(a) && isMap(b)) {
    const keys = Object.keys(a);
    return (
      keys.length === Object.keys(b).length &&
      keys.every((key) => Object.hasOwn(b, key) && areEqual(a[key], b[key]))
    );
  }
  const [x, y] = [numeric(a), numeric(b)];
  if (x === undefined || y === undefined) return a === b;
  // Loose equality compares a bigint with a number by value.
  return typeof x === typeof y ? x === y : x == y;
}

function isPlain(piece: string): boolean {
  return /^-?\d{1,15}$/.test(piece);
}

function readNumber(text: string): bigint | Float64 {
  return /^-?\d+$/.test(text) ? BigInt(text) : new Float64(Number(text));
}

function numeric(value: unknown): number | bigint | undefined {
  if (typeof value === "number" || typeof value === "bigint") return value;
  if (typeof value === "boolean") return value ? 1 : 0;
  return value instanceof Float64 ? value.value : undefined;
}

function isMap(value: unknown): value is Record<string, unknown> {
  return (
    typeof value === "object" && value !== null && Object.getPrototypeOf(value) === Object.prototype
  );
}
