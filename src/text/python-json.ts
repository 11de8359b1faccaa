import { pythonNumber } from "./python-number.ts";

/** What is no printable ASCII, the quote and the backslash. */
const NEEDS_ESCAPE = /[^\x20-\x7e]|["\\]/gu;
const SHORT: Readonly<Record<string, string>> = {
  '"': '\\"',
  "\\": "\\\\",
  "\n": "\\n",
  "\r": "\\r",
  "\t": "\\t",
  "\b": "\\b",
  "\f": "\\f",
};

/** Plain data as Python's `json.dumps` writes it by default: `", "` and `": "` between parts, other than ASCII escaped. */
export function pythonJson(value: unknown): string {
  if (typeof value === "string") return pythonJsonString(value);
  if (typeof value === "number") return pythonNumber(value);
  if (Array.isArray(value)) return `[${value.map(pythonJson).join(", ")}]`;
  if (typeof value !== "object" || value === null) return String(value);
  const entries = Object.entries(value).filter(([, item]) => item !== undefined);
  return `{${entries.map(([key, item]) => `${pythonJsonString(key)}: ${pythonJson(item)}`).join(", ")}}`;
}

function pythonJsonString(text: string): string {
  return `"${text.replace(NEEDS_ESCAPE, escape)}"`;
}

function escape(character: string): string {
  const short = SHORT[character];
  if (short !== undefined) return short;
  const units = Array.from({ length: character.length }, (_, i) => character.charCodeAt(i));
  return units.map((unit) => `\\u${unit.toString(16).padStart(4, "0")}`).join("");
}
