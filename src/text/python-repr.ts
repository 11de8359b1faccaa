import { pythonFloat } from "./python-number.ts";

/** How deep values may lie; deeper ones are no data that a model can read. */
const MAX_DEPTH = 200;
const SPACE = /[\t\n\r ]*/y;
const STRING = /"(?:[^"\\]|\\.)*"/y;
const NUMBER = /-?\d+(?:\.\d+)?(?:e[+-]?\d+)?/iy;
const WORDS: readonly (readonly [string, string])[] = [
  ["true", "True"],
  ["false", "False"],
  ["null", "None"],
];

/**
 * What Python's `repr` shows of what its `json.loads` makes of a text: `{'a': [1, 2.0, None]}`. Numbers keep what the text says of them:
 * `2.0` stays a float, and integers may have any size.
 *
 * @returns undefined when the text is no JSON, or nested more than 200 deep
 */
export function pythonReprOfJson(text: string): string | undefined {
  const reader = new Reader(text);
  const shown = reader.value(0);
  return shown === undefined || !reader.isAtEnd() ? undefined : shown;
}

/** Reads JSON from the left; a method gives undefined where it finds something else. */
class Reader {
  readonly #text: string;
  #position = 0;

  constructor(text: string) {
    this.#text = text;
  }

  isAtEnd(): boolean {
    this.#match(SPACE);
    return this.#position === this.#text.length;
  }

  value(depth: number): string | undefined {
    if (depth > MAX_DEPTH) return undefined;
    this.#match(SPACE);
    const first = this.#text.charAt(this.#position);
    if (first === "{") return this.#items("}", depth, true);
    if (first === "[") return this.#items("]", depth, false);
    if (first === '"') return this.#string();
    const word = WORDS.find(([json]) => this.#text.startsWith(json, this.#position));
    if (word === undefined) return this.#number();
    this.#position += word[0].length;
    return word[1];
  }

  #items(close: "}" | "]", depth: number, isObject: boolean): string | undefined {
    const open = isObject ? "{" : "[";
    this.#position += 1;
    if (this.#takes(close)) return open + close;
    // Of entries with one key the last counts, at the place of the first.
    const items = new Map<string, string>();
    do {
      const key = isObject ? this.#key() : String(items.size);
      const value = key === undefined ? undefined : this.value(depth + 1);
      if (key === undefined || value === undefined) return undefined;
      items.set(key, value);
    } while (this.#takes(","));
    if (!this.#takes(close)) return undefined;
    const shown = isObject ? [...items].map(([key, value]) => `${key}: ${value}`) : items.values();
    return open + [...shown].join(", ") + close;
  }

  #key(): string | undefined {
    this.#match(SPACE);
    const key = this.#string();
    return key !== undefined && this.#takes(":") ? key : undefined;
  }

  #string(): string | undefined {
    const text = this.#match(STRING)?.[0];
    if (text === undefined) return undefined;
    try {
      const value: unknown = JSON.parse(text);
      return typeof value === "string" ? pythonReprOfString(value) : undefined;
    } catch {
      return undefined;
    }
  }

  #number(): string | undefined {
    const match = this.#match(NUMBER);
    if (match === undefined) return undefined;
    const [text] = match;
    const isInteger = /^-?\d+$/.test(text);
    return isInteger ? BigInt(text).toString() : pythonFloat(Number(text));
  }

  #takes(character: string): boolean {
    this.#match(SPACE);
    if (this.#text.charAt(this.#position) !== character) return false;
    this.#position += 1;
    return true;
  }

  #match(pattern: RegExp): RegExpExecArray | undefined {
    pattern.lastIndex = this.#position;
    const match = pattern.exec(this.#text);
    if (match === null) return undefined;
    this.#position += match[0].length;
    return match;
  }
}

const ESCAPES: Readonly<Record<string, string>> = { "\n": "\\n", "\r": "\\r", "\t": "\\t" };
/** What Python does not count as printable; the space is. */
const NOT_PRINTABLE = /[\p{C}\p{Zl}\p{Zp}]|(?! )\p{Zs}/gu;

/** What Python's `repr` shows of a string. */
export function pythonReprOfString(text: string): string {
  const quote = text.includes("'") && !text.includes('"') ? '"' : "'";
  const escaped = text
    .replaceAll("\\", "\\\\")
    .replaceAll(quote, `\\${quote}`)
    .replace(NOT_PRINTABLE, escapeCharacter);
  return quote + escaped + quote;
}

function escapeCharacter(character: string): string {
  const short = ESCAPES[character];
  if (short !== undefined) return short;
  const code = character.codePointAt(0) ?? 0;
  const hex = code.toString(16);
  if (code < 0x100) return `\\x${hex.padStart(2, "0")}`;
  return code < 0x1_0000 ? `\\u${hex.padStart(4, "0")}` : `\\U${hex.padStart(8, "0")}`;
}
