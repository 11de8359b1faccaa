import { readFileSync } from "node:fs";
import { TYPED_ARRAYS } from "../../../src/protocol/extensions.ts";
import { ClientRef, Float64, NdArray, Tuple } from "../../../src/protocol/values.ts";

/** A golden frame: bytes in hex, and what they mean as JSON with `{"$": tag, …}` for what JSON cannot say. */
export interface GoldenFrame {
  readonly name: string;
  readonly hex: string;
  readonly meaning: unknown;
}

/** A frame that must be refused, and a part of the reason. */
export interface RefusedFrame {
  readonly name: string;
  readonly hex: string;
  readonly reason: string;
}

/** The frames of `tests/fixtures/wire/<name>.json`. */
export function goldenFrames(name: "values" | "client" | "server"): readonly GoldenFrame[] {
  return readFixture(name) as readonly GoldenFrame[];
}

/** The frames of `tests/fixtures/wire/refused.json`. */
export function refusedFrames(): readonly RefusedFrame[] {
  return readFixture("refused") as readonly RefusedFrame[];
}

function readFixture(name: string): unknown {
  const url = new URL(`../../fixtures/wire/${name}.json`, import.meta.url);
  return JSON.parse(readFileSync(url, "utf8"));
}

type Tagged = Readonly<Record<string, unknown>> & { readonly $: string };

/** The value to encode. */
export function valueOf(meaning: unknown): unknown {
  return convert(meaning, (value) => new Float64(value));
}

/** The value that decoding gives: a plain float has become a number. */
export function decodedOf(meaning: unknown): unknown {
  return convert(meaning, (value) => value);
}

function convert(meaning: unknown, float: (value: number) => unknown): unknown {
  if (typeof meaning !== "object" || meaning === null) return meaning;
  if (Array.isArray(meaning)) return meaning.map((item) => convert(item, float));
  if ("$" in meaning) return convertTagged(meaning as Tagged, float);
  return Object.fromEntries(
    Object.entries(meaning).map(([key, value]) => [key, convert(value, float)]),
  );
}

function convertTagged(tagged: Tagged, float: (value: number) => unknown): unknown {
  const items = (): unknown[] => convert(tagged["items"], float) as unknown[];
  const bytes = (): Uint8Array<ArrayBuffer> =>
    Uint8Array.from(Buffer.from(String(tagged["hex"]), "hex"));
  switch (tagged.$) {
    case "float":
      return float(numberOf(tagged["value"]));
    case "lasting_float":
      return new Float64(numberOf(tagged["value"]));
    case "int":
      return integerOf(String(tagged["value"]));
    case "bytes":
      return bytes();
    case "set":
      return new Set(items());
    case "tuple":
      return new Tuple(items());
    case "ndarray":
      return new NdArray(tagged["dtype"] as "int64", tagged["shape"] as number[], bytes());
    case "ref":
      return new ClientRef(Number(tagged["ref"]));
    case "map":
      return new Map(pairs(items()));
    case "typed":
      return typedArray(String(tagged["kind"]), bytes());
    default:
      throw new Error(`The fixture has an unknown tag ${tagged.$}.`);
  }
}

function numberOf(text: unknown): number {
  if (text === "nan") return Number.NaN;
  return text === "inf" ? Number.POSITIVE_INFINITY : Number(text);
}

function integerOf(text: string): number | bigint {
  const number = Number(text);
  return Number.isSafeInteger(number) ? number : BigInt(text);
}

function pairs(items: readonly unknown[]): [unknown, unknown][] {
  return Array.from({ length: items.length / 2 }, (_, i) => [items[2 * i], items[2 * i + 1]]);
}

function typedArray(kind: string, bytes: Uint8Array<ArrayBuffer>): unknown {
  const constructor = TYPED_ARRAYS.get(kind.charCodeAt(0));
  if (constructor === undefined)
    throw new Error(`The fixture has an unknown element kind ${kind}.`);
  return new constructor(bytes.buffer);
}
