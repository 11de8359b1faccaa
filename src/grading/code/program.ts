/** Programs that tests run: what a model wrote, and what calls it. */
import { randomBytes } from "node:crypto";
import { Float64 } from "../../protocol/values.ts";
import { pythonFloat } from "../../text/python-number.ts";

/** A program, and a mark that it prints when it comes to its end; code can end it before. */
export interface MarkedProgram {
  readonly code: string;
  readonly mark: string;
}

/**
 * A program that calls a function of the code and prints the result as JSON after the mark.
 *
 * The expected result stays outside: the code runs in the program and could read it.
 */
export function callProgram(code: string, name: string, args: readonly unknown[]): MarkedProgram {
  const mark = newMark();
  const lines = [
    code,
    "",
    "def __gem_call():",
    "    import json, sys",
    `    args = json.loads(${pythonString(toJson(args))})`,
    `    name = ${pythonString(name)}`,
    "    found = globals().get(name)",
    "    if found is None: found = getattr(Solution(), name)",
    "    result = found(*args)",
    `    sys.stdout.write(${pythonString(`\n${mark}`)} + json.dumps(result, default=list) + "\\n")`,
    "__gem_call()",
    "",
  ];
  return { code: lines.join("\n"), mark };
}

/** A program in which a checking function gets a function of the code, and prints the mark if that returns; what the prompt defines is there. */
export function checkProgram(
  code: string,
  before: string,
  name: string,
  after: string,
): MarkedProgram {
  const mark = newMark();
  const isWhole = new RegExp(`^(?:async )?def ${escape(name)}\\b`, "m").test(code);
  const answer = isWhole ? `${withBody(before)}\n\n${code}` : before + indented(code);
  const end = `check(${name})\nprint(${pythonString(`\n${mark}`)})\n`;
  return { code: `${answer}\n\n${after}\n\n${end}`, mark };
}

/** A prompt that ends in a function; one that has not even a docstring gets a body. */
function withBody(prompt: string): string {
  return /:\s*$/.test(prompt) ? `${prompt.trimEnd()}\n    pass` : prompt;
}

function newMark(): string {
  return `result-${randomBytes(16).toString("hex")}:`;
}

/** A completion of a function's body whose first line lost its indentation, or whose lines have none. */
function indented(code: string): string {
  const [first = "", ...rest] = code.split("\n");
  if (/^\s/.test(first)) return code;
  const needsAll =
    rest.every((line) => line.trim() === "" || !line.startsWith("    ")) || hasFlatLine(rest);
  const indent = (line: string): string => (line.trim() === "" ? line : `    ${line}`);
  return [indent(first), ...(needsAll ? rest.map(indent) : rest)].join("\n");
}

function hasFlatLine(lines: readonly string[]): boolean {
  return lines.some((line) => /^\S/.test(line));
}

/** Text as a Python literal. */
export function pythonString(text: string): string {
  return JSON.stringify(text).replace(/[\u007f-\uffff]/g, (character) => {
    return `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;
  });
}

function toJson(value: unknown): string {
  if (value instanceof Float64) return pythonFloat(value.value);
  if (typeof value === "bigint") return value.toString();
  if (Array.isArray(value)) return `[${value.map(toJson).join(", ")}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  const entries = Object.entries(value).map(
    ([key, item]) => `${JSON.stringify(key)}: ${toJson(item)}`,
  );
  return `{${entries.join(", ")}}`;
}

function escape(name: string): string {
  return name.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
}
